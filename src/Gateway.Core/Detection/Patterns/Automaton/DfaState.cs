namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>
/// One state of the lazy DFA. Immutable apart from the cached result of ending the text here. It stays valid without the DFA that made it, so
/// that a parked scanner does not keep a retired DFA alive; only <see cref="Index"/> belongs to that DFA.
/// </summary>
internal sealed class DfaState
{
    private readonly int[] _items;
    private readonly ulong[] _mask;
    private readonly Context _context;
    private readonly int[] _matchedBefore;
    private readonly int[] _matchedHere;

    public DfaState(Configuration configuration, int generation, int index, Reach reach)
    {
        Generation = generation;
        Index = index;
        Reach = reach;
        _items = configuration.Items.ToArray();
        _mask = configuration.Mask.ToArray();
        _context = configuration.Context;
        _matchedBefore = configuration.MatchedBefore.ToArray();
        _matchedHere = configuration.MatchedHere.ToArray();
    }

    /// <summary>Which DFA <see cref="Index"/> belongs to.</summary>
    public int Generation { get; }

    /// <summary>Number of the state in that DFA.</summary>
    public int Index { get; }

    public Reach Reach { get; }

    public bool HasItems => _items.Length > 0;

    public bool HasMatches => _matchedBefore.Length + _matchedHere.Length > 0;

    public Configuration Configuration => new()
    {
        Items = _items,
        Context = _context,
        Mask = _mask,
        MatchedBefore = _matchedBefore,
        MatchedHere = _matchedHere,
    };

    /// <summary>What ending the text here brings, once somebody asked. Assigned whole; two threads would assign equal values.</summary>
    public DfaState? AtEnd { get; set; }
}
