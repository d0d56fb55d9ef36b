namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>
/// A deterministic automaton built while it is used, and shared by all scanners of a set. Reading the table takes no lock: an entry is one
/// integer, written once, after the state it names exists. Building takes a lock. It only grows, up to a limit of memory; then
/// <see cref="Step"/> returns null and the caller simulates, until the set replaces the whole DFA.
/// </summary>
/// <remarks>
/// The table has one array per class of characters, indexed by state: the class is known before the state, so that only one load, without any
/// arithmetic, lies between a state and the next. Entries: 0 = not built yet; positive = the next state; negative = complement of
/// a next state that the scanner must look at, because patterns matched or because its <see cref="Reach"/> became, or ceased to be, unbounded. There is
/// no state 0.
/// </remarks>
internal sealed class LazyDfa
{
    private const int IdleStateCount = 3;
    private const int StateOverheadBytes = 200;
    private readonly PatternAutomaton _automaton;
    private readonly NfaStepper _stepper;
    private readonly Dictionary<int[], DfaState> _byKey = new(StateKeyComparer.Instance);
    private readonly ItemList _key = new();
    private readonly ItemList _sorted = new();
    private readonly Lock _gate = new();
    private readonly long _maxBytes;
    private int[][] _table;
    private DfaState?[] _states = new DfaState?[8];
    private int _count = 1;
    private long _bytes;

    public LazyDfa(PatternAutomaton automaton, int generation, long maxBytes)
    {
        _automaton = automaton;
        _maxBytes = maxBytes;
        _stepper = new NfaStepper(automaton);
        _table = [.. Enumerable.Range(0, automaton.Classes.Count).Select(_ => new int[_states.Length])];
        Generation = generation;
        for (int context = 0; context < IdleStateCount; context++)
        {
            Add(new Configuration { Items = [], Context = (Context)context, Mask = new ulong[automaton.MaskLength] });
        }
    }

    public int Generation { get; }

    /// <summary>The transition table as it is now. It may be replaced by a larger one at any time; the old one stays right as far as it goes.</summary>
    public int[][] Table => Volatile.Read(ref _table);

    /// <summary>States up to this one are those in which nothing has begun and nothing has matched.</summary>
    public static int LastIdle => IdleStateCount;

    public long Visits => _stepper.Visits;

    public DfaState Idle(Context context) => StateAt((int)context + 1);

    public DfaState StateAt(int index)
    {
        DfaState?[] states = Volatile.Read(ref _states);
        if (index < states.Length && Volatile.Read(ref states[index]) is { } state)
        {
            return state;
        }

        lock (_gate)
        {
            return _states[index]!;
        }
    }

    /// <summary>The state after <paramref name="from"/> (of this DFA) over a class, built if need be; null if there is no room for it.</summary>
    public DfaState? Step(DfaState from, int charClass)
    {
        lock (_gate)
        {
            int known = _table[charClass][from.Index];
            if (known != 0)
            {
                return _states[known > 0 ? known : ~known];
            }

            _stepper.Step(from.Configuration, charClass);
            DfaState? target = FindOrAdd(_stepper.Result);
            if (target is not null)
            {
                bool notable = target.HasMatches || target.Reach.Unbounded != from.Reach.Unbounded;
                Volatile.Write(ref _table[charClass][from.Index], notable ? ~target.Index : target.Index);
            }

            return target;
        }
    }

    /// <summary>This DFA's state for a configuration from elsewhere; null if there is no room for it.</summary>
    public DfaState? TryAdopt(Configuration configuration)
    {
        lock (_gate)
        {
            return FindOrAdd(configuration);
        }
    }

    public DfaState AtEnd(DfaState state)
    {
        if (state.AtEnd is { } known)
        {
            return known;
        }

        lock (_gate)
        {
            _stepper.Complete(state.Configuration);
            return state.AtEnd = new DfaState(_stepper.Result, Generation, index: 0, default);
        }
    }

    private DfaState? FindOrAdd(Configuration configuration)
    {
        _sorted.Set(configuration.Items);
        _sorted.Sort();
        configuration = new Configuration
        {
            Items = _sorted.Items,
            Context = configuration.Context,
            Mask = configuration.Mask,
            MatchedBefore = configuration.MatchedBefore,
            MatchedHere = configuration.MatchedHere,
        };
        WriteKey(configuration);
        if (_byKey.GetAlternateLookup<ReadOnlySpan<int>>().TryGetValue(_key.Items, out DfaState? state))
        {
            return state;
        }

        return _bytes > _maxBytes ? null : Add(configuration);
    }

    private DfaState Add(Configuration configuration)
    {
        if (_count == _states.Length)
        {
            Grow();
        }

        WriteKey(configuration);
        var state = new DfaState(configuration, Generation, _count, _automaton.ReachOf(configuration.Items));
        _byKey.Add(_key.Items.ToArray(), state);
        Volatile.Write(ref _states[_count], state);
        _count++;
        _bytes += StateOverheadBytes + (sizeof(int) * ((2L * _key.Count) + _table.Length));
        return state;
    }

    private void Grow()
    {
        DfaState?[] states = _states;
        Array.Resize(ref states, states.Length * 2);
        Volatile.Write(ref _states, states);
        Volatile.Write(ref _table, [.. _table.Select(column => Resized(column, states.Length))]);
    }

    private static int[] Resized(int[] column, int length)
    {
        Array.Resize(ref column, length);
        return column;
    }

    private void WriteKey(Configuration configuration)
    {
        _key.Clear();
        _key.Add((int)configuration.Context);
        foreach (ulong word in configuration.Mask)
        {
            _key.Add((int)word);
            _key.Add((int)(word >> 32));
        }

        _key.Add(configuration.MatchedBefore.Length);
        _key.Add(configuration.MatchedHere.Length);
        _key.Append(configuration.MatchedBefore);
        _key.Append(configuration.MatchedHere);
        _key.Append(configuration.Items);
    }
}
