using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Puts a managed system prompt before the system instruction of a Gemini request, in the spelling that the request uses.</summary>
internal static class GeminiPreamble
{
    public static IReadOnlyList<BodyEdit> Of(ReadOnlySpan<byte> body, string text)
    {
        var whole = TopLevel.Whole(body);
        var part = $$"""{"text":{{TopLevel.Quoted(text)}}}""";
        return TopLevel.Find(body, whole, "systemInstruction", "system_instruction") switch
        {
            { Kind: JsonTokenType.StartObject } written => Parts(body, written.Range, part),
            { Kind: JsonTokenType.Null } absent => [new BodyEdit(absent.Range, Encoding.UTF8.GetBytes($$"""{"parts":[{{part}}]}"""))],
            null => [TopLevel.Prepend(body, whole, $"\"systemInstruction\":{{\"parts\":[{part}]}}")],
            _ => [],
        };
    }

    // A single part in the place of the list is the list's only item.
    private static IReadOnlyList<BodyEdit> Parts(ReadOnlySpan<byte> body, ByteRange instruction, string part) =>
        TopLevel.Find(body, instruction, "parts") switch
        {
            { Kind: JsonTokenType.StartArray } parts => [TopLevel.Prepend(body, parts.Range, part)],
            { Kind: JsonTokenType.StartObject } only =>
            [
                new BodyEdit(new ByteRange(only.Range.Start, 0), Encoding.UTF8.GetBytes($"[{part},")),
                new BodyEdit(new ByteRange(only.Range.End, 0), "]"u8.ToArray()),
            ],
            { } absent => [new BodyEdit(absent.Range, Encoding.UTF8.GetBytes($"[{part}]"))],
            null => [TopLevel.Prepend(body, instruction, $"\"parts\":[{part}]")],
        };
}
