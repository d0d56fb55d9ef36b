using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>Runs one text through the shared DFA, piece by piece, and keeps the first match of each pattern. Not thread-safe.</summary>
internal sealed class PatternRunner
{
    private readonly SharedDfa _shared;
    private readonly PatternAutomaton _automaton;
    private readonly PatternMatch[] _matches;
    private readonly long[] _orders;
    private DfaState _state;
    private Simulation? _simulation;
    private bool _simulating;
    private long _origin;
    private int _matchCount;

    public PatternRunner(SharedDfa shared)
    {
        _shared = shared;
        _automaton = shared.Automaton;
        _matches = new PatternMatch[_automaton.PatternCount];
        _orders = new long[_automaton.PatternCount];
        _state = shared.Current.Idle(_automaton.Start);
    }

    public ReadOnlySpan<PatternMatch> Matches => _matches.AsSpan(0, _matchCount);

    /// <summary>
    /// For each of <see cref="Matches"/> a number that says when it was certain, the same in any automaton that the pattern is part of. Ascending;
    /// equal ones are in the order of their patterns.
    /// </summary>
    public ReadOnlySpan<long> MatchOrders => _orders.AsSpan(0, _matchCount);

    /// <summary>Units run so far, counting those jumped over.</summary>
    public long Position { get; private set; }

    public Reach Reach { get; private set; }

    /// <summary>While <see cref="Reach"/> is unbounded: no live match began before this position.</summary>
    public long HeldFrom { get; private set; }

    public long Visits => _simulation?.Visits ?? 0;

    private bool AllMatched => _matchCount == _matches.Length;

    public void Reset()
    {
        _matchCount = 0;
        JumpTo(0, _automaton.Start);
    }

    /// <summary>Goes on at <paramref name="position"/> with nothing begun. No pattern may have matched yet.</summary>
    public void JumpTo(long position, Context context)
    {
        Position = position;
        Reach = default;
        HeldFrom = 0;
        _simulating = false;
        _state = _shared.Current.Idle(context);
    }

    public void Run(ReadOnlySpan<char> text)
    {
        _origin = Position;
        for (int i = 0; i < text.Length && !AllMatched;)
        {
            i = _simulating ? Simulate(text, i) : RunTable(text, i, stopWhenIdle: false);
        }

        Position = _origin + text.Length;
    }

    /// <summary>Runs at least one unit, up to where nothing is live and nothing has matched; returns how many units that took.</summary>
    public int RunToIdle(ReadOnlySpan<char> text)
    {
        _origin = Position;
        int i = 0;
        bool idle = false;
        while (i < text.Length && !AllMatched && !idle)
        {
            bool table = !_simulating;
            i = table ? RunTable(text, i, stopWhenIdle: true) : Simulate(text, i);
            idle = table && !_simulating && i > 0 && _matchCount == 0 && !_state.HasItems;
        }

        i = AllMatched ? text.Length : i;
        Position = _origin + i;
        return i;
    }

    public void Complete()
    {
        if (!_automaton.LooksAhead || AllMatched)
        {
            return;
        }

        Configuration end = _simulating ? _simulation!.Complete() : _shared.Current.AtEnd(_state).Configuration;
        TakeMatches(end, Position, Position + 1, Reach, Position);
        Reach = default;
    }

    private int RunTable(ReadOnlySpan<char> text, int i, bool stopWhenIdle)
    {
        LazyDfa dfa = _shared.Current;
        if (_state.Generation != dfa.Generation && !TryAdopt(dfa))
        {
            return i;
        }

        int lastStop = stopWhenIdle ? LazyDfa.LastIdle : 0;
        while (i < text.Length)
        {
            int state = _state.Index;
            i = Advance(text, i, ref state, dfa.Table, _automaton.Classes, lastStop, out int entry);
            _state = dfa.StateAt(state);
            if (i == text.Length)
            {
                break;
            }

            if (entry > 0)
            {
                _state = dfa.StateAt(entry);
                Reach = default;
                return i + 1;
            }

            if (!TryStep(dfa, entry, text[i], _origin + i))
            {
                return i;
            }

            i++;
            if (_state.Index <= lastStop)
            {
                return i;
            }
        }

        Reach = _state.Reach;
        return i;
    }

    /// <summary>
    /// The loop that everything ordinary runs in, by itself so that all it uses stays in registers. It stops at the end of the text, or before a unit
    /// whose entry is not above <paramref name="lastStop"/>: what the table does not know, and states that must be looked at, both rare.
    /// </summary>
    private static int Advance(
        ReadOnlySpan<char> text, int i, ref int state, int[][] table, CharClassMap classes, int lastStop, out int entry)
    {
        ushort[] ascii = classes.Ascii;
        int current = state;
        entry = 0;
        while (i < text.Length)
        {
            char c = text[i];
            int charClass = c < ascii.Length ? ascii[c] : classes.Of(c);
            int next = table[charClass][current];
            if (next <= lastStop)
            {
                entry = next;
                break;
            }

            current = next;
            i++;
        }

        state = current;
        return i;
    }

    /// <summary>Takes a step that needs a look. False if the DFA has no room for the next state: simulation goes on at the same unit.</summary>
    private bool TryStep(LazyDfa dfa, int entry, char c, long position)
    {
        DfaState? target = entry == 0 ? dfa.Step(_state, _automaton.Classes.Of(c)) : dfa.StateAt(entry > 0 ? entry : ~entry);
        if (target is null)
        {
            BeginSimulation();
            return false;
        }

        Enter(target.Configuration, _state.Reach, target.Reach, position);
        _state = target;
        return true;
    }

    private bool TryAdopt(LazyDfa dfa)
    {
        if (dfa.TryAdopt(_state.Configuration) is { } adopted)
        {
            _state = adopted;
            return true;
        }

        BeginSimulation();
        return false;
    }

    private void BeginSimulation()
    {
        _simulation ??= new Simulation(_shared);
        _simulation.Begin(_state.Configuration);
        Reach = _state.Reach;
        _simulating = true;
    }

    private int Simulate(ReadOnlySpan<char> text, int i)
    {
        int end = Math.Min(text.Length, i + Simulation.ChunkLength);
        int start = i;
        do
        {
            Reach before = Reach;
            Configuration result = _simulation!.Step(text[i]);
            Enter(result, before, _automaton.ReachOf(result.Items), _origin + i);
            i++;
        }
        while (i < end && !_simulation.IsIdle);

        if (_simulation.TryLeave(i - start) is { } state)
        {
            _state = state;
            _simulating = false;
        }

        return i;
    }

    /// <summary>Takes note of a step over the unit at <paramref name="position"/>.</summary>
    private void Enter(Configuration target, Reach before, Reach after, long position)
    {
        TakeMatches(target, position + 1, position + 1, before, position);
        if (after.Unbounded && !before.Unbounded)
        {
            HeldFrom = position - before.Back;
        }

        Reach = after;
    }

    private void TakeMatches(Configuration found, long end, long step, Reach reach, long reachFrom)
    {
        long earliest = reach.Unbounded ? HeldFrom : reachFrom - reach.Back;
        TakeMatches(found.MatchedBefore, end - 1, 2 * step, earliest);
        TakeMatches(found.MatchedHere, end, (2 * step) + 1, earliest);
    }

    private void TakeMatches(ReadOnlySpan<int> patterns, long end, long order, long earliest)
    {
        foreach (int pattern in patterns)
        {
            int length = _automaton.MaxLengths[pattern];
            long start = length == PatternNode.Unbounded ? earliest : Math.Max(earliest, end - length);
            _orders[_matchCount] = order;
            _matches[_matchCount++] = new PatternMatch(pattern, Math.Max(0, start), end);
        }
    }
}
