using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>Units of which every match of a pattern contains at least one. Immutable.</summary>
/// <param name="Set">The units.</param>
/// <param name="Prefix">What can stand before it in a match.</param>
internal sealed record RequiredChars(CharSet Set, RequiredPrefix Prefix)
{
    /// <summary>How often they are expected, in parts of <see cref="CharFrequency.Whole"/>.</summary>
    public int Frequency { get; } = CharFrequency.Of(Set);

    /// <summary>The rarest set; null if none is rare, so that a union of sets that are not is never built.</summary>
    public static RequiredChars? TryFind(PatternNode node) => node switch
    {
        CharNode { Set: var set } => IfRare(new RequiredChars(set, RequiredPrefix.Empty)),
        SequenceNode sequence => FindInSequence(sequence),
        AlternationNode alternation => FindInAlternation(alternation),
        RepeatNode { Min: > 0 } repeat => TryFind(repeat.Item),
        _ => null,
    };

    private static RequiredChars? FindInSequence(SequenceNode node)
    {
        RequiredChars? best = null;
        RequiredPrefix prefix = RequiredPrefix.Empty;
        foreach (PatternNode item in node.Items)
        {
            if (TryFind(item) is { } found && (best is null || found.Frequency < best.Frequency))
            {
                best = found with { Prefix = prefix.Then(found.Prefix) };
            }

            prefix = prefix.Then(item);
        }

        return best;
    }

    private static RequiredChars? FindInAlternation(AlternationNode node)
    {
        RequiredChars?[] branches = [.. node.Branches.Select(TryFind)];
        return branches.Any(found => found is null)
            ? null
            : IfRare(new RequiredChars(
                CharSet.Union(branches.Select(found => found!.Set)),
                branches.Aggregate(RequiredPrefix.Empty, (prefix, found) => prefix.Or(found!.Prefix))));
    }

    private static RequiredChars? IfRare(RequiredChars found) => found.Frequency > RequiredShape.MaxFrequency ? null : found;
}
