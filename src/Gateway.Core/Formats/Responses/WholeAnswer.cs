using System.Text.Json;
using System.Text.Unicode;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Responses;

/// <summary>Walks a whole answer; false where it is no answer of the format.</summary>
internal delegate bool AnswerWalk(ReadOnlySpan<byte> json, IResponseSink sink);

/// <summary>What is the same in reading the whole answer of any format.</summary>
internal static class WholeAnswer
{
    /// <summary>
    /// Reads <paramref name="body"/> into <paramref name="content"/>, which is emptied first. False where the walk does not know it or two clients could
    /// read it in two ways; <see cref="MessageContent.ErrorCode"/> is then one of <see cref="StreamFaults"/>. Never throws.
    /// </summary>
    /// <param name="body">The answer.</param>
    /// <param name="content">What is found.</param>
    /// <param name="walk">The format's walk.</param>
    /// <param name="findsDuplicates">The walk itself refuses members that stand twice, known or not.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent content, AnswerWalk walk, bool findsDuplicates = false)
    {
        content.Clear();
        if (!Utf8.IsValid(body.Span))
        {
            content.ErrorCode = StreamFaults.NotUtf8;
            return false;
        }

        var sink = new ContentSink(content);
        var isAnswer = Guarded(body.Span, sink, walk);
        if (sink.FaultReason is null && !findsDuplicates && NestedJson.IsAmbiguous(body))
        {
            sink.Fault(StreamFaults.DuplicateKey);
        }

        if (!isAnswer)
        {
            sink.Fault(StreamFaults.WrongType);
        }

        content.ErrorCode = sink.FaultReason ?? content.ErrorCode;
        return sink.FaultReason is null;
    }

    /// <summary>Runs <paramref name="walk"/>; text that is no JSON is a fault.</summary>
    public static bool Guarded(ReadOnlySpan<byte> json, IResponseSink sink, AnswerWalk walk)
    {
        try
        {
            return walk(json, sink);
        }
        catch (JsonException)
        {
            sink.Fault(StreamFaults.NotJson);
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that a property name holds half a surrogate pair.
            sink.Fault(StreamFaults.LoneSurrogate);
        }

        return false;
    }
}
