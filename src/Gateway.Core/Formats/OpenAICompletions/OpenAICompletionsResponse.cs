using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>Reads whole legacy Completions answers and error bodies.</summary>
internal static class OpenAICompletionsResponse
{
    /// <summary>See <see cref="WholeAnswer.TryRead"/>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent content) => WholeAnswer.TryRead(body, content, static (json, sink) =>
    {
        var shape = OpenAICompletionsWalker.Walk(json, sink);
        return shape.HasChoices || shape.IsError;
    });
}
