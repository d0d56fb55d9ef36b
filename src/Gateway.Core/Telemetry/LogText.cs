using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Telemetry;

/// <summary>
/// Makes text that a client or provider chose safe to log: bounded, and without characters that forge lines (CWE-117), drive a terminal or
/// reorder what a person reads.
/// </summary>
public static class LogText
{
    /// <summary>Longest text that is kept, in UTF-16 units.</summary>
    public const int MaxLength = 128;

    private const char Replacement = '\uFFFD';

    // C0 and C1 controls, line and paragraph separators, bidirectional controls and marks, zero-width characters, the BOM.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Range(0x00, 0x1F), .. Range(0x7F, 0x9F), .. Range(0x200B, 0x200F), .. Range(0x2028, 0x202E), .. Range(0x2066, 0x2069), (char)0x061C, (char)0xFEFF]);

    /// <summary>Returns <paramref name="text"/> itself when it is short and clean, else a cleaned copy.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }

        // A cut in the middle of a surrogate pair would leave half a character.
        var length = Math.Min(text.Length, MaxLength);
        if (length < text.Length && char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        var span = text.AsSpan(0, length);
        if (!span.ContainsAny(Unsafe))
        {
            return length == text.Length ? text : span.ToString();
        }

        return string.Create(length, text, static (output, source) =>
        {
            source.AsSpan(0, output.Length).CopyTo(output);
            for (var i = output.IndexOfAny(Unsafe); i >= 0; i = output.IndexOfAny(Unsafe))
            {
                output[i] = Replacement;
            }
        });
    }

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(value => (char)value);
}
