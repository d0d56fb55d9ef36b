using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>Turns syntax trees into one automaton, back to front: a node is built when its successor is known.</summary>
internal sealed class NfaBuilder
{
    private readonly List<NfaNode> _nodes = [];
    private readonly Dictionary<CharSet, int> _sets = [];
    private int _pattern;

    public static Nfa Build(IReadOnlyList<Pattern> patterns)
    {
        var builder = new NfaBuilder();
        var starts = ImmutableArray.CreateBuilder<int>(patterns.Count);
        for (int i = 0; i < patterns.Count; i++)
        {
            builder._pattern = i;
            PatternNode root = patterns[i].Root;
            int match = builder.Add(NfaKind.Match, next: -1, distance: root.MaxLength);
            starts.Add(builder.Build(root, match, distance: 0));
        }

        return new Nfa([.. builder._nodes], starts.ToImmutable(), [.. builder._sets.OrderBy(pair => pair.Value).Select(pair => pair.Key)]);
    }

    /// <summary>Returns the entry of <paramref name="node"/>. <paramref name="distance"/> is the most that can have been consumed before it.</summary>
    private int Build(PatternNode node, int next, int distance) => node switch
    {
        CharNode chars => Add(NfaKind.Char, next, distance, SetIndex(chars.Set)),
        AssertionNode assertion => Add(KindOf(assertion.Assertion), next, distance),
        SequenceNode sequence => BuildSequence(sequence, next, distance),
        AlternationNode alternation => BuildAlternation(alternation, next, distance),
        RepeatNode repeat => BuildRepeat(repeat, next, distance),
        _ => throw new InvalidOperationException("Unknown node."),
    };

    private int BuildSequence(SequenceNode node, int next, int distance)
    {
        var distances = new int[node.Items.Length];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = distance;
            distance = Sum(distance, node.Items[i].MaxLength);
        }

        for (int i = distances.Length - 1; i >= 0; i--)
        {
            next = Build(node.Items[i], next, distances[i]);
        }

        return next;
    }

    private int BuildAlternation(AlternationNode node, int next, int distance)
    {
        int entry = Build(node.Branches[^1], next, distance);
        for (int i = node.Branches.Length - 2; i >= 0; i--)
        {
            entry = AddSplit(Build(node.Branches[i], next, distance), entry, distance);
        }

        return entry;
    }

    private int BuildRepeat(RepeatNode node, int next, int distance)
    {
        int copies = node.Max == PatternNode.Unbounded ? node.Min : node.Max;
        int entry = next;
        if (node.Max == PatternNode.Unbounded)
        {
            entry = BuildLoop(node.Item, next, distance);
        }

        for (int i = copies - 1; i >= 0; i--)
        {
            int before = CopyDistance(distance, node.Item.MaxLength, i);
            entry = Build(node.Item, entry, before);
            entry = i >= node.Min ? AddSplit(entry, next, before) : entry;
        }

        return entry;
    }

    private int BuildLoop(PatternNode item, int next, int distance)
    {
        int inside = item.MaxLength == 0 ? distance : PatternNode.Unbounded;
        int split = AddSplit(-1, next, inside);
        int body = Build(item, split, inside);
        _nodes[split] = _nodes[split] with { Next = body };
        return split;
    }

    private int Add(NfaKind kind, int next, int distance, int set = -1, int other = -1)
    {
        _nodes.Add(new NfaNode(kind, next, other, set, _pattern, distance));
        return _nodes.Count - 1;
    }

    private int AddSplit(int next, int other, int distance) => Add(NfaKind.Split, next, distance, other: other);

    private int SetIndex(CharSet set)
    {
        if (!_sets.TryGetValue(set, out int index))
        {
            index = _sets.Count;
            _sets.Add(set, index);
        }

        return index;
    }

    private static int Sum(int a, int b) => (int)Math.Min((long)a + b, PatternNode.Unbounded);

    private static int CopyDistance(int distance, int length, int copies) =>
        copies == 0 ? distance : (int)Math.Min(distance + ((long)length * copies), PatternNode.Unbounded);

    private static NfaKind KindOf(Assertion assertion) => assertion switch
    {
        Assertion.TextStart => NfaKind.TextStart,
        Assertion.TextEnd => NfaKind.TextEnd,
        Assertion.StrictTextEnd => NfaKind.StrictTextEnd,
        Assertion.WordBoundary => NfaKind.WordBoundary,
        _ => NfaKind.NotWordBoundary,
    };
}
