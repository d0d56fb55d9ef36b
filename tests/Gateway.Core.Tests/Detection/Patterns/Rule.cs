using Gateway.Core.Detection.Patterns;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>A pattern with the options it was parsed with, and short ways to run it.</summary>
internal sealed record Rule(string Source, bool IgnoreCase, Pattern Pattern)
{
    public static Rule? TryCreate(string source, bool ignoreCase) =>
        Pattern.TryParse(source, ignoreCase, out Pattern? pattern, out _) ? new Rule(source, ignoreCase, pattern) : null;

    public static Rule Create(string source, bool ignoreCase = false) => TryCreate(source, ignoreCase) ?? throw new ArgumentException(source);

    public static PatternSet Compile(IReadOnlyList<Rule> rules, long? cacheBytes = null) => cacheBytes is { } bytes
        ? PatternSet.Compile([.. rules.Select(rule => rule.Pattern)], bytes)
        : PatternSet.Compile([.. rules.Select(rule => rule.Pattern)]);

    public static PatternSet Compile(params string[] sources) => Compile([.. sources.Select(source => Create(source))]);

    public static PatternMatch[] Scan(PatternSet set, string text)
    {
        var matches = new PatternMatch[set.Count];
        return matches[..set.MatchesAny(text, matches)];
    }

    public static PatternMatch[] Feed(PatternScanner scanner, IEnumerable<string> pieces)
    {
        scanner.Reset();
        foreach (string piece in pieces)
        {
            scanner.Feed(piece);
        }

        scanner.Complete();
        return scanner.Matches.ToArray();
    }

    public static IEnumerable<int> ExpectedMatches(IReadOnlyList<Rule> rules, string text) =>
        Enumerable.Range(0, rules.Count).Where(i => PatternOracle.IsMatch(rules[i].Source, rules[i].IgnoreCase, text));

    /// <summary>Cuts the text into pieces of the given sizes, and the rest.</summary>
    public static IEnumerable<string> Split(string text, int[] sizes)
    {
        int position = 0;
        foreach (int size in sizes)
        {
            int end = Math.Min(text.Length, position + size);
            yield return text[position..end];
            position = end;
        }

        yield return text[position..];
    }
}
