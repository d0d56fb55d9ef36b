using System.Text.Json.Nodes;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Merging;

namespace Gateway.Core.Policies.Effective;

/// <summary>What each value may be. Which keys must be there depends on what the document extends, and is said elsewhere.</summary>
internal sealed class SchemaValues(IReadOnlyDictionary<string, string> defaults)
{
    public void Describe(JsonObject schema, ShapeDescription shape, string pattern, MergePlan plan)
    {
        switch (shape)
        {
            case MapDescription map:
                schema["type"] = "object";
                schema["additionalProperties"] = false;
                schema["properties"] = new JsonObject([.. map.Fields.Select(field =>
                    KeyValuePair.Create(field.Key, (JsonNode?)Of(field.Shape, pattern.Length == 0 ? field.Key : $"{pattern}.{field.Key}", plan.For(field.Key))))]);
                break;
            case ListDescription list when plan.Kind == MergeKind.Value:
                // Rules and names are told apart; of two equal locks one is enough, and the other no mistake.
                DescribeList(schema, list, Of(list.Item, $"{pattern}[]", plan), isUnique: pattern != "locked");
                break;
            case ListDescription list:
                schema["anyOf"] = Edited(list, Member(list, pattern, plan));
                break;
            case NamedDescription named:
                schema["type"] = "object";
                schema["maxProperties"] = named.Most;
                schema["propertyNames"] = Of(named.Name, "", plan);
                schema["additionalProperties"] = Of(named.Item, $"{pattern}[]", plan.For(""));
                break;
            default:
                SchemaParts.DescribeValue(schema, shape);
                break;
        }
    }

    private JsonObject Of(ShapeDescription shape, string pattern, MergePlan plan)
    {
        var schema = new JsonObject();
        if (SettingTerms.All.TryGetValue(pattern, out var term))
        {
            schema["description"] = term.Description;
        }

        Describe(schema, shape, pattern, plan);
        if (shape is WholeDescription or WordDescription or FlagDescription && defaults.TryGetValue(pattern, out var value))
        {
            schema["default"] = shape is WordDescription ? value : JsonNode.Parse(value);
        }

        return schema;
    }

    // A rule that is inherited is changed member by member, or taken away.
    private JsonObject Member(ListDescription list, string pattern, MergePlan plan)
    {
        var item = Of(list.Item, $"{pattern}[]", plan);
        if (plan.Kind != MergeKind.Rules)
        {
            return item;
        }

        item["required"] = SchemaParts.Words("id");
        item["not"] = new JsonObject { ["required"] = SchemaParts.Words("match", "terms") };
        return new JsonObject { ["anyOf"] = new JsonArray(item, SchemaParts.Removal()) };
    }

    private static JsonArray Edited(ListDescription list, JsonObject item)
    {
        var whole = new JsonObject();
        DescribeList(whole, list, item, isUnique: true);
        return new JsonArray(whole, SchemaParts.Edit(list.Most, item.DeepClone()));
    }

    private static void DescribeList(JsonObject schema, ListDescription list, JsonObject item, bool isUnique)
    {
        (schema["type"], schema["minItems"], schema["maxItems"], schema["uniqueItems"]) = ("array", 1, list.Most, isUnique);
        schema["items"] = item;
    }
}
