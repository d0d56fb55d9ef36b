using System.Text;
using System.Text.Unicode;

namespace Gateway.Core.Policies.Yaml;

/// <summary>
/// Turns the bytes of a document into text, or refuses them: size, encoding, and characters that make two readers (a parser and a person,
/// or parsers of YAML 1.1 and 1.2) see different documents: tabs, lone carriage returns, Unicode line breaks, invisible and bidirectional
/// control characters. All of these can still be written as escapes in double quotes.
/// </summary>
internal static class YamlText
{
    /// <summary>The text without a byte order mark, or null when there is nothing that could be parsed.</summary>
    public static string? Decode(PolicyFile file, DocumentErrors errors)
    {
        var bytes = file.Content.Span;
        if (bytes.Length > PolicyFile.MaxBytes)
        {
            errors.Add(1, 1, $"the document has {bytes.Length} bytes, more than {PolicyFile.MaxBytes}; split it into several policies");
            return null;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            errors.Add(1, 1, "the document begins with a byte order mark; save it as UTF-8 without one");
            bytes = bytes[3..];
        }

        if (!Utf8.IsValid(bytes))
        {
            ReportInvalidByte(bytes, errors);
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes);
        ReportRefusedCharacters(text, errors);
        return text;
    }

    private static void ReportInvalidByte(ReadOnlySpan<byte> bytes, DocumentErrors errors)
    {
        var (line, column) = (1, 1);
        while (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
            bytes = bytes[consumed..];
        }

        errors.Add(line, column, $"the byte 0x{bytes[0]:X2} is not valid UTF-8; save the document as UTF-8");
    }

    private static void ReportRefusedCharacters(string text, DocumentErrors errors)
    {
        var (line, lineStart, reported) = (1, 0, false);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\n')
            {
                (line, lineStart, reported) = (line + 1, index + 1, false);
            }
            else if (!reported && Refusal(text, index) is { } refusal)
            {
                // One message a line: a file indented with tabs has hundreds.
                errors.Add(line, index - lineStart + 1, refusal);
                reported = true;
            }
        }
    }

    private static string? Refusal(string text, int index)
    {
        var character = text[index];
        if (character == '\t')
        {
            return "a tab is not allowed; indent with spaces, and write \\t in double quotes inside a value";
        }

        if (character == '\r')
        {
            return index + 1 < text.Length && text[index + 1] == '\n' ? null : "a carriage return without a line feed is not allowed; end lines with a line feed";
        }

        // Tag characters (U+E0000 to U+E007F) are the invisible ones outside the basic plane; all begin with the same surrogate.
        var hidden = char.IsControl(character) || Shown.IsInvisible(character) || character == '\uDB40';
        return hidden ? $"the invisible character {Name(text, index)} is not allowed; write it as an escape in double quotes, or remove it" : null;
    }

    private static string Name(string text, int index) => Rune.TryGetRuneAt(text, index, out var rune) ? $"U+{rune.Value:X4}" : $"U+{(int)text[index]:X4}";
}
