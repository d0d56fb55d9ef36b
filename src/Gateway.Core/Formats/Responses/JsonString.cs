using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Core.Formats.Responses;

/// <summary>
/// A JSON string token over the bytes it stands in. Unlike <see cref="Utf8JsonReader.CopyString(Span{char})"/> it decodes a lone surrogate escape
/// without throwing: a provider that cuts text by UTF-16 units sends the halves of one character in two frames.
/// </summary>
/// <param name="raw">What stands between the quotes: valid UTF-8 and valid escapes.</param>
/// <param name="escaped">Whether there are escapes in it.</param>
/// <param name="tokenStart">The offset of the opening quote in the body.</param>
internal readonly ref struct JsonString(ReadOnlySpan<byte> raw, bool escaped, int tokenStart)
{
    public ReadOnlySpan<byte> Raw { get; } = raw;

    public bool Escaped { get; } = escaped;

    public int TokenStart { get; } = tokenStart;

    /// <summary>The bytes are a JSON value, not what stands between the quotes of a string.</summary>
    public bool IsValue { get; init; }

    public bool IsEmpty => Raw.IsEmpty;

    /// <summary>The most UTF-16 units it can decode to.</summary>
    public int MaxLength => Raw.Length;

    /// <summary>The string or property name that <paramref name="reader"/> stands on.</summary>
    public static JsonString At(scoped ref readonly Utf8JsonReader reader) =>
        new(reader.ValueSpan, reader.ValueIsEscaped, (int)reader.TokenStartIndex);

    /// <summary>Whether the string is <paramref name="text"/>, however it is escaped.</summary>
    public bool Is(ReadOnlySpan<byte> text) =>
        Escaped ? Raw.Length >= text.Length && ToString() == Encoding.UTF8.GetString(text) : Raw.SequenceEqual(text);

    /// <summary>Whether the string is <paramref name="text"/>, however it is escaped.</summary>
    public bool Is(string text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        return !Escaped && Encoding.UTF8.TryGetBytes(text, utf8, out var written) ? Raw.SequenceEqual(utf8[..written]) : ToString() == text;
    }

    /// <summary>Writes the text, possibly with lone surrogates, to the start of <paramref name="destination"/>; returns its length.</summary>
    public int Decode(Span<char> destination)
    {
        var rest = Raw;
        var written = 0;
        while (Escaped)
        {
            var at = rest.IndexOf((byte)'\\');
            if (at < 0)
            {
                break;
            }

            written += Encoding.UTF8.GetChars(rest[..at], destination[written..]);
            destination[written++] = Escape(rest[at..], out var length);
            rest = rest[(at + length)..];
        }

        return written + Encoding.UTF8.GetChars(rest, destination[written..]);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var chars = new char[MaxLength];
        return new string(chars, 0, Decode(chars));
    }

    private static char Escape(ReadOnlySpan<byte> rest, out int length)
    {
        length = rest[1] == 'u' ? 6 : 2;
        return rest[1] switch
        {
            (byte)'u' => (char)ushort.Parse(rest[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            var other => (char)other,
        };
    }
}
