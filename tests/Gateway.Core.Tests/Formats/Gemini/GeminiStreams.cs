using System.Text;
using System.Text.Json;
using Gateway.Core.Formats;

namespace Gateway.Core.Tests.Formats.Gemini;

/// <summary>Gemini streams in both framings, made from chunks.</summary>
internal static class GeminiStreams
{
    public static string Chunk(string part, string? finish = null, int index = 0) =>
        $$"""{"candidates":[{"content":{"role":"model","parts":[{{part}}]},"index":{{index}}{{(finish is null ? "" : $",\"finishReason\":\"{finish}\"")}}}],"usageMetadata":{"promptTokenCount":3},"modelVersion":"gemini-x-001","responseId":"r1"}""";

    public static string Text(string text, string? finish = null, int index = 0) =>
        Chunk($$"""{"text":{{JsonSerializer.Serialize(text, s_readable)}}}""", finish, index);

    public static byte[] Stream(StreamFraming framing, params IReadOnlyList<string> chunks) => Encoding.UTF8.GetBytes(framing == StreamFraming.Events
        ? string.Concat(chunks.Select(chunk => $"data: {chunk}\r\n\r\n"))
        : "[" + string.Join("\n,\r\n", chunks) + "\n]");

    public static byte[] Texts(StreamFraming framing, params IReadOnlyList<string> pieces) =>
        Stream(framing, [.. pieces.Select((piece, at) => Text(piece, at == pieces.Count - 1 ? "STOP" : null))]);

    /// <summary>The chunks as a strict client reads them; throws where the stream is not whole.</summary>
    public static IReadOnlyList<JsonElement> Read(StreamFraming framing, byte[] stream)
    {
        var text = Encoding.UTF8.GetString(stream);
        return framing == StreamFraming.JsonArray
            ? [.. JsonDocument.Parse(text).RootElement.EnumerateArray()]
            : [.. text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => JsonDocument.Parse(frame["data: ".Length..]).RootElement)];
    }

    /// <summary>The text that a client shows.</summary>
    public static string TextOf(StreamFraming framing, byte[] stream) => string.Concat(Read(framing, stream)
        .Where(chunk => chunk.TryGetProperty("candidates", out _))
        .SelectMany(chunk => chunk.GetProperty("candidates").EnumerateArray())
        .SelectMany(candidate => candidate.GetProperty("content").GetProperty("parts").EnumerateArray())
        .Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : ""));

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
