using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Clients;

/// <summary>Chat Completions as a provider writes them.</summary>
public sealed class OpenAIScript : IProviderScript
{
    private const string CallHead = """{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":""}}""";

    public ScriptedCall Read(HttpRequest request, JsonElement body) => ScriptedCall.FromBody(body);

    public string Credential(HttpRequest request) => request.Headers.Authorization.ToString();

    public string Describe(JsonElement body)
    {
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        var images = messages.SelectMany(Parts).Count(p => p.GetProperty("type").GetString() == "image_url");
        var results = messages.Count(m => m.GetProperty("role").GetString() == "tool");
        return Counts.Text(messages.Count, images, body, results);
    }

    public string Answer(string model, string text) => Whole(model, $$$$"""{"role":"assistant","content":{{{{Quote(text)}}}},"refusal":null}""", "stop");

    public string ToolAnswer(string model) => Whole(
        model,
        """{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}}]}""",
        "tool_calls");

    public string Error(string message) => $$$$"""{"error":{"message":{{{{Quote(message)}}}},"type":"server_error","param":null,"code":null}}""";

    public IEnumerable<string> Opening(string model) => [Chunk(model, """{"role":"assistant","content":""}""")];

    public IEnumerable<string> Piece(string model, string text) => [Chunk(model, $$$$"""{"content":{{{{Quote(text)}}}}}""")];

    public IEnumerable<string> ToolFrames(string model) =>
    [
        Chunk(model, $$$$"""{"tool_calls":[{{{{CallHead}}}}]}"""),
        Chunk(model, """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}"""),
        Chunk(model, """{"tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}}]}"""),
    ];

    public IEnumerable<string> Ending(string model, bool toolCall) =>
    [
        Chunk(model, "{}", toolCall ? "tool_calls" : "stop"),
        "data: [DONE]\n\n",
    ];

    private static IEnumerable<JsonElement> Parts(JsonElement message) =>
        message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : [];

    private static string Whole(string model, string message, string finish) =>
        $$$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":{{{{Quote(model)}}}},"choices":[{"index":0,"message":{{{{message}}}},"logprobs":null,"finish_reason":"{{{{finish}}}}"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}""";

    private static string Chunk(string model, string delta, string? finish = null) =>
        $$$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":{{{{Quote(model)}}}},"choices":[{"index":0,"delta":{{{{delta}}}},"finish_reason":{{{{(finish is null ? "null" : Quote(finish))}}}}}]}""" + "\n\n";

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
