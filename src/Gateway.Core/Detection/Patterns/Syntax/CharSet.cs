using System.Globalization;

namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>An immutable set of UTF-16 units: sorted, disjoint, non-adjacent ranges as pairs of inclusive bounds. Equal sets compare equal.</summary>
internal sealed class CharSet : IEquatable<CharSet>
{
    private readonly char[] _bounds;
    private readonly int _hash;

    internal CharSet(char[] bounds)
    {
        _bounds = bounds;
        _hash = HashOf(bounds);
    }

    public static CharSet Single(char c) => new([c, c]);

    public static CharSet Union(IEnumerable<CharSet> sets) => sets.Aggregate(new CharSetBuilder(), (builder, set) => builder.Add(set)).Build();

    public int RangeCount => _bounds.Length / 2;

    public (char First, char Last) Range(int index) => (_bounds[2 * index], _bounds[(2 * index) + 1]);

    public bool Contains(char c)
    {
        int low = 0;
        int high = RangeCount - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            var (first, last) = Range(middle);
            if (c < first)
            {
                high = middle - 1;
            }
            else if (c > last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The members if there are at most <paramref name="limit"/>, else null.</summary>
    public string? Members(int limit)
    {
        var members = new List<char>(limit);
        for (int i = 0; i < RangeCount; i++)
        {
            var (first, last) = Range(i);
            if (members.Count + (last - first) + 1 > limit)
            {
                return null;
            }

            for (int c = first; c <= last; c++)
            {
                members.Add((char)c);
            }
        }

        return new string([.. members]);
    }

    public bool Equals(CharSet? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _bounds.AsSpan().SequenceEqual(other._bounds));

    public override bool Equals(object? obj) => Equals(obj as CharSet);

    public override int GetHashCode() => _hash;

    public override string ToString() => string.Concat(
        Enumerable.Range(0, RangeCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"[{(int)Range(i).First:X4}-{(int)Range(i).Last:X4}]")));

    private static int HashOf(char[] bounds)
    {
        var hash = new HashCode();
        foreach (char bound in bounds)
        {
            hash.Add(bound);
        }

        return hash.ToHashCode();
    }
}
