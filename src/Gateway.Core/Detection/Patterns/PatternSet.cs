using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Automaton;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Patterns compiled into one automaton: every text is scanned once for all of them, in time linear in its length (at worst proportional to
/// the number of automaton states per unit, usually two table look-ups). Thread-safe; compile once per policy and share.
/// </summary>
/// <remarks>
/// Whole texts are not run unit by unit if every pattern requires something rare: <see cref="PatternPartition"/> divides the set into parts (four at
/// most), each with its own automaton, which runs only where a vectorised search says that a match can be. The caches of all of them together
/// take no more memory than that of a set that is not divided.
/// Thompson's construction, simulated as a DFA that is built lazily in bounded memory and simulated directly where that does not suffice (K. Thompson,
/// "Regular Expression Search Algorithm", CACM 1968; R. Cox, "Regular Expression Matching: the Virtual Machine Approach" and RE2).
/// </remarks>
public sealed class PatternSet
{
    /// <summary>Most automaton states of a set, the sum of <see cref="Pattern.StateCount"/>.</summary>
    public const int MaxStateCount = 100_000;

    /// <summary>Below this length one run of the automaton of all is cheaper than several searches (PolicyRuleBenchmarks).</summary>
    private const int ShortLength = 32;

    private readonly SharedDfa _shared;
    private readonly PatternGroup _whole;
    private readonly ImmutableArray<PatternGroup> _parts;

    /// <summary>Every part can match a text of this length.</summary>
    private readonly int _lengthForAllParts;

    private PatternSet(IReadOnlyList<Pattern> patterns, long cacheBytes)
    {
        ImmutableArray<ImmutableArray<AnchoredPattern>> parts = PatternPartition.Divide(patterns);
        _shared = new SharedDfa(new PatternAutomaton(patterns), parts.Length > 1 ? cacheBytes / 2 : cacheBytes);
        _whole = PatternGroup.OfAll(patterns, _shared);
        _parts =
        [
            .. parts.Select(part => PatternGroup.OfPart(
                part, parts.Length > 1 ? new SharedDfa(new PatternAutomaton([.. part.Select(one => one.Pattern)]), cacheBytes / 2 / parts.Length) : _shared)),
        ];
        _lengthForAllParts = _parts.Select(part => part.MinLength).DefaultIfEmpty().Max();
    }

    /// <summary>Number of patterns.</summary>
    public int Count => _shared.Automaton.PatternCount;

    /// <summary>Whether <see cref="MatchesAny"/> can skip text by a vectorised search: every pattern requires some literal or some rare sequence of units.</summary>
    public bool HasPrefilter => !_parts.IsEmpty;

    /// <summary>Automata of parts of the set, besides that of the whole.</summary>
    internal int PartCount => _parts.Length;

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

    /// <summary>
    /// Scans a whole text. Writes the first match of each pattern that matches, in the order in which a <see cref="PatternScanner"/> finds them, and
    /// returns how many did. <see cref="PatternMatch.Start"/> may be another lower bound than the scanner's.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="matches"/> holds fewer than <see cref="Count"/> elements: a match could be lost.</exception>
    public int MatchesAny(ReadOnlySpan<char> text, Span<PatternMatch> matches)
    {
        if (matches.Length < Count)
        {
            throw new ArgumentException("The buffer must have room for one match of every pattern.", nameof(matches));
        }

        var merger = new MatchMerger(matches, Count);
        if (_parts.IsEmpty || (text.Length < ShortLength && text.Length >= _lengthForAllParts))
        {
            Scan(_whole, text, ref merger);
            return merger.Count;
        }

        foreach (PatternGroup part in _parts)
        {
            Scan(part, text, ref merger);
        }

        return merger.Count;
    }

    private static void Scan(PatternGroup group, ReadOnlySpan<char> text, ref MatchMerger merger)
    {
        int stop = group.FirstStop(text);
        if (stop >= 0)
        {
            group.Scan(text, stop, ref merger);
        }
    }
}
