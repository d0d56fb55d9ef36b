namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>
/// The DFA that all scanners of a set use at the moment. When its memory is full, scanners simulate what it lacks; once enough
/// text was simulated it is replaced by an empty one, so that an attack that filled it with useless states slows ordinary text for a while only.
/// </summary>
internal sealed class SharedDfa
{
    /// <summary>Most memory of one DFA, in bytes: thousands of states, where rules on ordinary text need hundreds. Taken only as states are built.</summary>
    public const long DefaultMaxBytes = 4 << 20;

    /// <summary>Simulated units after which a new DFA is worth its building.</summary>
    private const long RebuildAfter = 1 << 20;

    private readonly long _maxBytes;
    private readonly Lock _gate = new();
    private LazyDfa _current;
    private long _simulated;
    private long _retiredVisits;

    public SharedDfa(PatternAutomaton automaton, long maxBytes)
    {
        Automaton = automaton;
        _maxBytes = maxBytes;
        _current = new LazyDfa(automaton, generation: 0, maxBytes);
    }

    public PatternAutomaton Automaton { get; }

    public LazyDfa Current => Volatile.Read(ref _current);

    /// <summary>Items visited while building, for the tests that bound the work.</summary>
    public long Visits => _retiredVisits + Current.Visits;

    public void NoteSimulated(int units)
    {
        if (Interlocked.Add(ref _simulated, units) < RebuildAfter)
        {
            return;
        }

        lock (_gate)
        {
            if (Interlocked.Read(ref _simulated) >= RebuildAfter)
            {
                _retiredVisits += _current.Visits;
                Volatile.Write(ref _current, new LazyDfa(Automaton, _current.Generation + 1, _maxBytes));
                Interlocked.Exchange(ref _simulated, 0);
            }
        }
    }
}
