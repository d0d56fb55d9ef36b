namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>A mutable set of UTF-16 units (one bit each), from which a <see cref="CharSet"/> is built.</summary>
internal sealed class CharSetBuilder
{
    private const int UnitCount = char.MaxValue + 1;
    private readonly ulong[] _bits = new ulong[UnitCount / 64];

    public bool Contains(char c) => (_bits[c >> 6] & (1UL << (c & 63))) != 0;

    public CharSetBuilder Add(char c)
    {
        _bits[c >> 6] |= 1UL << (c & 63);
        return this;
    }

    public CharSetBuilder AddRange(char first, char last)
    {
        for (int c = first; c <= last; c++)
        {
            Add((char)c);
        }

        return this;
    }

    public CharSetBuilder Add(CharSet set)
    {
        for (int i = 0; i < set.RangeCount; i++)
        {
            var (first, last) = set.Range(i);
            AddRange(first, last);
        }

        return this;
    }

    /// <summary>Adds, for each member, every unit that differs from it only by case.</summary>
    public CharSetBuilder AddCaseEquivalents()
    {
        foreach (string group in CaseEquivalence.Groups)
        {
            if (ContainsAny(group))
            {
                foreach (char c in group)
                {
                    Add(c);
                }
            }
        }

        return this;
    }

    public CharSetBuilder Invert()
    {
        for (int i = 0; i < _bits.Length; i++)
        {
            _bits[i] = ~_bits[i];
        }

        return this;
    }

    public CharSet Build()
    {
        var bounds = new List<char>();
        for (int c = 0; c < UnitCount; c++)
        {
            if (_bits[c >> 6] == 0)
            {
                c |= 63;
                continue;
            }

            if (Contains((char)c) && (c == 0 || !Contains((char)(c - 1))))
            {
                bounds.Add((char)c);
                c = LastOfRun(c);
                bounds.Add((char)c);
            }
        }

        return new CharSet([.. bounds]);
    }

    private int LastOfRun(int c)
    {
        while (c + 1 < UnitCount && Contains((char)(c + 1)))
        {
            c++;
        }

        return c;
    }

    private bool ContainsAny(string group)
    {
        foreach (char c in group)
        {
            if (Contains(c))
            {
                return true;
            }
        }

        return false;
    }
}
