using CsCheck;
using Gateway.Core.Detection.Patterns;
using Xunit;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>Generated patterns and texts, judged by .NET's non-backtracking engine.</summary>
public sealed class PatternDifferentialTests
{
    private const int TinyCache = 2_000;

    private static readonly Gen<(string Pattern, bool IgnoreCase)> s_rule = Gen.Select(PatternText.Patterns, Gen.Bool);

    private static readonly Gen<(List<Rule> Rules, string Text)> s_case = Gen.Select(
        s_rule.Array[1, 3],
        Gen.Int,
        (rules, seed) =>
        {
            List<Rule> parsed = [.. rules.Select(rule => Rule.TryCreate(rule.Pattern, rule.IgnoreCase)).OfType<Rule>()];
            return (parsed, parsed.Count == 0 ? string.Empty : TextFor(parsed, seed));
        });

    [Fact]
    public void Generator_mostAttempts_givesPatternsThatMatch()
    {
        int cases = 0;
        int matched = 0;
        s_case.Sample(
            @case =>
            {
                Interlocked.Add(ref cases, @case.Rules.Count);
                Interlocked.Add(ref matched, @case.Rules.Count(rule => PatternOracle.IsMatch(rule.Source, rule.IgnoreCase, @case.Text)));
            },
            iter: 300);

        Assert.InRange(matched, cases / 4, cases * 9 / 10);
    }

    [Fact]
    public void MatchesAny_anyText_agreesWithDotNet() => s_case.Sample(
        @case =>
        {
            PatternSet set = Rule.Compile(@case.Rules);
            Assert.Equal(Rule.ExpectedMatches(@case.Rules, @case.Text), Rule.Scan(set, @case.Text).Select(match => match.Pattern).Order());
        },
        iter: 800);

    [Fact]
    public void Reference_anyText_agreesWithDotNet() => s_case.Sample(
        @case => Assert.All(
            @case.Rules,
            rule => Assert.Equal(
                PatternOracle.IsMatch(rule.Source, rule.IgnoreCase, @case.Text), PatternReference.Spans(rule.Pattern.Root, @case.Text).Count > 0)),
        iter: 400);

    [Fact]
    public void Feed_everyTwoWaySplit_givesTheSameMatches() => s_case.Sample(
        @case =>
        {
            PatternScanner scanner = Rule.Compile(@case.Rules).CreateScanner();
            PatternMatch[] whole = Rule.Feed(scanner, [@case.Text]);
            Assert.Equal(Rule.ExpectedMatches(@case.Rules, @case.Text), whole.Select(match => match.Pattern).Order());
            for (int split = 0; split <= @case.Text.Length; split++)
            {
                Assert.Equal(whole, Rule.Feed(scanner, [@case.Text[..split], @case.Text[split..]]));
            }
        },
        iter: 400);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(TinyCache)]
    public void Feed_randomSplits_givesTheSameMatches(long cacheBytes) => Gen.Select(s_case, Gen.Int[1, 5].Array[1, 40]).Sample(
        (@case, sizes) =>
        {
            PatternSet set = Rule.Compile(@case.Rules, cacheBytes);
            PatternMatch[] whole = Rule.Feed(Rule.Compile(@case.Rules).CreateScanner(), [@case.Text]);
            Assert.Equal(whole, Rule.Feed(set.CreateScanner(), Rule.Split(@case.Text, sizes)));
        },
        iter: 400);

    [Fact]
    public void MatchesAny_cacheTooSmall_agreesWithDotNet() => s_case.Sample(
        @case =>
        {
            PatternSet set = Rule.Compile(@case.Rules, TinyCache);
            Assert.Equal(Rule.ExpectedMatches(@case.Rules, @case.Text), Rule.Scan(set, @case.Text).Select(match => match.Pattern).Order());
        },
        iter: 400);

    [Fact]
    public void Match_anyText_hasAnExactEndAndABoundedStart() => Gen.Select(s_rule, Gen.Int).Sample(
        (source, seed) =>
        {
            if (Rule.TryCreate(source.Pattern, source.IgnoreCase) is not { } rule)
            {
                return;
            }

            string text = PatternText.For(rule.Pattern.Root, seed, maxLength: 14);
            List<(int Start, int End)> spans = PatternReference.Spans(rule.Pattern.Root, text);
            foreach (PatternMatch match in Rule.Feed(Rule.Compile([rule]).CreateScanner(), [text]))
            {
                Assert.Contains(spans, span => span.End == match.End);
                Assert.True(match.Start >= 0 && match.Start <= spans.Where(span => span.End == match.End).Min(span => span.Start));
                Assert.True(rule.Pattern.MaxLength is not { } length || match.Start >= match.End - length);
                bool waitsForEnd = rule.Source.Contains('$') || rule.Source.Contains('z', StringComparison.OrdinalIgnoreCase);
                Assert.True(waitsForEnd || match.End == spans.Min(span => span.End));
            }
        },
        iter: 500);

    private static string TextFor(List<Rule> rules, int seed) =>
        PatternText.For(rules[(seed & int.MaxValue) % rules.Count].Pattern.Root, seed, maxLength: 30);
}
