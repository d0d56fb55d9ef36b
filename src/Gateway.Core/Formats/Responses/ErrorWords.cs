using System.Globalization;
using System.Text.Json;

namespace Gateway.Core.Formats.Responses;

/// <summary>Short words of the wire, without an allocation where they are the usual ones.</summary>
internal static class ErrorWords
{
    /// <summary>The member <paramref name="name"/> of an error object as a word: a string, or a number as dialects send it.</summary>
    public static string? Code(in Utf8JsonReader error, ReadOnlySpan<byte> name)
    {
        if (!JsonMembers.TryFind(error, name, out var value))
        {
            return null;
        }

        return value.TokenType switch
        {
            JsonTokenType.String => JsonString.At(ref value).ToString(),
            JsonTokenType.Number when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    /// <summary>The finish reason of Chat Completions or the stop reason of Messages; null where it is none of the vocabulary.</summary>
    public static string? FinishReason(JsonString word)
    {
        foreach (var known in Known)
        {
            if (word.Raw.Length == known.Length && word.Is(known))
            {
                return known;
            }
        }

        return null;
    }

    private static readonly string[] Known =
    [
        "stop", "length", "tool_calls", "content_filter", "function_call",
        "end_turn", "tool_use", "max_tokens", "stop_sequence", "pause_turn", "refusal", "model_context_window_exceeded",
    ];
}
