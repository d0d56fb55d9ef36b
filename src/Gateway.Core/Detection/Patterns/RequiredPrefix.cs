using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>What can stand in a match before something that the match must contain. Immutable.</summary>
/// <param name="MaxLength">Most units; <see cref="PatternNode.Unbounded"/> if there is no limit.</param>
/// <param name="Sets">Each of those units is in one of these.</param>
internal sealed record RequiredPrefix(int MaxLength, ImmutableHashSet<CharSet> Sets)
{
    /// <summary>Prefixes up to this length are cheap to run whatever they consist of.</summary>
    private const int NearLength = 8;

    public static readonly RequiredPrefix Empty = new(0, []);

    /// <summary>Whether a prefix can go back over several words, so that ordinary text does not end the way back to where a match can have begun.</summary>
    public bool IsWide => MaxLength > NearLength && Sets.Any(set => set.Contains(' '));

    /// <summary>This one, and then all of <paramref name="node"/>.</summary>
    public RequiredPrefix Then(PatternNode node) => node.MaxLength == 0 ? this : Then(new RequiredPrefix(node.MaxLength, [.. SetsOf(node)]));

    public RequiredPrefix Then(RequiredPrefix next) => next.MaxLength == 0
        ? this
        : new RequiredPrefix((int)Math.Min((long)MaxLength + next.MaxLength, PatternNode.Unbounded), Sets.Union(next.Sets));

    /// <summary>This one or <paramref name="other"/>.</summary>
    public RequiredPrefix Or(RequiredPrefix other) => new(Math.Max(MaxLength, other.MaxLength), Sets.Union(other.Sets));

    private static IEnumerable<CharSet> SetsOf(PatternNode node) => node switch
    {
        CharNode chars => [chars.Set],
        SequenceNode sequence => sequence.Items.SelectMany(SetsOf),
        AlternationNode alternation => alternation.Branches.SelectMany(SetsOf),
        RepeatNode repeat => SetsOf(repeat.Item),
        _ => [],
    };
}
