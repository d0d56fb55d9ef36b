using System.Text.Json.Nodes;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies.Effective;

/// <summary>Pieces of the schema.</summary>
internal static class SchemaParts
{
    public static JsonArray Words(params IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    public static JsonObject Requires(params string[] keys) => new() { ["required"] = Words(keys) };

    /// <summary>The keywords of a single value.</summary>
    public static void DescribeValue(JsonObject schema, ShapeDescription shape)
    {
        switch (shape)
        {
            case WordDescription words:
                schema["enum"] = Words(words.Words);
                break;
            case WholeDescription whole:
                (schema["type"], schema["minimum"], schema["maximum"]) = ("integer", whole.Least, whole.Most);
                break;
            case TextDescription text:
                // Schemas count characters, the shapes UTF-16 units, of which there are as many or more.
                (schema["type"], schema["minLength"], schema["maxLength"]) = ("string", 1, text.Most);
                if (text.Pattern is not null)
                {
                    schema["pattern"] = text.Pattern;
                }

                break;
            case FlagDescription:
                schema["type"] = "boolean";
                break;
            default:
                throw new InvalidOperationException($"{shape.GetType().Name} is no single value");
        }
    }

    /// <summary>What may stand in the place of an inherited list. What is inherited already may be added again, so repetitions are not refused.</summary>
    public static JsonObject Edit(int most, JsonNode item) => new()
    {
        ["description"] = "A change of the inherited list.",
        ["type"] = "object",
        ["minProperties"] = 1,
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["add"] = new JsonObject { ["description"] = "What is added.", ["type"] = "array", ["minItems"] = 1, ["maxItems"] = most, ["items"] = item },
            ["remove"] = new JsonObject
            {
                ["description"] = "What is taken away, by name or id.",
                ["type"] = "array",
                ["minItems"] = 1,
                ["items"] = new JsonObject { ["type"] = Words("string", "number", "boolean", "null") },
            },
        },
    };

    /// <summary>An inherited rule that is taken away.</summary>
    public static JsonObject Removal() => new()
    {
        ["description"] = "Takes the inherited rule of this id away.",
        ["type"] = "object",
        ["required"] = Words("id", "remove"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject { ["id"] = new JsonObject { ["type"] = "string" }, ["remove"] = new JsonObject { ["const"] = true } },
    };
}
