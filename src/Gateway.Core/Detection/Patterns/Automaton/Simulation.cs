namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>Steps the automaton without a DFA, for one runner, while the shared DFA has no room. Its buffers are kept.</summary>
internal sealed class Simulation(SharedDfa shared)
{
    /// <summary>Units after which a runner looks for a new DFA.</summary>
    public const int ChunkLength = 1024;

    private readonly NfaStepper _stepper = new(shared.Automaton);
    private readonly ItemList _items = new();
    private readonly ulong[] _mask = new ulong[shared.Automaton.MaskLength];
    private Context _context;
    private int _fullGeneration;

    public long Visits => _stepper.Visits;

    public bool IsIdle => _items.Count == 0 && !_mask.AsSpan().ContainsAnyExcept(0UL);

    private Configuration Current => new() { Items = _items.Items, Context = _context, Mask = _mask };

    public void Begin(Configuration configuration)
    {
        Set(configuration);
        _fullGeneration = shared.Current.Generation;
    }

    public Configuration Step(char c)
    {
        _stepper.Step(Current, shared.Automaton.Classes.Of(c));
        Configuration result = _stepper.Result;
        Set(result);
        return result;
    }

    public Configuration Complete()
    {
        _stepper.Complete(Current);
        return _stepper.Result;
    }

    /// <summary>A state of the shared DFA to go on from, if there is one for what is live now.</summary>
    public DfaState? TryLeave(int simulatedUnits)
    {
        shared.NoteSimulated(simulatedUnits);
        LazyDfa dfa = shared.Current;
        if (IsIdle)
        {
            return dfa.Idle(_context);
        }

        if (dfa.Generation == _fullGeneration)
        {
            return null;
        }

        _fullGeneration = dfa.Generation;
        return dfa.TryAdopt(Current);
    }

    private void Set(Configuration configuration)
    {
        _items.Set(configuration.Items);
        configuration.Mask.CopyTo(_mask);
        _context = configuration.Context;
    }
}
