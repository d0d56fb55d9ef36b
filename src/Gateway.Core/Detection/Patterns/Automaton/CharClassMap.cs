using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>
/// Maps each UTF-16 unit to its equivalence class: units that no set of the patterns tells apart. The automaton has one column per class
/// instead of 65,536. ASCII is one table; the rest goes through 256 pages of 256 units, equal pages stored once, so that text in any script
/// takes constant time per unit. Immutable.
/// </summary>
internal sealed class CharClassMap
{
    private const int PageSize = 256;
    private readonly ushort[] _ascii = new ushort[128];
    private readonly ushort[] _pageOffsets = new ushort[PageSize];
    private readonly ushort[] _pages;
    private readonly ulong[][] _members;

    /// <summary><paramref name="sets"/> in the order in which <see cref="Contains"/> numbers them.</summary>
    public CharClassMap(ImmutableArray<CharSet> sets)
    {
        ushort[] classes = Partition.Refine(sets, out int count);
        Count = count;
        _pages = StorePages(classes);
        classes.AsSpan(0, _ascii.Length).CopyTo(_ascii);
        _members = [.. sets.Select(set => MembersOf(set, classes))];
    }

    /// <summary>Number of classes, at least 1.</summary>
    public int Count { get; }

    /// <summary>Classes of the first 128 units.</summary>
    public ushort[] Ascii => _ascii;

    public int Of(char c) => c < _ascii.Length ? _ascii[c] : _pages[(_pageOffsets[c / PageSize] * PageSize) + (c % PageSize)];

    public bool Contains(int set, int charClass) => (_members[set][charClass >> 6] & (1UL << (charClass & 63))) != 0;

    private ushort[] StorePages(ushort[] classes)
    {
        var pages = new ushort[classes.Length];
        int count = 0;
        for (int page = 0; page < PageSize; page++)
        {
            ReadOnlySpan<ushort> content = classes.AsSpan(page * PageSize, PageSize);
            int index = 0;
            while (index < count && !content.SequenceEqual(pages.AsSpan(index * PageSize, PageSize)))
            {
                index++;
            }

            content.CopyTo(pages.AsSpan(index * PageSize));
            count = Math.Max(count, index + 1);
            _pageOffsets[page] = (ushort)index;
        }

        return pages[..(count * PageSize)];
    }

    private ulong[] MembersOf(CharSet set, ushort[] classes)
    {
        var members = new ulong[(Count + 63) / 64];
        for (int i = 0; i < set.RangeCount; i++)
        {
            var (first, last) = set.Range(i);
            for (int c = first; c <= last; c++)
            {
                members[classes[c] >> 6] |= 1UL << (classes[c] & 63);
            }
        }

        return members;
    }
}
