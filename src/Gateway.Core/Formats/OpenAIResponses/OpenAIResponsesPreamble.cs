using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Puts a managed system prompt before the instructions of a Responses request.</summary>
internal static class OpenAIResponsesPreamble
{
    public static IReadOnlyList<BodyEdit> Of(ReadOnlySpan<byte> body, string text)
    {
        var whole = TopLevel.Whole(body);
        return TopLevel.Find(body, whole, "instructions") switch
        {
            { Kind: JsonTokenType.String } written => [TopLevel.PrependText(written.Range, text)],
            { } absent => [new BodyEdit(absent.Range, Encoding.UTF8.GetBytes(TopLevel.Quoted(text)))],
            null => [TopLevel.Prepend(body, whole, $"\"instructions\":{TopLevel.Quoted(text)}")],
        };
    }
}
