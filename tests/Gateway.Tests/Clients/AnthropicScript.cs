using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Clients;

/// <summary>Messages as a provider writes them.</summary>
public sealed class AnthropicScript : IProviderScript
{
    public ScriptedCall Read(HttpRequest request, JsonElement body) => ScriptedCall.FromBody(body);

    public string Credential(HttpRequest request) => $"{request.Headers["x-api-key"]}{request.Headers.Authorization}";

    public string Describe(JsonElement body)
    {
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        var types = messages.SelectMany(Parts).Select(p => p.GetProperty("type").GetString()).ToList();
        return Counts.Text(messages.Count, types.Count(t => t == "image"), body, types.Count(t => t == "tool_result"));
    }

    public string Answer(string model, string text) => Whole(model, $$$$"""{"type":"text","text":{{{{Quote(text)}}}}}""", "end_turn");

    public string ToolAnswer(string model) =>
        Whole(model, """{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Oslo"}}""", "tool_use");

    public string Error(string message) => $$$$"""{"type":"error","error":{"type":"api_error","message":{{{{Quote(message)}}}}},"request_id":"req_1"}""";

    public IEnumerable<string> Opening(string model) =>
    [
        Event("message_start", $$$$"""{"type":"message_start","message":{{{{Head(model)}}}},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":1}}}"""),
        Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
        Event("ping", """{"type":"ping"}"""),
    ];

    public IEnumerable<string> Piece(string model, string text) =>
    [
        Event("content_block_delta", $$$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{{Quote(text)}}}}}}"""),
    ];

    public IEnumerable<string> ToolFrames(string model) =>
    [
        Event("content_block_stop", """{"type":"content_block_stop","index":0}"""),
        Event("content_block_start", """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}}"""),
        Event("content_block_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}"""),
        Event("content_block_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\"Oslo\"}"}}"""),
    ];

    public IEnumerable<string> Ending(string model, bool toolCall) =>
    [
        Event("content_block_stop", $$$$"""{"type":"content_block_stop","index":{{{{(toolCall ? 1 : 0)}}}}}"""),
        Event("message_delta", $$$$"""{"type":"message_delta","delta":{"stop_reason":"{{{{(toolCall ? "tool_use" : "end_turn")}}}}","stop_sequence":null},"usage":{"output_tokens":4}}"""),
        Event("message_stop", """{"type":"message_stop"}"""),
    ];

    private static IEnumerable<JsonElement> Parts(JsonElement message) =>
        message.GetProperty("content") is { ValueKind: JsonValueKind.Array } content ? content.EnumerateArray() : [];

    private static string Head(string model) => $$$$"""{"id":"msg_1","type":"message","role":"assistant","model":{{{{Quote(model)}}}}""";

    private static string Whole(string model, string block, string stop) =>
        Head(model) + $$$$""","content":[{{{{block}}}}],"stop_reason":"{{{{stop}}}}","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":4}}""";

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
