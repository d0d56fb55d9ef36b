namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>Where scanning stands, and what the last step brought. A view of someone's buffers: valid until that owner's next step.</summary>
internal readonly ref struct Configuration
{
    /// <summary>Live items; a match that has not begun yet is not among them.</summary>
    public required ReadOnlySpan<int> Items { get; init; }

    public required Context Context { get; init; }

    /// <summary>Patterns that have matched, one bit each: they take no further part.</summary>
    public required ReadOnlySpan<ulong> Mask { get; init; }

    /// <summary>Patterns, ascending, whose match ended one unit before the position: an assertion had to see that unit.</summary>
    public ReadOnlySpan<int> MatchedBefore { get; init; }

    /// <summary>Patterns, ascending, whose match ends at the position.</summary>
    public ReadOnlySpan<int> MatchedHere { get; init; }
}
