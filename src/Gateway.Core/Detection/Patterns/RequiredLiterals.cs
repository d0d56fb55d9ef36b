using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>Texts of which every match of a pattern contains at least one.</summary>
/// <param name="Literals">The alternatives.</param>
/// <param name="Folded">Whether they have to be searched for ignoring case.</param>
/// <param name="Prefix">What can stand before it in a match.</param>
internal sealed record RequiredLiterals(ImmutableArray<string> Literals, bool Folded, RequiredPrefix Prefix)
{
    private const int MinLength = 2;
    private const int MaxLiterals = 64;

    /// <summary>Beyond this length a longer literal is hardly rarer.</summary>
    private const int SufficientLength = 8;

    /// <summary>Longest of the case groups, with room to spare; a larger set is no literal.</summary>
    private const int MaxVariants = 4;

    /// <summary>Rarer is better: long literals, few alternatives, and a bounded prefix, without which scanning starts far too early.</summary>
    private int Score =>
        (4 * Math.Min(SufficientLength, Literals.Min(literal => literal.Length))) + (Prefix.MaxLength == PatternNode.Unbounded ? 0 : 6) - (Literals.Length / 8);

    /// <summary>The best set found; null if there is none worth searching for.</summary>
    public static RequiredLiterals? TryFind(PatternNode node) => node switch
    {
        SequenceNode or CharNode => FindInSequence(node),
        AlternationNode alternation => FindInAlternation(alternation),
        RepeatNode { Min: > 0 } repeat => TryFind(repeat.Item),
        _ => null,
    };

    private static RequiredLiterals? FindInAlternation(AlternationNode node)
    {
        var literals = new HashSet<string>(StringComparer.Ordinal);
        bool folded = false;
        RequiredPrefix prefix = RequiredPrefix.Empty;
        foreach (PatternNode branch in node.Branches)
        {
            if (TryFind(branch) is not { } found)
            {
                return null;
            }

            literals.UnionWith(found.Literals);
            folded |= found.Folded;
            prefix = prefix.Or(found.Prefix);
        }

        return literals.Count > MaxLiterals ? null : new RequiredLiterals([.. literals], folded, prefix);
    }

    private static RequiredLiterals? FindInSequence(PatternNode node)
    {
        RequiredLiterals? best = null;
        var run = new StringBuilder();
        bool folded = false;
        RequiredPrefix prefix = RequiredPrefix.Empty;
        RequiredPrefix runPrefix = prefix;
        foreach (PatternNode item in Flatten(node))
        {
            string? variants = item is CharNode { Set: var set } ? LiteralVariants(set) : null;
            if (variants is not null)
            {
                runPrefix = run.Length == 0 ? prefix : runPrefix;
                run.Append(variants[0]);
                folded |= variants.Length > 1;
            }
            else
            {
                best = Better(best, Take(run, folded, runPrefix));
                folded = false;
                best = item is CharNode ? best : Better(best, TryFind(item)?.After(prefix));
            }

            prefix = prefix.Then(item);
        }

        return Better(best, Take(run, folded, runPrefix));
    }

    private static IEnumerable<PatternNode> Flatten(PatternNode node) => node is SequenceNode sequence ? sequence.Items.SelectMany(Flatten) : [node];

    private RequiredLiterals After(RequiredPrefix prefix) => this with { Prefix = prefix.Then(Prefix) };

    private static RequiredLiterals? Take(StringBuilder run, bool folded, RequiredPrefix prefix)
    {
        string literal = run.ToString();
        run.Clear();
        return literal.Length < MinLength ? null : new RequiredLiterals([literal], folded, prefix);
    }

    /// <summary>
    /// The members of a set that a search for its first member finds. Ignoring case, the search equates units with the same upper case; a set
    /// that holds more than those (k and the Kelvin sign) would be missed and is no literal. Surrogates are left out: the search could take
    /// them in pairs.
    /// </summary>
    private static string? LiteralVariants(CharSet set)
    {
        string? members = set.Members(MaxVariants);
        bool found = members is { Length: > 0 }
            && members.All(c => !char.IsSurrogate(c) && char.ToUpperInvariant(c) == char.ToUpperInvariant(members[0]));
        return found ? members : null;
    }

    private static RequiredLiterals? Better(RequiredLiterals? a, RequiredLiterals? b) =>
        a is null ? b : b is null || a.Score >= b.Score ? a : b;
}
