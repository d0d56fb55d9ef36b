using Gateway.Core.Detection.Patterns.Automaton;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Patterns compiled into one automaton: every text is scanned once for all of them, in time linear in its length (at worst proportional to
/// the number of automaton states per unit, usually two table look-ups). Thread-safe; compile once per policy and share.
/// </summary>
/// <remarks>
/// Thompson's construction, simulated as a DFA that is built lazily in bounded memory and simulated directly where that does not suffice (K. Thompson,
/// "Regular Expression Search Algorithm", CACM 1968; R. Cox, "Regular Expression Matching: the Virtual Machine Approach" and RE2).
/// </remarks>
public sealed class PatternSet
{
    /// <summary>Most automaton states of a set, the sum of <see cref="Pattern.StateCount"/>.</summary>
    public const int MaxStateCount = 100_000;

    private readonly SharedDfa _shared;
    private readonly LiteralPrefilter? _prefilter;
    private PatternRunner? _spare;

    private PatternSet(IReadOnlyList<Pattern> patterns, long cacheBytes)
    {
        _shared = new SharedDfa(new PatternAutomaton(patterns), cacheBytes);
        _prefilter = LiteralPrefilter.TryCreate(patterns);
    }

    /// <summary>Number of patterns.</summary>
    public int Count => _shared.Automaton.PatternCount;

    /// <summary>Whether <see cref="MatchesAny"/> can skip text by a vectorised search: every pattern requires some literal.</summary>
    public bool HasPrefilter => _prefilter is not null;

    internal SharedDfa Shared => _shared;

    /// <summary>Compiles the patterns; the index of a pattern is its id in <see cref="PatternMatch"/>.</summary>
    /// <exception cref="ArgumentException">Together the patterns have more than <see cref="MaxStateCount"/> states.</exception>
    public static PatternSet Compile(IReadOnlyList<Pattern> patterns) => Compile(patterns, SharedDfa.DefaultMaxBytes);

    internal static PatternSet Compile(IReadOnlyList<Pattern> patterns, long cacheBytes)
    {
        if (patterns.Sum(pattern => (long)pattern.StateCount) > MaxStateCount)
        {
            throw new ArgumentException($"The patterns have more than {MaxStateCount} states together.", nameof(patterns));
        }

        return new PatternSet(patterns, cacheBytes);
    }

    /// <summary>A scanner for one stream of text.</summary>
    public PatternScanner CreateScanner() => new(_shared);

    /// <summary>Scans a whole text. Writes the first match of each pattern that matches and returns how many did.</summary>
    /// <exception cref="ArgumentException"><paramref name="matches"/> holds fewer than <see cref="Count"/> elements: a match could be lost.</exception>
    public int MatchesAny(ReadOnlySpan<char> text, Span<PatternMatch> matches)
    {
        if (matches.Length < Count)
        {
            throw new ArgumentException("The buffer must have room for one match of every pattern.", nameof(matches));
        }

        int first = _prefilter is null ? 0 : _prefilter.IndexOf(text);
        if (first < 0 || Count == 0)
        {
            return 0;
        }

        PatternRunner runner = Interlocked.Exchange(ref _spare, null) ?? new PatternRunner(_shared);
        runner.Reset();
        Scan(runner, text, first);
        ReadOnlySpan<PatternMatch> found = runner.Matches;
        found.CopyTo(matches);
        Volatile.Write(ref _spare, runner);
        return found.Length;
    }

    private void Scan(PatternRunner runner, ReadOnlySpan<char> text, int firstHit)
    {
        int position = _prefilter is null ? 0 : ScanAroundHits(runner, text, firstHit);
        runner.Run(text[position..]);
        runner.Complete();
    }

    /// <summary>
    /// Runs the automaton only from where a match that contains the next literal can begin, until nothing is live any more. Gives up when
    /// literals stand so densely that searching for them costs more than it saves. Returns from where the rest has to be run.
    /// </summary>
    private int ScanAroundHits(PatternRunner runner, ReadOnlySpan<char> text, int hit)
    {
        int position = 0;
        for (int hits = 1; hit >= 0; hits++)
        {
            hit += position;
            int start = Math.Max(position, hit - _prefilter!.Lookback);
            runner.JumpTo(start, _shared.Automaton.ContextAt(text, start));
            runner.Run(text[start..hit]);
            position = hit + (hit < text.Length ? runner.RunToIdle(text[hit..]) : 0);
            if (position == text.Length || runner.Matches.Length > 0 || LiteralPrefilter.IsDense(hits, position))
            {
                return position;
            }

            hit = _prefilter.IndexOf(text[position..]);
        }

        runner.JumpTo(text.Length, _shared.Automaton.ContextAt(text, text.Length));
        return text.Length;
    }
}
