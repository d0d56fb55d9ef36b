using System.Text;

namespace Gateway.Core.Formats.Json;

/// <summary>An immutable set of ASCII names, looked up by bytes without hashing: names of one length stand together.</summary>
internal sealed class NameTable
{
    private readonly byte[][] _names;
    private readonly int[] _index;
    private readonly int[] _firstOfLength;

    /// <summary>Builds the table; a look-up returns the position in <paramref name="names"/>.</summary>
    public NameTable(IEnumerable<string> names)
    {
        var ordered = names.Select((name, index) => (Bytes: Encoding.ASCII.GetBytes(name), index)).OrderBy(entry => entry.Bytes.Length).ToArray();
        _names = [.. ordered.Select(entry => entry.Bytes)];
        _index = [.. ordered.Select(entry => entry.index)];
        var longest = ordered.Length == 0 ? 0 : ordered[^1].Bytes.Length;
        _firstOfLength = [.. Enumerable.Range(0, longest + 2).Select(length => _names.Count(name => name.Length < length))];
    }

    /// <summary>The position of <paramref name="name"/>, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length + 1 >= _firstOfLength.Length)
        {
            return -1;
        }

        var end = _firstOfLength[name.Length + 1];
        for (var i = _firstOfLength[name.Length]; i < end; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return _index[i];
            }
        }

        return -1;
    }

    /// <summary>
    /// Whether a reader that ignores case would take <paramref name="name"/> for one of the names. Go's encoding/json folds U+017F to s and
    /// U+212A to k; readers that compare upper case also take U+0131, and those that compare lower case U+0130, for i.
    /// </summary>
    public bool HasCaseVariant(ReadOnlySpan<byte> name)
    {
        if (Ascii.IsValid(name))
        {
            return HasAsciiVariant(name);
        }

        Span<byte> folded = stackalloc byte[_firstOfLength.Length];
        var length = 0;
        while (!name.IsEmpty)
        {
            Rune.DecodeFromUtf8(name, out var rune, out var used);
            var plain = rune.Value switch
            {
                0x17F => 's',
                0x212A => 'k',
                0x130 or 0x131 => 'i',
                < 0x80 => (char)rune.Value,
                _ => '\0',
            };
            if (plain == '\0' || length == folded.Length)
            {
                return false;
            }

            folded[length++] = (byte)plain;
            name = name[used..];
        }

        return HasAsciiVariant(folded[..length]);
    }

    private bool HasAsciiVariant(ReadOnlySpan<byte> name)
    {
        if (name.Length + 1 >= _firstOfLength.Length)
        {
            return false;
        }

        for (var i = _firstOfLength[name.Length]; i < _firstOfLength[name.Length + 1]; i++)
        {
            if (Ascii.EqualsIgnoreCase(name, _names[i]))
            {
                return true;
            }
        }

        return false;
    }
}
