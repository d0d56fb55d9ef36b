namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>
/// One step of the automaton: from the set of live items, over one unit, to the next set. Each item is visited at most twice per step, so a
/// step costs at most a constant times the number of items, whatever the text. Used to build states of the lazy DFA and, when
/// its cache is full, instead of it. Holds its own buffers: not thread-safe.
/// </summary>
internal sealed class NfaStepper
{
    private readonly PatternAutomaton _automaton;
    private readonly NfaNode[] _nodes;
    private readonly int _endingCount;
    private readonly int[] _marks;
    private readonly ItemList _stack = new();
    private readonly ItemList _current = new();
    private readonly ItemList _next = new();
    private readonly ItemList _matchedBefore = new();
    private readonly ItemList _matchedHere = new();
    private readonly ulong[] _mask;
    private int _generation;
    private Context _context;

    public NfaStepper(PatternAutomaton automaton)
    {
        _automaton = automaton;
        _nodes = automaton.Nodes;
        _endingCount = automaton.EndingCount;
        _marks = new int[_nodes.Length * _endingCount];
        _mask = new ulong[automaton.MaskLength];
    }

    /// <summary>Result of the last step.</summary>
    public Configuration Result => new()
    {
        Items = _next.Items,
        Context = _context,
        Mask = _mask,
        MatchedBefore = _matchedBefore.Items,
        MatchedHere = _matchedHere.Items,
    };

    /// <summary>Items visited since this stepper was made: the measure of work that the tests bound.</summary>
    public long Visits { get; private set; }

    public int[] FreshItems(Context context)
    {
        Begin([]);
        foreach (int start in _automaton.Nfa.Starts)
        {
            Push(start, Ending.Open);
        }

        Drain(_next, context, Following.Unknown, _matchedHere);
        return _next.Items.ToArray();
    }

    /// <summary><paramref name="from"/> may be a view of any buffers but this stepper's own.</summary>
    public void Step(Configuration from, int charClass)
    {
        Begin(from.Mask);
        Resolve(from.Items, _automaton.Fresh(from.Context), from.Context, _automaton.FollowingOf(charClass), _matchedBefore);
        NewGeneration();
        foreach (int item in _current.Items)
        {
            Advance(item, charClass);
        }

        _context = _automaton.ContextAfter(charClass);
        Drain(_next, _context, Following.Unknown, _matchedHere);
        if (_matchedHere.Count > 0)
        {
            _next.RemoveWhere(item => IsMasked(_nodes[item / _endingCount].Pattern));
        }

        _matchedBefore.Sort();
        _matchedHere.Sort();
    }

    /// <summary>The text ends. The result holds the patterns that match at its end, and before it those that match before a final line feed.</summary>
    public void Complete(Configuration from)
    {
        Begin(from.Mask);
        TakeMatches(from.Items, Ending.EndAfterMatch, _matchedBefore);
        Resolve(from.Items, [], from.Context, Following.NonWord, _matchedHere);
        TakeMatches(_current.Items, Ending.End, _matchedHere);
    }

    private void TakeMatches(ReadOnlySpan<int> items, Ending ending, ItemList matches)
    {
        foreach (int item in items)
        {
            NfaNode node = _nodes[item / _endingCount];
            if (node.Kind == NfaKind.Match && EndingOf(item) == ending && !IsMasked(node.Pattern))
            {
                TakeMatch(node.Pattern, matches);
            }
        }

        matches.Sort();
    }

    private void Begin(ReadOnlySpan<ulong> mask)
    {
        _mask.AsSpan().Clear();
        mask.CopyTo(_mask);
        _current.Clear();
        _next.Clear();
        _matchedBefore.Clear();
        _matchedHere.Clear();
        NewGeneration();
    }

    /// <summary>Forgets which items were visited, in constant time.</summary>
    private void NewGeneration()
    {
        if (_generation == int.MaxValue)
        {
            _marks.AsSpan().Clear();
            _generation = 0;
        }

        _generation++;
    }

    /// <summary>Fills the current items with those that consume, following the word assertions now that the next unit is known.</summary>
    private void Resolve(ReadOnlySpan<int> live, ReadOnlySpan<int> fresh, Context context, Following following, ItemList matches)
    {
        AddToCurrent(live, context, following);
        AddToCurrent(fresh, context, following);
        Drain(_current, context, following, matches);
    }

    private void AddToCurrent(ReadOnlySpan<int> items, Context context, Following following)
    {
        Visits += items.Length;
        foreach (int item in items)
        {
            ref readonly NfaNode node = ref _nodes[item / _endingCount];
            if (IsMasked(node.Pattern) || !TryMark(item))
            {
                continue;
            }

            if (!IsWordAssertion(node.Kind))
            {
                _current.Add(item);
            }
            else if (Holds(node.Kind, context, following))
            {
                Push(node.Next, EndingOf(item));
            }
        }
    }

    private void Advance(int item, int charClass)
    {
        Visits++;
        int index = item / _endingCount;
        ref readonly NfaNode node = ref _nodes[index];
        if (IsMasked(node.Pattern))
        {
            return;
        }

        Ending ending = EndingOf(item);
        if (ending == Ending.LineFeedThenEnd && _automaton.IsLineFeed(charClass))
        {
            bool isMatch = node.Kind == NfaKind.Match;
            Push(isMatch ? index : node.Next, isMatch ? Ending.EndAfterMatch : Ending.End);
        }
        else if (ending == Ending.Open && _automaton.Classes.Contains(node.Set, charClass))
        {
            Push(node.Next, Ending.Open);
        }
    }

    private void Push(int node, Ending ending)
    {
        int item = (node * _endingCount) + (int)ending;
        if (TryMark(item))
        {
            _stack.Add(item);
        }
    }

    /// <summary>Follows everything on the stack that consumes nothing; what has to wait for the next unit goes to <paramref name="target"/>.</summary>
    private void Drain(ItemList target, Context context, Following following, ItemList matches)
    {
        while (_stack.Count > 0)
        {
            Visits++;
            int item = _stack.Pop();
            ref readonly NfaNode node = ref _nodes[item / _endingCount];
            if (IsMasked(node.Pattern))
            {
                continue;
            }

            if (node.Kind is NfaKind.Char or NfaKind.Match)
            {
                DrainLeaf(item, in node, target, matches);
            }
            else if (IsWordAssertion(node.Kind) && EndingOf(item) == Ending.Open && following == Following.Unknown)
            {
                target.Add(item);
            }
            else
            {
                Follow(in node, EndingOf(item), context, following);
            }
        }
    }

    private void DrainLeaf(int item, in NfaNode node, ItemList target, ItemList matches)
    {
        Ending ending = EndingOf(item);
        if (node.Kind == NfaKind.Match && ending == Ending.Open)
        {
            TakeMatch(node.Pattern, matches);
        }
        else if (node.Kind == NfaKind.Match || ending == Ending.Open || (ending == Ending.LineFeedThenEnd && _automaton.TakesLineFeed(node.Set)))
        {
            target.Add(item);
        }
    }

    private void Follow(in NfaNode node, Ending ending, Context context, Following following)
    {
        switch (node.Kind)
        {
            case NfaKind.Split:
                Push(node.Other, ending);
                Push(node.Next, ending);
                break;
            case NfaKind.TextStart when context == Context.TextStart:
                Push(node.Next, ending);
                break;
            case NfaKind.TextEnd:
                PushTextEnd(node.Next, ending);
                break;
            case NfaKind.StrictTextEnd when ending != Ending.LineFeedThenEnd:
                Push(node.Next, Ending.End);
                break;
            case NfaKind.WordBoundary or NfaKind.NotWordBoundary when Holds(node.Kind, context, ending == Ending.Open ? following : Following.NonWord):
                Push(node.Next, ending);
                break;
        }
    }

    private void PushTextEnd(int next, Ending ending)
    {
        if (ending != Ending.Open)
        {
            Push(next, ending);
            return;
        }

        Push(next, Ending.LineFeedThenEnd);
        Push(next, Ending.End);
    }

    private void TakeMatch(int pattern, ItemList matches)
    {
        _mask[pattern >> 6] |= 1UL << (pattern & 63);
        matches.Add(pattern);
    }

    private static bool Holds(NfaKind kind, Context context, Following following) =>
        ((context == Context.Word) != (following == Following.Word)) == (kind == NfaKind.WordBoundary);

    private static bool IsWordAssertion(NfaKind kind) => kind is NfaKind.WordBoundary or NfaKind.NotWordBoundary;

    private Ending EndingOf(int item) => (Ending)(item % _endingCount);

    private bool IsMasked(int pattern) => (_mask[pattern >> 6] & (1UL << (pattern & 63))) != 0;

    private bool TryMark(int item)
    {
        if (_marks[item] == _generation)
        {
            return false;
        }

        _marks[item] = _generation;
        return true;
    }
}
