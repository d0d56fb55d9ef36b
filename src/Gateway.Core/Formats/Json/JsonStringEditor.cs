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

        var cursor = new JsonStringCursor(body[..end], tokenStart + 1);
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
}
