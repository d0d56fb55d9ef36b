using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Clients;

/// <summary>generateContent and streamGenerateContent as a provider writes them: CRLF, no event names, no terminator.</summary>
public sealed class GeminiScript : IProviderScript
{
    private const string Call = """{"functionCall":{"name":"get_weather","args":{"city":"Oslo"}}}""";

    public ScriptedCall Read(HttpRequest request, JsonElement body) => new(
        request.RouteValues["model"] as string ?? "", request.RouteValues["method"] as string == "streamGenerateContent");

    public string Credential(HttpRequest request) => request.Headers["x-goog-api-key"].ToString();

    public string Describe(JsonElement body)
    {
        var contents = body.GetProperty("contents").EnumerateArray().ToList();
        var parts = contents.SelectMany(c => c.GetProperty("parts").EnumerateArray()).ToList();
        return Counts.Text(contents.Count, parts.Count(p => p.TryGetProperty("inlineData", out _)), body, parts.Count(p => p.TryGetProperty("functionResponse", out _)));
    }

    public string Answer(string model, string text) => Response(model, Text(text), "STOP");

    public string ToolAnswer(string model) => Response(model, Call, "STOP");

    public string Error(string message) => $$$$"""{"error":{"code":500,"message":{{{{Quote(message)}}}},"status":"INTERNAL"}}""";

    public IEnumerable<string> Opening(string model) => [];

    public IEnumerable<string> Piece(string model, string text) => [Frame(Response(model, Text(text), null))];

    public IEnumerable<string> ToolFrames(string model) => [Frame(Response(model, Call, null))];

    public IEnumerable<string> Ending(string model, bool toolCall) => [Frame(Response(model, Text(""), "STOP"))];

    private static string Text(string text) => $$$$"""{"text":{{{{Quote(text)}}}}}""";

    private static string Response(string model, string part, string? finish) =>
        $$$$"""{"candidates":[{"content":{"parts":[{{{{part}}}}],"role":"model"}{{{{(finish is null ? "" : $",\"finishReason\":\"{finish}\"")}}}},"index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4,"totalTokenCount":13},"modelVersion":{{{{Quote(model)}}}},"responseId":"r1"}""";

    private static string Frame(string json) => $"data: {json}\r\n\r\n";

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
