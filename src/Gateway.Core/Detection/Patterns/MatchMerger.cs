using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Automaton;

namespace Gateway.Core.Detection.Patterns;

/// <summary>Puts the matches that several automata found in one text into the order in which one automaton of all patterns finds them.</summary>
internal ref struct MatchMerger
{
    private readonly Span<PatternMatch> _matches;
    private readonly int _patternCount;
    private (long Order, int Pattern)[]? _keys;

    /// <summary>Writes to <paramref name="matches"/>, which must have room for one match of each of <paramref name="patternCount"/> patterns.</summary>
    public MatchMerger(Span<PatternMatch> matches, int patternCount)
    {
        _matches = matches;
        _patternCount = patternCount;
    }

    public int Count { get; private set; }

    /// <summary><paramref name="ids"/> are the numbers in the set of the patterns that <paramref name="runner"/> ran.</summary>
    public void Add(PatternRunner runner, ImmutableArray<int> ids)
    {
        ReadOnlySpan<PatternMatch> found = runner.Matches;
        if (ids.Length == _patternCount)
        {
            found.CopyTo(_matches);
            Count = found.Length;
        }
        else if (found.Length > 0)
        {
            AddSorted(found, runner.MatchOrders, ids);
        }
    }

    private void AddSorted(ReadOnlySpan<PatternMatch> found, ReadOnlySpan<long> orders, ImmutableArray<int> ids)
    {
        _keys ??= new (long, int)[_patternCount];
        for (int i = 0; i < found.Length; i++)
        {
            int pattern = ids[found[i].Pattern];
            _matches[Count] = found[i] with { Pattern = pattern };
            _keys[Count++] = (orders[i], pattern);
        }

        _keys.AsSpan(0, Count).Sort(_matches[..Count]);
    }
}
