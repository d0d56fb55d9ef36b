using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>Units of which every match of a pattern contains at least one, and which are rare in ordinary text.</summary>
/// <param name="Chars">The units.</param>
/// <param name="Prefix">What can stand before it in a match.</param>
internal sealed record RequiredChars(string Chars, RequiredPrefix Prefix)
{
    /// <summary>More often than this (once in 50 units) running the automaton alone is hardly dearer than stopping at each.</summary>
    private const int MaxFrequency = CharFrequency.Whole / 50;

    /// <summary>A larger set is not searched for by vector instructions alone.</summary>
    private const int MaxMembers = 1024;

    /// <summary>About as many units could be run in the time that stopping at one of the characters takes.</summary>
    private const int UnitsPerStop = 16;

    private int Frequency { get; } = CharFrequency.Of(Chars);

    /// <summary>Units of work that a unit of text brings, but for a constant factor.</summary>
    private long Cost => (long)Frequency * (UnitsPerStop + Math.Min(Prefix.MaxLength, 16 * UnitsPerStop));

    /// <summary>The cheapest set; null if none is rare.</summary>
    public static RequiredChars? TryFind(PatternNode node) => node switch
    {
        CharNode { Set: var set } => set.Members(MaxMembers) is { Length: > 0 } members ? IfRare(new RequiredChars(members, RequiredPrefix.Empty)) : null,
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
            if (TryFind(item) is { } found)
            {
                found = found with { Prefix = prefix.Then(found.Prefix) };
                best = best is null || found.Cost < best.Cost ? found : best;
            }

            prefix = prefix.Then(item);
        }

        return best;
    }

    private static RequiredChars? FindInAlternation(AlternationNode node)
    {
        var chars = new HashSet<char>();
        RequiredPrefix prefix = RequiredPrefix.Empty;
        foreach (PatternNode branch in node.Branches)
        {
            if (TryFind(branch) is not { } found)
            {
                return null;
            }

            chars.UnionWith(found.Chars);
            prefix = prefix.Or(found.Prefix);
        }

        return chars.Count > MaxMembers ? null : IfRare(new RequiredChars(new string([.. chars]), prefix));
    }

    private static RequiredChars? IfRare(RequiredChars found) => found.Frequency > MaxFrequency ? null : found;
}
