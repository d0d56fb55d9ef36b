using System.Collections.Immutable;

namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>
/// The syntax tree of a pattern. <see cref="Size"/> is how many automaton states the node expands to; it saturates, so that nested
/// counted repetition is refused from the number alone, before anything is expanded. Lengths are in UTF-16 units.
/// </summary>
internal abstract record PatternNode(int Size, int MinLength, int MaxLength)
{
    /// <summary>Stands for "no limit"; sums and products saturate here.</summary>
    public const int Unbounded = int.MaxValue;

    protected static int Saturate(long value) => (int)Math.Min(value, Unbounded);

    protected static int Times(int value, int count) => value == 0 || count == 0 ? 0 : Saturate((long)value * count);
}

internal enum Assertion
{
    /// <summary><c>^</c> and <c>\A</c>.</summary>
    TextStart,

    /// <summary><c>$</c> and <c>\Z</c>: at the end, or before a line feed that ends the text.</summary>
    TextEnd,

    /// <summary><c>\z</c>.</summary>
    StrictTextEnd,

    /// <summary><c>\b</c>.</summary>
    WordBoundary,

    /// <summary><c>\B</c>.</summary>
    NotWordBoundary,
}

internal sealed record CharNode(CharSet Set) : PatternNode(1, 1, 1);

internal sealed record AssertionNode(Assertion Assertion) : PatternNode(1, 0, 0);

internal sealed record SequenceNode(ImmutableArray<PatternNode> Items) : PatternNode(
    Saturate(Math.Max(1, Items.Sum(item => (long)item.Size))),
    Saturate(Items.Sum(item => (long)item.MinLength)),
    Saturate(Items.Sum(item => (long)item.MaxLength)));

internal sealed record AlternationNode(ImmutableArray<PatternNode> Branches) : PatternNode(
    Saturate(Branches.Sum(branch => branch.Size + 1L)),
    Branches.Min(branch => branch.MinLength),
    Branches.Max(branch => branch.MaxLength));

/// <summary>
/// <paramref name="Min"/> required copies followed by a loop, or by one optional copy for each step up to <paramref name="Max"/>
/// (<see cref="PatternNode.Unbounded"/> for a loop).
/// </summary>
internal sealed record RepeatNode(PatternNode Item, int Min, int Max) : PatternNode(
    Saturate(((long)Times(Item.Size, Min)) + (Max == Unbounded ? Item.Size + 1L : Times(Saturate(Item.Size + 1L), Max - Min)) + 1),
    Times(Item.MinLength, Min),
    Times(Item.MaxLength, Max));
