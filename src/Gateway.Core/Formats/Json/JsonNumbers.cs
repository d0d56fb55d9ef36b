using System.Buffers.Text;

namespace Gateway.Core.Formats.Json;

/// <summary>Grammar and range of JSON numbers.</summary>
internal static class JsonNumbers
{
    /// <summary>The greatest integer that a double holds exactly; JavaScript readers lose digits above it.</summary>
    public const long MaxExactInteger = 1L << 53;

    // Below this many digits no number without exponent can exceed the largest double (1.8e308).
    private const int SurelyFiniteDigits = 300;

    /// <summary>The length of the number at the start of <paramref name="text"/>, or 0 when there is none.</summary>
    public static int Scan(ReadOnlySpan<byte> text, out JsonTokenFlags flags)
    {
        flags = JsonTokenFlags.Integer;
        var at = text.StartsWith("-"u8) ? 1 : 0;
        var digits = Digits(text, at);
        if (digits == 0 || (digits > 1 && text[at] == '0'))
        {
            return 0;
        }

        at += digits;
        if (at < text.Length && text[at] == '.')
        {
            flags = JsonTokenFlags.None;
            digits = Digits(text, at + 1);
            at += digits + 1;
            if (digits == 0)
            {
                return 0;
            }
        }

        return at < text.Length && text[at] is (byte)'e' or (byte)'E' ? Exponent(text, at, ref flags) : at;
    }

    /// <summary>Whether a scanned number is short enough and a finite double.</summary>
    public static bool IsFinite(ReadOnlySpan<byte> number, JsonTokenFlags flags)
    {
        if (number.Length < SurelyFiniteDigits && (flags == JsonTokenFlags.Integer || !number.ContainsAny((byte)'e', (byte)'E')))
        {
            return true;
        }

        return number.Length <= StrictJson.MaxNumberLength
            && Utf8Parser.TryParse(number, out double value, out var used)
            && used == number.Length
            && double.IsFinite(value);
    }

    private static int Exponent(ReadOnlySpan<byte> text, int at, ref JsonTokenFlags flags)
    {
        flags = JsonTokenFlags.None;
        at++;
        if (at < text.Length && text[at] is (byte)'+' or (byte)'-')
        {
            at++;
        }

        var digits = Digits(text, at);
        return digits == 0 ? 0 : at + digits;
    }

    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        var start = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            at++;
        }

        return at - start;
    }
}
