using System.Buffers;
using System.Text;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// Unescaping of JSON strings whose bytes are valid UTF-8 and whose escapes the strict reader has checked. A surrogate half that stands
/// alone (possible only where the reader was told to tolerate it) becomes U+FFFD.
/// </summary>
internal static class JsonStrings
{
    /// <summary>Writes the text as UTF-16. The destination needs one unit for each byte at most. Returns the number of units.</summary>
    public static int Unescape(ReadOnlySpan<byte> inner, Span<char> destination)
    {
        var written = 0;
        while (true)
        {
            var run = inner.IndexOf((byte)'\\');
            if (run < 0)
            {
                return written + Encoding.UTF8.GetChars(inner, destination[written..]);
            }

            if (run > 0)
            {
                written += Encoding.UTF8.GetChars(inner[..run], destination[written..]);
                inner = inner[run..];
            }

            if (inner[1] == 'u')
            {
                var rune = ReadUnicode(inner, out var used);
                written += rune.EncodeToUtf16(destination[written..]);
                inner = inner[used..];
            }
            else
            {
                destination[written++] = (char)Simple(inner[1]);
                inner = inner[2..];
            }
        }
    }

    /// <summary>Writes the text as UTF-8. The destination is never longer than the source. Returns the number of bytes.</summary>
    public static int Unescape(ReadOnlySpan<byte> inner, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var run = inner.IndexOf((byte)'\\');
            var plain = run < 0 ? inner : inner[..run];
            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (run < 0)
            {
                return written;
            }

            inner = inner[run..];
            if (inner[1] == 'u')
            {
                var rune = ReadUnicode(inner, out var used);
                written += rune.EncodeToUtf8(destination[written..]);
                inner = inner[used..];
            }
            else
            {
                destination[written++] = Simple(inner[1]);
                inner = inner[2..];
            }
        }
    }

    /// <summary>The text as a string.</summary>
    public static string ToString(ReadOnlySpan<byte> inner, bool escaped)
    {
        if (!escaped)
        {
            return Encoding.UTF8.GetString(inner);
        }

        var buffer = ArrayPool<char>.Shared.Rent(inner.Length);
        var text = new string(buffer, 0, Unescape(inner, buffer));
        ArrayPool<char>.Shared.Return(buffer);
        return text;
    }

    /// <summary>Whether the escaped string <paramref name="inner"/> has the text <paramref name="text"/>.</summary>
    public static bool UnescapedEquals(ReadOnlySpan<byte> inner, ReadOnlySpan<byte> text)
    {
        // An escape takes at most six bytes for one byte of text, so a longer string cannot be equal.
        if (inner.Length < text.Length || inner.Length > 6 * text.Length)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(inner.Length);
        var equal = buffer.AsSpan(0, Unescape(inner, buffer)).SequenceEqual(text);
        ArrayPool<byte>.Shared.Return(buffer);
        return equal;
    }

    private static byte Simple(byte letter) => letter switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => letter,
    };

    private static Rune ReadUnicode(ReadOnlySpan<byte> at, out int used)
    {
        used = 6;
        var unit = Hex(at[2..]);
        if (!char.IsSurrogate((char)unit))
        {
            return new Rune(unit);
        }

        if (char.IsHighSurrogate((char)unit) && at.Length >= 12 && at[6] == '\\' && at[7] == 'u')
        {
            var low = Hex(at[8..]);
            if (char.IsLowSurrogate((char)low))
            {
                used = 12;
                return new Rune((char)unit, (char)low);
            }
        }

        return Rune.ReplacementChar;
    }

    /// <summary>The value of four hexadecimal digits, or -1.</summary>
    internal static int Hex(ReadOnlySpan<byte> digits)
    {
        if (digits.Length < 4)
        {
            return -1;
        }

        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var digit = HexDigit(digits[i]);
            if (digit < 0)
            {
                return -1;
            }

            value = (value << 4) | digit;
        }

        return value;
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
