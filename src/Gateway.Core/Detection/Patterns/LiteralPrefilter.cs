using System.Buffers;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Finds where a match of any pattern of a set can be, by a vectorised search for literals of which every match must contain one. It may find too much
/// (case is ignored as soon as one pattern ignores it), never too little. Immutable.
/// </summary>
internal sealed class LiteralPrefilter
{
    private const int MinHitsForDensity = 8;
    private const int MinUnitsPerHit = 64;
    private readonly SearchValues<string> _literals;

    private LiteralPrefilter(SearchValues<string> literals, int lookback)
    {
        _literals = literals;
        Lookback = lookback;
    }

    /// <summary>Most units between the start of a match and its literal; <see cref="PatternNode.Unbounded"/> if there is no limit.</summary>
    public int Lookback { get; }

    /// <summary>Null if some pattern requires no literal.</summary>
    public static LiteralPrefilter? TryCreate(IReadOnlyList<Pattern> patterns)
    {
        var literals = new HashSet<string>(StringComparer.Ordinal);
        bool folded = false;
        int lookback = 0;
        foreach (Pattern pattern in patterns)
        {
            if (RequiredLiterals.TryFind(pattern.Root) is not { } required)
            {
                return null;
            }

            literals.UnionWith(required.Literals);
            folded |= required.Folded;
            lookback = Math.Max(lookback, required.Prefix);
        }

        StringComparison comparison = folded ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return literals.Count == 0 ? null : new LiteralPrefilter(SearchValues.Create([.. literals], comparison), lookback);
    }

    public int IndexOf(ReadOnlySpan<char> text) => text.IndexOfAny(_literals);

    /// <summary>Whether so many hits in so much text say that the automaton alone is cheaper.</summary>
    public static bool IsDense(int hits, int units) => hits >= MinHitsForDensity && units < hits * (long)MinUnitsPerHit;
}
