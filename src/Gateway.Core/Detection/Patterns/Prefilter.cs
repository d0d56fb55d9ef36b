using System.Buffers;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Finds where a match of any pattern of a group can be, by a vectorised search for literals, or for rare shapes, of which every match must
/// contain one. It may find too much (case is ignored as soon as one pattern ignores it), never too little. Immutable.
/// </summary>
internal sealed class Prefilter
{
    private readonly SearchValues<string>? _literals;
    private readonly ShapeSearch? _shapes;

    /// <summary>Units that can stand between the start of a match and what is searched for. Never changed once built.</summary>
    private readonly CharSetBuilder _before = new();
    private readonly int _lookback;

    /// <summary>All of <paramref name="patterns"/> require literals, or none does and all require shapes.</summary>
    public Prefilter(IReadOnlyCollection<AnchoredPattern> patterns)
    {
        RequiredLiterals[] literals = [.. patterns.Select(pattern => pattern.Literals).OfType<RequiredLiterals>()];
        if (literals.Length > 0)
        {
            StringComparison comparison = literals.Any(one => one.Folded) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            _literals = SearchValues.Create([.. literals.SelectMany(one => one.Literals).Distinct(StringComparer.Ordinal)], comparison);
        }
        else
        {
            _shapes = new ShapeSearch([.. patterns.Select(pattern => pattern.Shape!)]);
        }

        _lookback = patterns.Max(pattern => pattern.Prefix.MaxLength);
        foreach (CharSet set in patterns.SelectMany(pattern => pattern.Prefix.Sets).Distinct())
        {
            _before.Add(set);
        }
    }

    /// <summary>Where the next literal or shape is, or a negative number.</summary>
    public int IndexOf(ReadOnlySpan<char> text) => _literals is null ? _shapes!.IndexOf(text) : text.IndexOfAny(_literals);

    /// <summary>The earliest position, not before <paramref name="from"/>, at which a match can begin that goes on at <paramref name="hit"/> or later.</summary>
    public int StartBefore(ReadOnlySpan<char> text, int from, int hit)
    {
        int limit = Math.Max(from, hit - _lookback);
        int start = hit;
        while (start > limit && _before.Contains(text[start - 1]))
        {
            start--;
        }

        return start;
    }
}
