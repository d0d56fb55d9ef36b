using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Clients;

/// <summary>How a provider writes its answers in one wire format. One instance answers one request, so it may count and remember.</summary>
public interface IProviderScript
{
    ScriptedCall Read(HttpRequest request, JsonElement body);

    /// <summary>The header that carries the upstream credential, with its value.</summary>
    string Credential(HttpRequest request);

    /// <summary>The counts of what the request held, as the text that the model "answers".</summary>
    string Describe(JsonElement body);

    string Answer(string model, string text);

    string ToolAnswer(string model);

    string Error(string message);

    IEnumerable<string> Opening(string model);

    IEnumerable<string> Piece(string model, string text);

    IEnumerable<string> ToolFrames(string model);

    /// <summary>The frames that end a whole stream, the terminator included.</summary>
    IEnumerable<string> Ending(string model, bool toolCall);
}

/// <summary>What a request asks for, wherever its format says so.</summary>
public sealed record ScriptedCall(string Model, bool Streamed)
{
    public static ScriptedCall FromBody(JsonElement body) => new(
        body.GetProperty("model").GetString() ?? "",
        body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True);
}
