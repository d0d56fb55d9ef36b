using System.Text;

namespace Gateway.Core.Formats.Json;

/// <summary>Turns byte offsets of valid UTF-8 into UTF-16 offsets of the same text, going forward only: a text is counted once, however many offsets.</summary>
internal ref struct UnitCounter(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private int _byte;
    private int _unit;

    /// <summary>The units before byte <paramref name="offset"/>, which is not before the one asked for last.</summary>
    public int At(int offset)
    {
        _unit += Encoding.UTF8.GetCharCount(_utf8[_byte..offset]);
        _byte = offset;
        return _unit;
    }
}
