using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>Reads Gemini requests as the provider does: both spellings of each member, and a single value for a list.</summary>
internal static class SimulatedGeminiRequest
{
    /// <summary>The member called <paramref name="camel"/>, or the same in snake case; null when there is neither.</summary>
    public static JsonElement? Member(JsonElement element, string camel) =>
        SimulatedJson.Member(element, camel) ?? SimulatedJson.Member(element, Snake(camel));

    /// <summary>The items of a member.</summary>
    public static JsonElement[] Items(JsonElement element, string camel) => Member(element, camel) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { } single => [single],
        null => [],
    };

    /// <summary>A positive number, or null.</summary>
    public static int? Number(JsonElement element, string camel) =>
        Member(element, camel) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) && number > 0 ? number : null;

    /// <summary>The text of the last content of the user that has any.</summary>
    public static string UserText(JsonElement[] contents) => contents
        .Where(content => SimulatedJson.Text(content, "role") is null or "user")
        .Select(Text)
        .LastOrDefault(text => text.Length > 0) ?? "";

    /// <summary>What a content returns from tools, or null.</summary>
    public static string? ToolResult(JsonElement content)
    {
        var results = Items(content, "parts").Select(part => Member(part, "functionResponse")).OfType<JsonElement>()
            .Select(result => SimulatedJson.Member(result, "response")?.GetRawText() ?? "").ToArray();
        return results.Length == 0 ? null : string.Join('\n', results);
    }

    /// <summary>The functions declared.</summary>
    public static ImmutableArray<SimulatedTool> Tools(JsonElement body) =>
    [
        .. Items(body, "tools").SelectMany(tool => Items(tool, "functionDeclarations"))
            .Where(function => SimulatedJson.Text(function, "name") is not null)
            .Select(function => new SimulatedTool(SimulatedJson.Text(function, "name")!, Schema(Member(function, "parameters") ?? Member(function, "parametersJsonSchema")))),
    ];

    /// <summary>How far functions may be called.</summary>
    public static SimulatedToolChoice Choice(JsonElement body)
    {
        var config = Member(Member(body, "toolConfig") ?? default, "functionCallingConfig") ?? default;
        var mode = SimulatedJson.Text(config, "mode");
        var names = Items(config, "allowedFunctionNames");
        return new SimulatedToolChoice(mode != "NONE", mode == "ANY", mode == "ANY" && names.Length == 1 ? names[0].GetString() : null, Parallel: true);
    }

    /// <summary>The text of a content.</summary>
    public static string Text(JsonElement content) =>
        string.Join('\n', Items(content, "parts").Select(part => SimulatedJson.Text(part, "text")).OfType<string>());

    private static string Snake(string camel) =>
        string.Concat(camel.Select(unit => char.IsAsciiLetterUpper(unit) ? "_" + char.ToLowerInvariant(unit) : unit.ToString()));

    // The provider's schemas spell types in upper case.
    private static JsonElement Schema(JsonElement? schema)
    {
        if (schema is not { } given)
        {
            return default;
        }

        var node = JsonNode.Parse(given.GetRawText());
        Lower(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static void Lower(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Lower(item);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                if (name == "type" && value is JsonValue type && type.GetValueKind() == JsonValueKind.String)
                {
                    members[name] = type.GetValue<string>().ToLowerInvariant();
                }
                else
                {
                    Lower(value);
                }
            }
        }
    }
}
