using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Puts a managed system prompt before the system text of a Messages request.</summary>
internal static class AnthropicPreamble
{
    public static IReadOnlyList<BodyEdit> Of(ReadOnlySpan<byte> body, string text)
    {
        var whole = TopLevel.Whole(body);
        return TopLevel.Find(body, whole, "system") switch
        {
            { Kind: JsonTokenType.String } written => [TopLevel.PrependText(written.Range, text)],
            { Kind: JsonTokenType.StartArray } blocks =>
                [TopLevel.Prepend(body, blocks.Range, $$"""{"type":"text","text":{{TopLevel.Quoted(text)}}}""")],
            { } absent => [new BodyEdit(absent.Range, Encoding.UTF8.GetBytes(TopLevel.Quoted(text)))],
            null => [TopLevel.Prepend(body, whole, $"\"system\":{TopLevel.Quoted(text)}")],
        };
    }
}
