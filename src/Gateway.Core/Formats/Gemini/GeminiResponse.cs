using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Reads whole Gemini answers and error bodies.</summary>
public static class GeminiResponse
{
    /// <summary>
    /// Reads <paramref name="body"/> into <paramref name="content"/>, which is emptied first. False where it is no answer of this format or two
    /// clients could read it in two ways; <see cref="MessageContent.ErrorCode"/> is then one of <see cref="StreamFaults"/>. Never throws.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent content)
    {
        content.Clear();
        var sink = new ContentSink(content);
        var answer = GeminiWalker.Walk(ErrorAlone(body.Span), sink, partial: null);
        if (!answer.IsAnswer && !answer.IsError)
        {
            sink.Fault(StreamFaults.WrongType);
        }

        content.ErrorCode = sink.FaultReason ?? content.ErrorCode;
        return sink.FaultReason is null;
    }

    /// <summary>Reads the answer of countTokens or of an embedding: numbers, in which the known members are <paramref name="needed"/>.</summary>
    public static bool TryReadNumbers(ReadOnlyMemory<byte> body, MessageContent content, params ReadOnlySpan<string> needed)
    {
        content.Clear();
        var sink = new ContentSink(content);
        var json = ErrorAlone(body.Span);
        var answer = GeminiWalker.Walk(json, sink, partial: null);
        if (!answer.IsError && sink.FaultReason is null && !HasAny(json, needed))
        {
            sink.Fault(StreamFaults.WrongType);
        }

        content.ErrorCode = sink.FaultReason ?? content.ErrorCode;
        return sink.FaultReason is null;
    }

    // Where a JSON array would be streamed, an error stands in an array.
    private static ReadOnlySpan<byte> ErrorAlone(ReadOnlySpan<byte> body)
    {
        var trimmed = body.Trim(" \r\n\t"u8);
        return trimmed.StartsWith("["u8) && trimmed.EndsWith("]"u8) && trimmed.IndexOf("\"error\""u8) is >= 0 and < 16 ? trimmed[1..^1] : body;
    }

    private static bool HasAny(ReadOnlySpan<byte> json, ReadOnlySpan<string> names)
    {
        using var tape = new JsonTape();
        StrictJson.ReadObject(json, tape);
        foreach (var name in names)
        {
            if (GeminiInlineData.Member(tape.View(json), 0, name) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
