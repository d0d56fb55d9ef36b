namespace Gateway.Core.Formats.Json;

/// <summary>Walks the characters of a string: a place in bytes and the same place in units.</summary>
internal ref struct JsonStringCursor(ReadOnlySpan<byte> body, int start)
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
