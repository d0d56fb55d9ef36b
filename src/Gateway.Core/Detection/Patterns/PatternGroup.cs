using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Automaton;

namespace Gateway.Core.Detection.Patterns;

/// <summary>Some patterns of a set, which are searched for in one pass over a whole text. Thread-safe.</summary>
internal sealed class PatternGroup
{
    private const int MinStopsForDensity = 8;
    private const int MinUnitsPerStop = 64;

    /// <summary>How far to run without stopping where stops are dense: long against what it costs to find out once more.</summary>
    private const int DenseStretch = 2_048;

    private readonly ImmutableArray<int> _ids;
    private readonly SharedDfa _shared;
    private readonly Prefilter? _prefilter;
    private PatternRunner? _spare;

    private PatternGroup(IEnumerable<Pattern> patterns, ImmutableArray<int> ids, SharedDfa shared, Prefilter? prefilter)
    {
        _ids = ids;
        _shared = shared;
        _prefilter = prefilter;
        MinLength = patterns.Select(pattern => pattern.MinLength).DefaultIfEmpty(int.MaxValue).Min();
    }

    /// <summary>Length of the shortest text that a pattern of the group matches.</summary>
    public int MinLength { get; }

    /// <summary>All patterns of a set, of which <paramref name="shared"/> is the automaton: all text is run through it.</summary>
    public static PatternGroup OfAll(IReadOnlyCollection<Pattern> patterns, SharedDfa shared) =>
        new(patterns, [.. Enumerable.Range(0, patterns.Count)], shared, prefilter: null);

    /// <summary>One part of a <see cref="PatternPartition"/>, with the automaton of its patterns.</summary>
    public static PatternGroup OfPart(ImmutableArray<AnchoredPattern> patterns, SharedDfa shared) =>
        new(patterns.Select(one => one.Pattern), [.. patterns.Select(one => one.Id)], shared, new Prefilter(patterns));

    /// <summary>Where in <paramref name="text"/> to begin to look closer; negative if no pattern of the group can match.</summary>
    public int FirstStop(ReadOnlySpan<char> text) => text.Length < MinLength ? -1 : _prefilter?.IndexOf(text) ?? 0;

    /// <summary>Adds the first match of each pattern that matches. <paramref name="stop"/> is what <see cref="FirstStop"/> said.</summary>
    public void Scan(ReadOnlySpan<char> text, int stop, ref MatchMerger matches)
    {
        PatternRunner runner = Interlocked.Exchange(ref _spare, null) ?? new PatternRunner(_shared);
        runner.Reset();
        int position = _prefilter is null ? 0 : ScanAroundStops(runner, _prefilter, text, stop);
        runner.Run(text[position..]);
        runner.Complete();
        matches.Add(runner, _ids);
        Volatile.Write(ref _spare, runner);
    }

    /// <summary>
    /// Runs the automaton only from where a match that goes on at the next stop can begin, until nothing is live any more. Returns from where the rest
    /// has to be run, because a pattern has matched. Nowhere is searched or run twice but for one way back from each stop, so that the time is linear.
    /// </summary>
    private int ScanAroundStops(PatternRunner runner, Prefilter prefilter, ReadOnlySpan<char> text, int stop)
    {
        int position = 0;
        int stops = 0;
        int since = 0;
        while (stop >= 0)
        {
            stop += position;
            int start = prefilter.StartBefore(text, position, stop);
            runner.JumpTo(start, _shared.Automaton.ContextAt(text, start));
            runner.Run(text[start..stop]);
            position = stop + runner.RunToIdle(text[stop..]);
            stops++;
            if (stops >= MinStopsForDensity && position - since < stops * (long)MinUnitsPerStop)
            {
                position += RunStretch(runner, text[position..]);
                stops = 0;
                since = position;
            }

            if (position == text.Length || runner.Matches.Length > 0)
            {
                return position;
            }

            stop = prefilter.IndexOf(text[position..]);
        }

        runner.JumpTo(text.Length, _shared.Automaton.ContextAt(text, text.Length));
        return text.Length;
    }

    /// <summary>Where stops are so dense that each costs more than it saves.</summary>
    private static int RunStretch(PatternRunner runner, ReadOnlySpan<char> text)
    {
        int stretch = Math.Min(text.Length, DenseStretch);
        runner.Run(text[..stretch]);
        return stretch + (runner.Matches.Length > 0 ? 0 : runner.RunToIdle(text[stretch..]));
    }
}
