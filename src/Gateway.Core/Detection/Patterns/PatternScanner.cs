using Gateway.Core.Detection.Patterns.Automaton;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Scans one stream of text, however it is split, for the first match of each pattern of a set. Reusable; not thread-safe. Feeding allocates
/// nothing once the set's automaton knows this kind of text. Positions are UTF-16 units from the start of the stream.
/// </summary>
/// <remarks>
/// <see cref="SafePosition"/> for patterns of limited length is the position minus the most that any match in progress can have taken; for a
/// pattern without limit it is where the first match behind a loop can have begun, for as long as such a match is in progress. A pattern that
/// has matched holds nothing back any more.
/// </remarks>
public sealed class PatternScanner
{
    private readonly PatternRunner _runner;
    private readonly SurrogateHistory _history;
    private readonly int _window;
    private int _knownMatches;
    private bool _completed;

    internal PatternScanner(SharedDfa shared)
    {
        _runner = new PatternRunner(shared);
        _window = shared.Automaton.Nfa.MaxFiniteDistance + 2;
        _history = new SurrogateHistory(_window);
    }

    /// <summary>Whether any pattern has matched.</summary>
    public bool HasMatch => _runner.Matches.Length > 0;

    /// <summary>All matches so far, in the order in which they were found; at most one a pattern.</summary>
    public ReadOnlySpan<PatternMatch> Matches => _runner.Matches;

    /// <summary>The matches that the last call of <see cref="Feed"/> or <see cref="Complete"/> found.</summary>
    public ReadOnlySpan<PatternMatch> NewMatches => _runner.Matches[_knownMatches..];

    /// <summary>Units fed so far.</summary>
    public long Position => _runner.Position;

    /// <summary>
    /// Text before this position can be released: no match that is still to be found begins before it. Never decreases, never lies between the
    /// two halves of a surrogate pair, and equals <see cref="Position"/> when nothing is in progress.
    /// </summary>
    public long SafePosition { get; private set; }

    internal long Visits => _runner.Visits;

    /// <summary>Begins a new stream.</summary>
    public void Reset()
    {
        _runner.Reset();
        _history.Clear();
        _knownMatches = 0;
        _completed = false;
        SafePosition = 0;
    }

    /// <summary>Scans the next piece. Any split of a text gives the same matches.</summary>
    /// <exception cref="InvalidOperationException">The stream was completed and not reset.</exception>
    public void Feed(ReadOnlySpan<char> text)
    {
        if (_completed)
        {
            throw new InvalidOperationException("The stream is complete; reset the scanner first.");
        }

        _knownMatches = _runner.Matches.Length;
        long start = _runner.Position;
        _runner.Run(text);
        SafePosition = Math.Max(SafePosition, FindSafePosition(text, start));
        _history.Append(text, start);
    }

    /// <summary>The text ends here: <c>$</c>, <c>\z</c> and <c>\b</c> that waited for more are decided, and nothing is held back any more.</summary>
    public void Complete()
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        _knownMatches = _runner.Matches.Length;
        _runner.Complete();
        SafePosition = _runner.Position;
    }

    private long FindSafePosition(ReadOnlySpan<char> text, long start)
    {
        Reach reach = _runner.Reach;
        long position = reach.Unbounded ? _runner.HeldFrom : _runner.Position - reach.Back;
        if (position < start - _window)
        {
            // Held since an earlier piece, when the position was moved off a pair if it stood in one.
            return SafePosition;
        }

        bool splitsPair = position > start ? char.IsHighSurrogate(text[(int)(position - 1 - start)]) : _history.IsHigh(position - 1);
        return splitsPair ? position - 1 : position;
    }
}
