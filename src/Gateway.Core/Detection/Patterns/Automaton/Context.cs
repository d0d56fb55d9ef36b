namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>What stands to the left of a position, as far as an assertion of the set can ask.</summary>
internal enum Context : byte
{
    /// <summary>A unit that is no word character, or nothing that matters.</summary>
    NonWord,

    /// <summary>A word character in the sense of <c>\b</c>.</summary>
    Word,

    /// <summary>Nothing: the position is the start of the text. Counts as no word character.</summary>
    TextStart,
}

/// <summary>What stands to the right of a position.</summary>
internal enum Following : byte
{
    /// <summary>Not fed yet: an assertion that asks stays in the state until it is.</summary>
    Unknown,

    /// <summary>The end of the text, or a unit that is no word character.</summary>
    NonWord,
    Word,
}

/// <summary>
/// What a live match has assumed about the end of the text. <c>$</c> looks up to two units ahead, which a stream has not seen; so it goes
/// on under both assumptions that make it true, and the units that follow refute the wrong one.
/// </summary>
internal enum Ending : byte
{
    /// <summary>Nothing is assumed.</summary>
    Open,

    /// <summary>One line feed follows, then the text ends.</summary>
    LineFeedThenEnd,

    /// <summary>The text ends here.</summary>
    End,

    /// <summary>The match ended one unit ago and holds if the text ends here.</summary>
    EndAfterMatch,
}
