using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Gateway.Core.Detection.Patterns;

namespace Gateway.Benchmarks;

/// <summary>
/// Ten content rules on English text in which none of them matches. Run with
/// <c>dotnet run -c Release --project tests/Gateway.Benchmarks -- --filter '*PatternBenchmarks*' --job short</c>.
/// </summary>
[MemoryDiagnoser]
public class PatternBenchmarks
{
    private const int DeltaLength = 200;

    private const string Sentences =
        "The committee met on Tuesday to review the budget for next year. Several members asked why the cost of travel had gone up, and the "
        + "treasurer explained that prices had risen since spring. After a short break, they turned to the new library, whose opening was put off "
        + "because the roof leaks when it rains. \"We should not wait for the contractor any longer,\" said the chair; nobody disagreed. ";

    private static readonly string[] s_rules =
    [
        @"(?i)ignore (?:all |any )?(?:previous|prior) instructions", @"(?i)disregard the (?:system|developer) prompt", @"(?i)\bjailbreak(?:s|ing)?\b",
        @"(?i)you are now (?:DAN|developer mode)", @"sk-[A-Za-z0-9]{20,64}", @"AKIA[0-9A-Z]{16}", @"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----",
        @"(?i)how to (?:make|build) a (?:bomb|weapon)", @"(?i)confidential.{0,40}internal use", @"(?i)password\s{0,3}[:=]\s{0,3}\S{4,40}",
    ];

    private readonly PatternMatch[] _matches = new PatternMatch[16];
    private PatternSet _literalRules = null!;
    private PatternSet _allRules = null!;
    private PatternScanner _scanner = null!;
    private Regex[] _regexes = null!;
    private string _text = null!;

    /// <summary>Length of the text in UTF-16 units: a short message, a conversation, a conversation with documents.</summary>
    [Params(210, 6_275, 69_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _literalRules = PatternSet.Compile([.. s_rules.Select(Parse)]);
        _allRules = PatternSet.Compile([.. s_rules.Append(@"\b[a-z]{30,40}\b").Select(Parse)]);
        _scanner = _literalRules.CreateScanner();
        _regexes = [.. s_rules.Select(rule => new Regex(rule, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant))];
        var text = new StringBuilder();
        for (int n = 1; text.Length < Length; n++)
        {
            text.Append(Sentences).Append(n).Append(n % 3 == 0 ? ".\n" : ". ");
        }

        _text = text.ToString(0, Length);
        if (WholeScanWithPrefilter() + WholeScanWithoutPrefilter() + RegexNonBacktracking() != 0 || !_literalRules.HasPrefilter || _allRules.HasPrefilter)
        {
            throw new InvalidOperationException("The text must match nothing, and exactly one set must have a prefilter.");
        }
    }

    [Benchmark(Description = "MatchesAny, 10 rules with literals")]
    public int WholeScanWithPrefilter() => _literalRules.MatchesAny(_text, _matches);

    [Benchmark(Description = "MatchesAny, 11 rules, one without literal or rare character")]
    public int WholeScanWithoutPrefilter() => _allRules.MatchesAny(_text, _matches);

    [Benchmark(Description = "Feed in deltas of 200")]
    public long FeedDeltas()
    {
        _scanner.Reset();
        for (int i = 0; i < _text.Length; i += DeltaLength)
        {
            _scanner.Feed(_text.AsSpan(i, Math.Min(DeltaLength, _text.Length - i)));
        }

        _scanner.Complete();
        return _scanner.SafePosition;
    }

    [Benchmark(Baseline = true, Description = "10 Regex, NonBacktracking")]
    public int RegexNonBacktracking() => _regexes.Count(regex => regex.IsMatch(_text));

    private static Pattern Parse(string source) =>
        Pattern.TryParse(source, ignoreCase: false, out Pattern? pattern, out PatternError? error) ? pattern : throw new InvalidOperationException(error.Message);
}
