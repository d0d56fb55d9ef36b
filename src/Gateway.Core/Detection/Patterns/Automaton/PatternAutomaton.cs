using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns.Automaton;

/// <param name="Back">Most units, over the live matches whose length so far has a limit.</param>
/// <param name="Unbounded">Whether a live match has passed a loop, so that its length has none.</param>
internal readonly record struct Reach(int Back, bool Unbounded);

/// <summary>
/// What never changes while scanning: the automaton, the classes of characters, and the items at which a match can begin in each context.
/// An item is a state together with an <see cref="Ending"/>, packed as <c>state * EndingCount + ending</c>. Immutable.
/// </summary>
internal sealed class PatternAutomaton
{
    private const int ContextCount = 3;
    private readonly bool[] _isWord;
    private readonly int[][] _fresh;
    private readonly int _lineFeedClass;

    public PatternAutomaton(IReadOnlyList<Pattern> patterns)
    {
        PatternCount = patterns.Count;
        MaxLengths = [.. patterns.Select(pattern => pattern.MaxLength ?? PatternNode.Unbounded)];
        Nfa = NfaBuilder.Build(patterns);
        Nodes = [.. Nfa.Nodes];
        EndingCount = Nfa.HasTextEnd ? 4 : 1;
        Classes = new CharClassMap(WithAssertionSets(Nfa));
        _isWord = [.. Enumerable.Range(0, Classes.Count).Select(c => Nfa.HasWordBoundary && Classes.Contains(Nfa.Sets.Length, c))];
        _lineFeedClass = Classes.Of('\n');
        _fresh = new int[ContextCount][];
        var stepper = new NfaStepper(this);
        for (int context = 0; context < ContextCount; context++)
        {
            _fresh[context] = stepper.FreshItems((Context)context);
        }
    }

    public int PatternCount { get; }

    /// <summary>By pattern; <see cref="PatternNode.Unbounded"/> where there is no limit.</summary>
    public ImmutableArray<int> MaxLengths { get; }

    public Nfa Nfa { get; }

    public NfaNode[] Nodes { get; }

    public CharClassMap Classes { get; }

    /// <summary>4 if a pattern asks for the end of the text, else 1: all items are <see cref="Ending.Open"/>.</summary>
    public int EndingCount { get; }

    public int MaskLength => (PatternCount + 63) / 64;

    /// <summary>Whether a match can depend on what follows it, so that the end of the text can bring matches.</summary>
    public bool LooksAhead => Nfa.HasTextEnd || Nfa.HasWordBoundary;

    /// <summary>Items of a match that begins at a position with <paramref name="context"/> to its left.</summary>
    public ReadOnlySpan<int> Fresh(Context context) => _fresh[(int)context];

    public Following FollowingOf(int charClass) => _isWord[charClass] ? Following.Word : Following.NonWord;

    public Context ContextAfter(int charClass) => _isWord[charClass] ? Context.Word : Context.NonWord;

    public bool TakesLineFeed(int set) => Classes.Contains(set, _lineFeedClass);

    /// <summary>How far back the live matches can reach. Every live match of a bounded pattern began at most this many units ago.</summary>
    public Reach ReachOf(ReadOnlySpan<int> items)
    {
        int back = 0;
        bool unbounded = false;
        foreach (int item in items)
        {
            int distance = Nodes[item / EndingCount].MaxDistance;
            unbounded |= distance == PatternNode.Unbounded;
            int passed = item % EndingCount == (int)Ending.EndAfterMatch ? 1 : 0;
            back = distance == PatternNode.Unbounded ? back : Math.Max(back, distance + passed);
        }

        return new Reach(back, unbounded);
    }

    public bool IsLineFeed(int charClass) => charClass == _lineFeedClass;

    /// <summary>The context before <paramref name="position"/>; contexts that no assertion of this set tells apart are one.</summary>
    public Context ContextAt(ReadOnlySpan<char> text, int position) =>
        position == 0 ? Start : ContextAfter(Classes.Of(text[position - 1]));

    public Context Start => Nfa.HasTextStart ? Context.TextStart : Context.NonWord;

    /// <summary><c>\b</c> must tell word characters apart, and <c>$</c> the line feed.</summary>
    private static ImmutableArray<CharSet> WithAssertionSets(Nfa nfa)
    {
        ImmutableArray<CharSet> sets = nfa.HasWordBoundary ? nfa.Sets.Add(UnicodeSets.BoundaryWord) : nfa.Sets;
        return nfa.HasTextEnd ? sets.Add(CharSet.Single('\n')) : sets;
    }
}
