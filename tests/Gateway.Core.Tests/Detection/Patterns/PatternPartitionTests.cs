using CsCheck;
using Gateway.Core.Detection.Patterns;
using Xunit;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>Sets whose patterns are searched for in several passes must find what one pass over all text finds, in the same order.</summary>
public sealed class PatternPartitionTests
{
    private const string Filler = "The quick brown fox jumps over the lazy dog, and nothing else of note happens on this line.\n";

    private static readonly string[] s_required =
    [
        "foo", "(?i:kilo)", "(?:bar|k@)", "@", "[4-6]", "(?i:k)#", "[0-9]{2}", "(?:@|#|~)", "\\d", "q", "\u212A", "\\uD83D", "[A-Z]{2}[0-9]{2}", "[3-9][^a]_", "(?:\u00FF|\u0100)[#0]", "(?:@\\b)", "(?:\\b@)", "(?:#$)", "(?:^~)",
    ];

    private static readonly Gen<string> s_source = Gen.Frequency(
        (6, Gen.Select(PatternText.Patterns, Gen.Int[0, s_required.Length - 1], PatternText.Patterns, (before, i, after) => before + s_required[i] + after)),
        (3, Gen.Select(Gen.Int[0, s_required.Length - 1], PatternText.Patterns, (i, after) => s_required[i] + after)),
        (2, Gen.Select(PatternText.Patterns, Gen.Int[0, s_required.Length - 1], (before, i) => $"[^x]{{0,12}}{s_required[i]}(?:{before})?")),
        (1, Gen.Int[0, s_required.Length - 1].Select(i => $".*{s_required[i]}")));

    private static readonly Gen<(List<Rule> Rules, string Text)> s_case = Gen.Select(
        Gen.Select(s_source, Gen.Bool).Array[1, 5],
        Gen.Int.Array[1, 12],
        (rules, seeds) =>
        {
            List<Rule> parsed = [.. rules.Select(rule => Rule.TryCreate(rule.Item1, rule.Item2)).OfType<Rule>()];
            return (parsed, parsed.Count == 0 ? string.Empty : string.Concat(seeds.Select(seed => PieceOf(parsed, seed))));
        });

    [Fact]
    public void Generator_mostAttempts_givesSeveralParts()
    {
        int several = 0;
        s_case.Sample(@case => { Interlocked.Add(ref several, Rule.Compile(@case.Rules).PartCount > 1 ? 1 : 0); }, iter: 300);

        Assert.InRange(several, 100, 300);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(4_000)]
    public void MatchesAny_parts_findsWhatOnePassFinds(long cacheBytes) => s_case.Sample(
        @case =>
        {
            var onePass = EndsOf(Rule.Feed(Rule.Compile(@case.Rules).CreateScanner(), [@case.Text]));
            PatternSet set = Rule.Compile(@case.Rules, cacheBytes);
            for (int n = 0; n < 2; n++)
            {
                Assert.Equal(onePass, EndsOf(Rule.Scan(set, @case.Text)));
            }
        },
        iter: 700);

    [Fact]
    public void MatchesAny_parts_agreesWithDotNet() => s_case.Sample(
        @case => Assert.Equal(
            Rule.ExpectedMatches(@case.Rules, @case.Text), Rule.Scan(Rule.Compile(@case.Rules), @case.Text).Select(match => match.Pattern).Order()),
        iter: 400);

    [Fact]
    public void MatchesAny_parts_givesAStartThatIsABound() => s_case.Sample(
        @case =>
        {
            string text = @case.Text[..Math.Min(@case.Text.Length, 40)];
            foreach (PatternMatch match in Rule.Scan(Rule.Compile(@case.Rules), text))
            {
                Pattern pattern = @case.Rules[match.Pattern].Pattern;
                int start = PatternReference.Spans(pattern.Root, text).Where(span => span.End == match.End).Min(span => span.Start);
                Assert.InRange(match.Start, Math.Max(0, match.End - (pattern.MaxLength ?? int.MaxValue)), start);
            }
        },
        iter: 300);

    [Theory]
    [InlineData(2, "sk-[a-z]{20}", @"[4-6][0-9]{15}", @"[a-z.]{1,64}@[a-z]{2,9}")]
    [InlineData(1, "sk-[a-z]{20}", "(?:foo|bar) baz")]
    [InlineData(2, "sk-[a-z]{20}", ".{0,40}secret")]
    [InlineData(0, "sk-[a-z]{20}", "[a-z]{20}", "@x")]
    [InlineData(0)]
    public void PartCount_patterns_keepsApartWhatIsFoundInDifferentWays(int expected, params string[] sources) =>
        Assert.Equal(expected, Rule.Compile(sources).PartCount);

    [Theory]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("GB82 WEST 1234 5698 7654 32")]
    [InlineData("first.last+tag@mail.example.org")]
    [InlineData("db-1.corp.example.com")]
    public void MatchesAny_matchBehindDenseStops_isFound(string sample)
    {
        PatternSet set = Rule.Compile(
            "[4-6][0-9]{3}(?: ?[0-9]{4}){3}", "[A-Z]{2}[0-9]{2} ?(?:[0-9A-Z]{4} ?){3,7}", @"[a-z.+]{1,64}@[a-z]{1,63}(?:\.[a-z]{1,63}){1,4}",
            @"[a-z0-9-]{1,40}\.corp\.example\.com");
        Assert.Equal(2, set.PartCount);
        string dense = string.Concat(Enumerable.Range(1, 400).Select(n => $"4{n}@ A{n} .corp.example.co @"));
        string sparse = string.Concat(Enumerable.Repeat(Filler, 30));
        Assert.Empty(Rule.Scan(set, dense + sparse + dense));
        foreach (string before in new[] { "", dense, dense + sparse, dense + sparse + dense, sparse + dense + sparse })
        {
            string text = before + " " + sample + ", " + sparse;
            Assert.Equal(Assert.Single(EndsOf(Rule.Feed(set.CreateScanner(), [text]))), Assert.Single(EndsOf(Rule.Scan(set, text))));
        }
    }

    [Theory]
    [InlineData("@", "@")]
    [InlineData(@"\b4[0-9]{3}\b", "4123")]
    [InlineData("^#[ab]", "#a")]
    [InlineData("(?i)[a-z]{1,9}~k", "abc~\u212A")]
    [InlineData("(?i)[a-k]+\u017F", "abc\u017F")]
    [InlineData("\uD83D\uDE00@", "\uD83D\uDE00@")]
    [InlineData(@"\w+@$", "user@")]
    [InlineData(@"\B@\B", "@")]
    public void MatchesAny_textThatIsOneMatch_isFound(string source, string text)
    {
        PatternSet set = Rule.Compile(source, "another literal");
        Assert.Equal(2, set.PartCount);
        Assert.Equal(text.Length, Assert.Single(Rule.Scan(set, text)).End);
    }

    [Fact]
    public async Task MatchesAny_partsOnManyThreads_allAgree()
    {
        PatternSet set = Rule.Compile("[4-6][0-9]{3} [0-9]{4}", "[a-z.]{1,64}@[a-z]{2,9}", "secret (?:key|word)", ".{0,30}nothing else");
        string[] samples = ["4111 1111 ", "a.b@cd ", "secret word ", "is nothing else "];
        string[] texts = [.. Enumerable.Range(0, 16).Select(i => Filler[..60] + string.Concat(samples.Where((_, n) => (i & (1 << n)) != 0)) + Filler[..60])];
        List<(int, long)>[] expected = [.. texts.Select(text => EndsOf(Rule.Feed(set.CreateScanner(), [text])))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (int n = 0; n < 400; n++)
            {
                int i = (n + (worker * 5)) % texts.Length;
                Assert.Equal(expected[i], EndsOf(Rule.Scan(set, texts[i])));
            }
        })));
    }

    /// <summary>Not the starts: they are bounds, which what else is live can make wider.</summary>
    private static List<(int Pattern, long End)> EndsOf(PatternMatch[] matches) => [.. matches.Select(match => (match.Pattern, match.End))];

    private static string PieceOf(List<Rule> rules, int seed)
    {
        string piece = PatternText.For(rules[(seed & int.MaxValue) % rules.Count].Pattern.Root, seed, maxLength: 30);
        return (seed & 0x300) == 0 ? Filler + piece : piece;
    }
}
