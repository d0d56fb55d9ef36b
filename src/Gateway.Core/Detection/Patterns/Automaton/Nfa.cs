using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns.Automaton;

internal enum NfaKind : byte
{
    /// <summary>Consumes one unit of set <see cref="NfaNode.Set"/>.</summary>
    Char,

    /// <summary>Goes on at both successors.</summary>
    Split,
    TextStart,
    TextEnd,
    StrictTextEnd,
    WordBoundary,
    NotWordBoundary,

    /// <summary>The pattern has matched.</summary>
    Match,
}

/// <summary>One state of the automaton.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Next">Where it goes on.</param>
/// <param name="Other">The second successor of a split.</param>
/// <param name="Set">Index of the character set.</param>
/// <param name="Pattern">The pattern it belongs to.</param>
/// <param name="MaxDistance">Most units that can have been consumed on the way here; <see cref="PatternNode.Unbounded"/> behind a loop.</param>
internal readonly record struct NfaNode(NfaKind Kind, int Next, int Other, int Set, int Pattern, int MaxDistance);

/// <summary>Thompson's automaton for the union of several patterns. Immutable.</summary>
internal sealed record Nfa(ImmutableArray<NfaNode> Nodes, ImmutableArray<int> Starts, ImmutableArray<CharSet> Sets)
{
    public bool HasTextStart { get; } = Nodes.Any(node => node.Kind == NfaKind.TextStart);

    public bool HasTextEnd { get; } = Nodes.Any(node => node.Kind is NfaKind.TextEnd or NfaKind.StrictTextEnd);

    public bool HasWordBoundary { get; } = Nodes.Any(node => node.Kind is NfaKind.WordBoundary or NfaKind.NotWordBoundary);

    /// <summary>Longest finite distance, in units, that a live match can reach back.</summary>
    public int MaxFiniteDistance { get; } = Nodes.Select(node => node.MaxDistance).Where(distance => distance != PatternNode.Unbounded).DefaultIfEmpty().Max();
}
