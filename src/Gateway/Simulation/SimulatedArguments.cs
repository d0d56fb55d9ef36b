using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>
/// Makes arguments that fit a tool's JSON Schema: <c>const</c>, <c>enum</c>, <c>default</c>, types, lengths, bounds, common formats, local
/// <c>$ref</c>, <c>anyOf</c>, <c>oneOf</c>. Patterns, <c>allOf</c> and conditions are not understood: such a tool needs arguments from the user message.
/// </summary>
internal static class SimulatedArguments
{
    // Past this depth only required members are made, past the second one none: a schema may refer to itself.
    private const int OptionalDepth = 3;
    private const int MaxDepth = 12;
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON object that <paramref name="text"/> starts with (after white space), or null.</summary>
    public static string? TryReadObject(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        if (text.IsEmpty || text[0] != '{')
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var reader = new Utf8JsonReader(bytes);
        try
        {
            reader.Read();
            reader.Skip();
            return Encoding.UTF8.GetString(bytes.AsSpan(0, (int)reader.BytesConsumed));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An object that fits <paramref name="schema"/>, as JSON text.</summary>
    public static string Fit(JsonElement schema) =>
        (Value(schema, schema, 0) as JsonObject ?? []).ToJsonString(Options);

    private static JsonNode? Value(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return new JsonObject();
        }

        if (Member(schema, "const") is { } constant)
        {
            return JsonNode.Parse(constant.GetRawText());
        }

        if (Member(schema, "enum") is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() > 0)
        {
            return JsonNode.Parse(values[0].GetRawText());
        }

        if (Member(schema, "default") is { } preset)
        {
            return JsonNode.Parse(preset.GetRawText());
        }

        return Referred(schema, root) is { } other ? Value(other, root, depth + 1) : Typed(schema, root, depth);
    }

    private static JsonElement? Referred(JsonElement schema, JsonElement root)
    {
        foreach (var name in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (Member(schema, name) is { ValueKind: JsonValueKind.Array } options && options.GetArrayLength() > 0)
            {
                return options[0];
            }
        }

        if (Member(schema, "$ref") is not { ValueKind: JsonValueKind.String } reference || reference.GetString() is not ['#', .. var path])
        {
            return null;
        }

        JsonElement? target = root;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            target = target is { ValueKind: JsonValueKind.Object } here ? Member(here, step) : null;
        }

        return target;
    }

    private static JsonNode? Typed(JsonElement schema, JsonElement root, int depth) => TypeOf(schema) switch
    {
        "string" => JsonValue.Create(Text(schema)),
        "integer" => JsonValue.Create((long)Number(schema, 1)),
        "number" => JsonValue.Create(Number(schema, 1)),
        "boolean" => JsonValue.Create(true),
        "null" => null,
        "array" => Items(schema, root, depth),
        _ => Members(schema, root, depth),
    };

    private static string TypeOf(JsonElement schema) => Member(schema, "type") switch
    {
        { ValueKind: JsonValueKind.String } one => one.GetString()!,
        { ValueKind: JsonValueKind.Array } several when several.GetArrayLength() > 0 && several[0].ValueKind == JsonValueKind.String => several[0].GetString()!,
        _ => Member(schema, "items") is null ? "object" : "array",
    };

    private static JsonObject Members(JsonElement schema, JsonElement root, int depth)
    {
        var made = new JsonObject();
        if (Member(schema, "properties") is not { ValueKind: JsonValueKind.Object } properties)
        {
            return made;
        }

        var required = Member(schema, "required") is { ValueKind: JsonValueKind.Array } names
            ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var property in properties.EnumerateObject())
        {
            if (depth < OptionalDepth || required.Contains(property.Name))
            {
                made[property.Name] = Value(property.Value, root, depth + 1);
            }
        }

        return made;
    }

    private static JsonArray Items(JsonElement schema, JsonElement root, int depth)
    {
        var made = new JsonArray();
        var item = Member(schema, "items");
        var count = Math.Min(Math.Max(Bound(schema, "minItems") ?? 1, 0), Bound(schema, "maxItems") ?? 1);
        for (var index = 0; item is { } one && index < Math.Min(count, 100); index++)
        {
            made.Add(Value(one, root, depth + 1));
        }

        return made;
    }

    private static string Text(JsonElement schema)
    {
        var format = Member(schema, "format") is { ValueKind: JsonValueKind.String } named ? named.GetString() : null;
        var text = format switch
        {
            "email" => "someone@example.com",
            "uri" or "url" => "https://example.com/",
            "date" => "2026-01-01",
            "date-time" => "2026-01-01T00:00:00Z",
            "time" => "12:00:00Z",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            "ipv4" => "192.0.2.1",
            "hostname" => "example.com",
            _ => "example",
        };
        var shortest = (int)Math.Min(Bound(schema, "minLength") ?? 0, 1000);
        var longest = (int)Math.Min(Bound(schema, "maxLength") ?? int.MaxValue, int.MaxValue);
        text = text.PadRight(Math.Max(shortest, 0), 'x');
        return text.Length > longest ? text[..Math.Max(longest, 0)] : text;
    }

    private static decimal Number(JsonElement schema, decimal preferred)
    {
        var low = Bound(schema, "minimum") ?? Bound(schema, "exclusiveMinimum") + 1;
        var high = Bound(schema, "maximum") ?? Bound(schema, "exclusiveMaximum") - 1;
        var value = low > preferred ? low.Value : preferred;
        value = high < value ? high.Value : value;
        return Bound(schema, "multipleOf") is { } step && step > 0 ? Math.Ceiling(value / step) * step : value;
    }

    private static decimal? Bound(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.Number } number
        && decimal.TryParse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) ? value : null;
}
