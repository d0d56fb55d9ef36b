using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Reads whole Messages answers and error bodies.</summary>
public static class AnthropicResponse
{
    /// <summary>
    /// Reads <paramref name="body"/> into <paramref name="content"/>, which is emptied first. False where it is no answer of this format or two
    /// clients could read it in two ways; <see cref="MessageContent.ErrorCode"/> is then one of <see cref="StreamFaults"/>. Never throws.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent content) => WholeAnswer.TryRead(body, content, static (json, sink) =>
    {
        var shape = AnthropicResponseWalker.WalkBody(json, sink);
        if (shape.IsError)
        {
            sink.Error(null);
        }

        return shape.HasContent || shape.IsError;
    });
}
