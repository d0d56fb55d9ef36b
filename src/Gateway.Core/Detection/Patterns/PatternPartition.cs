using System.Collections.Immutable;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Divides the patterns of a set by what a vectorised search finds them by: literals, or rare shapes. Patterns whose matches can begin words
/// before that are kept apart, so that they do not make the others go back as far.
/// </summary>
internal static class PatternPartition
{
    /// <summary>
    /// Empty if some pattern requires neither: the automaton has to read all text for its sake, and reads it for the others at no further cost. If
    /// there is one group, it runs the automaton of the whole set; else each has its own.
    /// </summary>
    public static ImmutableArray<ImmutableArray<AnchoredPattern>> Divide(IReadOnlyList<Pattern> patterns)
    {
        AnchoredPattern[] anchored = [.. patterns.Select(AnchoredPattern.Of)];
        return anchored.Any(one => one.Literals is null && one.Shape is null)
            ? []
            : [.. anchored.GroupBy(one => (one.Literals is null, one.Prefix.IsWide)).Select(group => group.ToImmutableArray())];
    }
}
