namespace Gateway.Core.Formats.Json;

/// <summary>
/// The words of the JSON Schema language (draft 2020-12 and draft 7) as they stand in tool schemas. They are the same in every schema, so
/// they carry no text of the author's and yield no segments. Everything else does, names of properties above all.
/// </summary>
internal static class SchemaWords
{
    /// <summary>Keywords.</summary>
    public static NameTable Keywords { get; } = new([
        "type", "properties", "required", "items", "additionalProperties", "description", "title", "enum", "const", "default", "examples",
        "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems",
        "maxItems", "uniqueItems", "minProperties", "maxProperties", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "prefixItems",
        "contains", "patternProperties", "propertyNames", "$defs", "definitions", "dependentSchemas", "dependentRequired", "$ref", "$schema",
        "$id", "$anchor", "$comment", "nullable", "readOnly", "writeOnly", "deprecated", "strict", "unevaluatedProperties", "unevaluatedItems",
    ]);

    /// <summary>Keywords whose value is an object with names of the author's.</summary>
    public static NameTable Maps { get; } = new(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependentRequired"]);

    /// <summary>Values of <c>type</c>; protocol buffers spell them in upper case.</summary>
    public static NameTable Types { get; } = new([
        "object", "array", "string", "integer", "number", "boolean", "null", "OBJECT", "ARRAY", "STRING", "INTEGER", "NUMBER", "BOOLEAN", "NULL",
    ]);
}
