using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Puts a managed system prompt first among the messages of a Chat Completions request.</summary>
internal static class OpenAIChatPreamble
{
    public static IReadOnlyList<BodyEdit> Of(ReadOnlySpan<byte> body, string text) =>
        TopLevel.Find(body, TopLevel.Whole(body), "messages") is { Kind: JsonTokenType.StartArray } messages
            ? [TopLevel.Prepend(body, messages.Range, $$"""{"role":"system","content":{{TopLevel.Quoted(text)}}}""")]
            : [];
}
