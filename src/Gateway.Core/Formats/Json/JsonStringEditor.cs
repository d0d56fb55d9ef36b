using System.Text;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// Replaces spans of a JSON string where it stands in a body. Spans are given in UTF-16 units of the unescaped text; only their bytes change,
/// every other byte of the token keeps its own spelling (escapes included). A span that begins or ends inside a character is widened to the
/// whole character. Names of members cannot be edited here: changing one changes the meaning of the object.
/// </summary>
public static class JsonStringEditor
{
    /// <summary>
    /// The edit of <paramref name="body"/> that applies <paramref name="edits"/> to the string token at <paramref name="tokenStart"/> (its opening
    /// quote): one edit from the first span to the last. False where no string stands there, or the edits are none, empty, out of order, overlap
    /// or reach beyond the text.
    /// </summary>
    public static bool TryReplace(ReadOnlySpan<byte> body, int tokenStart, IReadOnlyList<TextEdit> edits, out BodyEdit edit)
    {
        edit = default;
        if (edits.Count == 0 || !TryFindEnd(body, tokenStart, out var end))
        {
            return false;
        }

        var cursor = new Cursor(body[..end], tokenStart + 1);
        var output = new MemoryStream();
        int first = -1, copied = -1, last = 0;
        foreach (var one in edits)
        {
            if (one.Start < last || one.Length <= 0 || !cursor.MoveTo(one.Start))
            {
                return false;
            }

            // Where the span before was widened into this one, the cursor stands behind the start already.
            var from = cursor.Byte;
            if (!cursor.MoveBeyond(one.End))
            {
                return false;
            }

            if (first >= 0)
            {
                output.Write(body[copied..from]);
            }

            first = first < 0 ? from : first;
            output.Write(Escape(one.Replacement));
            copied = cursor.Byte;
            last = one.End;
        }

        edit = new BodyEdit(new ByteRange(first, copied - first), output.ToArray());
        return true;
    }

    /// <summary>As <see cref="TryReplace"/>.</summary>
    /// <exception cref="ArgumentException">No string stands there, or the edits do not fit it.</exception>
    public static BodyEdit Replace(ReadOnlySpan<byte> body, int tokenStart, IReadOnlyList<TextEdit> edits) =>
        TryReplace(body, tokenStart, edits, out var edit) ? edit : throw new ArgumentException("The edits do not fit a JSON string there.", nameof(edits));

    /// <summary>The bytes of <paramref name="text"/> inside a JSON string: escaped only where it must be. Half a surrogate pair becomes U+FFFD.</summary>
    public static byte[] Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append(@"\\"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < 0x20 => escaped.Append("\\u").Append(rune.Value.ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return Encoding.UTF8.GetBytes(escaped.ToString());
    }

    /// <summary>Finds the closing quote.</summary>
    internal static bool TryFindEnd(ReadOnlySpan<byte> body, int tokenStart, out int end)
    {
        end = 0;
        if ((uint)tokenStart >= (uint)body.Length || body[tokenStart] != '"')
        {
            return false;
        }

        for (end = tokenStart + 1; end < body.Length && body[end] != '"'; end++)
        {
            end += body[end] == '\\' ? 1 : 0;
        }

        return end < body.Length;
    }

    /// <summary>Walks the characters of a string: a place in bytes and the same place in units.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> body, int start)
    {
        private readonly ReadOnlySpan<byte> _body = body;
        private int _unit;

        public int Byte { get; private set; } = start;

        /// <summary>Goes on to the character that holds unit <paramref name="unit"/>. False where the text ends before it.</summary>
        public bool MoveTo(int unit)
        {
            while (_unit < unit)
            {
                var units = Next(out var length);
                if (units == 0)
                {
                    return false;
                }

                if (_unit + units > unit)
                {
                    break;
                }

                _unit += units;
                Byte += length;
            }

            return true;
        }

        /// <summary>Goes on to the first character that begins at unit <paramref name="unit"/> or later. False where the text ends before it.</summary>
        public bool MoveBeyond(int unit)
        {
            while (_unit < unit)
            {
                var units = Next(out var length);
                if (units == 0)
                {
                    return false;
                }

                _unit += units;
                Byte += length;
            }

            return true;
        }

        // Two escapes that make one character are one character.
        private readonly int Next(out int length)
        {
            var rest = _body[Byte..];
            length = 0;
            if (rest.IsEmpty)
            {
                return 0;
            }

            if (rest[0] == '\\')
            {
                var isPair = IsUnicode(rest, 0xD800) && rest.Length >= 12 && IsUnicode(rest[6..], 0xDC00);
                length = isPair ? 12 : rest.Length > 1 && rest[1] == 'u' ? 6 : 2;
                length = Math.Min(length, rest.Length);
                return isPair ? 2 : 1;
            }

            length = rest[0] switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
            var units = length == 4 ? 2 : 1;
            length = Math.Min(length, rest.Length);
            return units;
        }

        private static bool IsUnicode(ReadOnlySpan<byte> escape, int halves) =>
            escape.Length >= 6 && escape[0] == '\\' && escape[1] == 'u' && (JsonStrings.Hex(escape[2..]) & ~0x3FF) == halves;
    }
}
