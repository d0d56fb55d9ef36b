using System.Text.Json.Nodes;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies.Effective;

/// <summary>Which keys must be there: everything that the shapes require where nothing is inherited, and what a policy in force has to say.</summary>
internal static class SchemaRequirements
{
    public static JsonArray Of(ShapeDescription document)
    {
        var whole = Required(document, "") ?? new JsonObject();
        return new JsonArray(
            new JsonObject
            {
                ["if"] = IsAbstract(),
                ["then"] = new JsonObject { ["properties"] = new JsonObject { ["tenants"] = false, ["appliesTo"] = false } },
                ["else"] = new JsonObject { ["anyOf"] = new JsonArray(SchemaParts.Requires("tenants"), SchemaParts.Requires("appliesTo")) },
            },
            new JsonObject { ["if"] = SchemaParts.Requires("extends"), ["else"] = whole },
            new JsonObject
            {
                ["if"] = new JsonObject { ["anyOf"] = new JsonArray(IsAbstract(), SchemaParts.Requires("extends")) },
                ["else"] = new JsonObject
                {
                    ["required"] = SchemaParts.Words("models"),
                    ["properties"] = new JsonObject { ["models"] = SchemaParts.Requires("allow") },
                },
            });
    }

    private static JsonObject IsAbstract() => new()
    {
        ["properties"] = new JsonObject { ["abstract"] = new JsonObject { ["const"] = true } },
        ["required"] = SchemaParts.Words("abstract"),
    };

    // Keywords about members say nothing of a value of another kind, so one part serves lists and changes of lists alike.
    private static JsonObject? Required(ShapeDescription shape, string pattern)
    {
        switch (shape)
        {
            case MapDescription map:
                return OfMap(map, pattern);
            case ListDescription list when Required(list.Item, $"{pattern}[]") is { } item:
                return new JsonObject
                {
                    ["items"] = item,
                    ["properties"] = new JsonObject { ["add"] = new JsonObject { ["items"] = item.DeepClone() } },
                };
            case NamedDescription named when Required(named.Item, $"{pattern}[]") is { } item:
                return new JsonObject { ["additionalProperties"] = item };
            default:
                return null;
        }
    }

    private static JsonObject? OfMap(MapDescription map, string pattern)
    {
        var schema = new JsonObject();
        string[] keys = [.. map.Fields.Where(field => field.IsRequired).Select(field => field.Key)];
        if (keys.Length > 0)
        {
            schema["required"] = SchemaParts.Words(keys);
        }

        if (pattern == "guards.content[]")
        {
            schema["oneOf"] = new JsonArray(SchemaParts.Requires("match"), SchemaParts.Requires("terms"));
        }

        List<KeyValuePair<string, JsonNode?>> members = [];
        foreach (var field in map.Fields)
        {
            if (Required(field.Shape, pattern.Length == 0 ? field.Key : $"{pattern}.{field.Key}") is { } member)
            {
                members.Add(new(field.Key, member));
            }
        }

        if (members.Count > 0)
        {
            schema["properties"] = new JsonObject(members);
        }

        return schema.Count > 0 ? schema : null;
    }
}
