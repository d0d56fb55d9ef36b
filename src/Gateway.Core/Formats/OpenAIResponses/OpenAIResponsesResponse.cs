using System.Text.Unicode;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Reads whole Responses answers and error bodies.</summary>
public static class OpenAIResponsesResponse
{
    /// <summary>
    /// Reads <paramref name="body"/> into <paramref name="content"/>, which is emptied first. False where it is no answer of this format or two
    /// clients could read it in two ways; <see cref="MessageContent.ErrorCode"/> is then one of <see cref="StreamFaults"/>. Never throws.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent content)
    {
        content.Clear();
        var sink = new ContentSink(content);
        if (!Utf8.IsValid(body.Span))
        {
            content.ErrorCode = StreamFaults.NotUtf8;
            return false;
        }

        var shape = OpenAIResponsesWalker.Walk(body.Span, sink);
        if (sink.FaultReason is null && NestedJson.HasDuplicates(body))
        {
            sink.Fault(StreamFaults.DuplicateKey);
        }

        if (!shape.HasOutput && !shape.IsError)
        {
            sink.Fault(StreamFaults.WrongType);
        }

        content.ErrorCode = sink.FaultReason ?? content.ErrorCode;
        return sink.FaultReason is null;
    }
}
