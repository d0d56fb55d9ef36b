using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Automaton;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>Adjacent units of which every match of a pattern contains one sequence, rare in ordinary text. Immutable.</summary>
/// <param name="Sets">What each of the first <see cref="Length"/> units is; null where it does not matter.</param>
/// <param name="Prefix">What can stand before them in a match.</param>
/// <param name="Frequency">How often they are expected, in parts of <see cref="CharFrequency.Whole"/>.</param>
internal sealed record RequiredShape(ImmutableArray<CharSet?> Sets, RequiredPrefix Prefix, int Frequency)
{
    /// <summary>Units of a shape.</summary>
    public const int Length = 3;

    /// <summary>More often than this (once in 50 units) running the automaton alone is hardly dearer than stopping at each.</summary>
    public const int MaxFrequency = CharFrequency.Whole / 50;

    /// <summary>Like stands next to like: a digit makes another digit far likelier than it is by itself.</summary>
    private const int MaxGainByNeighbour = 4;

    /// <summary>About as many units could be run in the time that stopping once takes.</summary>
    private const int UnitsPerStop = 16;

    private long Cost => (long)Frequency * (UnitsPerStop + Math.Min(Prefix.MaxLength, 16 * UnitsPerStop));

    /// <summary>The cheaper of how matches begin and a rare character that they contain; null if neither is rare.</summary>
    public static RequiredShape? TryFind(Pattern pattern)
    {
        RequiredShape? start = StartOf(pattern);
        RequiredShape? inside = RequiredChars.TryFind(pattern.Root) is { } chars ? new RequiredShape([chars.Set, null, null], chars.Prefix, chars.Frequency) : null;
        RequiredShape? best = start is null || (inside is not null && inside.Cost < start.Cost) ? inside : start;
        return best is null || best.Frequency > MaxFrequency ? null : best;
    }

    /// <summary>The first units of a match. Assertions are taken to hold, so that the sets can only be too large.</summary>
    private static RequiredShape? StartOf(Pattern pattern)
    {
        Nfa nfa = NfaBuilder.Build([pattern]);
        var sets = ImmutableArray.CreateBuilder<CharSet?>(Length);
        HashSet<int> reached = Closure(nfa, nfa.Starts);
        while (sets.Count < Length)
        {
            if (sets.Count >= pattern.MinLength)
            {
                sets.Add(null);
                continue;
            }

            NfaNode[] chars = [.. reached.Select(node => nfa.Nodes[node]).Where(node => node.Kind == NfaKind.Char)];
            sets.Add(CharSet.Union(chars.Select(node => node.Set).Distinct().Select(set => nfa.Sets[set])));
            reached = Closure(nfa, chars.Select(node => node.Next));
        }

        return new RequiredShape(sets.ToImmutable(), RequiredPrefix.Empty, FrequencyOf(sets));
    }

    private static HashSet<int> Closure(Nfa nfa, IEnumerable<int> nodes)
    {
        var reached = new HashSet<int>();
        var open = new Stack<int>(nodes);
        while (open.TryPop(out int index))
        {
            NfaNode node = nfa.Nodes[index];
            if (!reached.Add(index) || node.Kind is NfaKind.Char or NfaKind.Match)
            {
                continue;
            }

            open.Push(node.Next);
            if (node.Kind == NfaKind.Split)
            {
                open.Push(node.Other);
            }
        }

        return reached;
    }

    private static int FrequencyOf(IEnumerable<CharSet?> sets)
    {
        int[] each = [.. sets.Select(set => set is null ? CharFrequency.Whole : CharFrequency.Of(set)).Order()];
        double all = each[0];
        foreach (int other in each[1..])
        {
            all *= Math.Max(1.0 / MaxGainByNeighbour, (double)other / CharFrequency.Whole);
        }

        return (int)Math.Ceiling(all);
    }
}
