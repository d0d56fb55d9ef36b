using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>Puts a managed system prompt before each prompt of a legacy Completions request, which has no other place for it.</summary>
internal static class OpenAICompletionsPreamble
{
    public static IReadOnlyList<BodyEdit> Of(ReadOnlySpan<byte> body, string text)
    {
        if (TopLevel.Find(body, TopLevel.Whole(body), "prompt") is not { } prompt)
        {
            return [];
        }

        return prompt.Kind == JsonTokenType.String ? [TopLevel.PrependText(prompt.Range, text)] : Prompts(body, prompt.Range, text);
    }

    // A list of prompts is answered one by one. A prompt of token ids cannot be preceded by text; the policy setting for token ids governs it.
    private static List<BodyEdit> Prompts(ReadOnlySpan<byte> body, ByteRange list, string text)
    {
        var edits = new List<BodyEdit>();
        var reader = new Utf8JsonReader(body.Slice(list.Start, list.Length));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                edits.Add(TopLevel.PrependText(new ByteRange(list.Start + (int)reader.TokenStartIndex, 0), text));
            }
        }

        return edits;
    }
}
