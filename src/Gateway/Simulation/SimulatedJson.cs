using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>Reads members of requests and writes nodes as providers do: UTF-8 unescaped, no white space.</summary>
internal static class SimulatedJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The UTF-8 bytes of <paramref name="node"/>.</summary>
    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Options));

    /// <summary>An SSE frame; without an <c>event:</c> line when <paramref name="name"/> is null.</summary>
    public static byte[] Frame(string? name, JsonNode data)
    {
        var line = name is null ? "" : $"event: {name}\n";
        return Encoding.UTF8.GetBytes($"{line}data: {data.ToJsonString(Options)}\n\n");
    }

    /// <summary>A member, or null when it is absent, null, or <paramref name="element"/> is no object.</summary>
    public static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A string member, or null.</summary>
    public static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Whether a member is <c>true</c>.</summary>
    public static bool IsTrue(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.True };

    /// <summary>A positive integer member, or null.</summary>
    public static int? Positive(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) && number > 0 ? number : null;

    /// <summary>The elements of an array member; none when it is something else.</summary>
    public static IEnumerable<JsonElement> Array(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>The text of a member that is a string or an array of parts with <c>text</c>; parts are joined by a line feed.</summary>
    public static string ContentText(JsonElement message, string name = "content") =>
        Text(message, name) ?? string.Join('\n', Array(message, name).Select(part => Text(part, "text")).OfType<string>());

    /// <summary>A member that is a text, an array of them, or tokens: texts one by one, tokens of one text as their JSON.</summary>
    public static ImmutableArray<string> Texts(JsonElement element, string name)
    {
        if (Member(element, name) is not { } value)
        {
            return [];
        }

        var isArray = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value[0].ValueKind != JsonValueKind.Number;
        IEnumerable<JsonElement> items = isArray ? value.EnumerateArray() : [value];
        return [.. items.Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
    }

    /// <summary>The model; throws when it is not named.</summary>
    public static string RequiredModel(JsonElement body) =>
        Text(body, "model") is { Length: > 0 } model ? model : throw new SimulatedRefusalException("model: a string is required");

    /// <summary>The body with its model replaced: where the path names one, providers do not look at the body's.</summary>
    public static JsonElement WithModel(JsonElement body, string model)
    {
        var named = JsonNode.Parse(body.GetRawText())!.AsObject();
        named["model"] = model;
        return JsonSerializer.SerializeToElement(named);
    }

    /// <summary>The messages; throws when there are none or the model is not named.</summary>
    public static IReadOnlyList<JsonElement> RequiredMessages(JsonElement body)
    {
        JsonElement[] messages = [.. Array(body, "messages")];
        RequiredModel(body);
        return messages.Length > 0 ? messages : throw new SimulatedRefusalException("messages: at least one message is required");
    }

    /// <summary>UTF-8 bytes of the raw JSON of a member; the base of the token estimate.</summary>
    public static int RawBytes(JsonElement element, string name) =>
        Member(element, name) is { } value ? Encoding.UTF8.GetByteCount(value.GetRawText()) : 0;
}
