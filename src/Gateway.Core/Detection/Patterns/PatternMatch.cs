namespace Gateway.Core.Detection.Patterns;

/// <summary>The first match of one pattern. Positions are UTF-16 units from the start of the scanned text.</summary>
/// <param name="Pattern">Index of the pattern in its <see cref="PatternSet"/>.</param>
/// <param name="Start">
/// A lower bound: the match starts here or later. It is at most the pattern's longest match before <paramref name="End"/>; finding
/// the exact start would take a second, backward pass.
/// </param>
/// <param name="End">
/// Exact end (exclusive) of the match that was certain first: the one that ends first, unless that one has to wait for the end of the text
/// (<c>$</c>). A longer match of the same pattern may end later.
/// </param>
public readonly record struct PatternMatch(int Pattern, long Start, long End);
