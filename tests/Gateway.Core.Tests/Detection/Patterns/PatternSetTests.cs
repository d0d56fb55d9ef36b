using Gateway.Core.Detection.Patterns;
using Gateway.Core.Detection.Patterns.Syntax;
using Xunit;

namespace Gateway.Core.Tests.Detection.Patterns;

public sealed class PatternSetTests
{
    private const string Filler = "The quick brown fox jumps over the lazy dog, and nothing else of note happens on this line.\n";

    [Fact]
    public void MatchesAny_bufferTooSmall_throws() =>
        Assert.Throws<ArgumentException>(() => Rule.Compile("a", "b").MatchesAny("ab", new PatternMatch[1]));

    [Fact]
    public void MatchesAny_emptySet_findsNothing() => Assert.Equal(0, PatternSet.Compile([]).MatchesAny("abc", []));

    [Theory]
    [InlineData("(?i)ignore (?:all|any) previous", true)]
    [InlineData("foo|bar", true)]
    [InlineData("(?:foo|bar)+x", true)]
    [InlineData(@"\d+ pounds", true)]
    [InlineData("foo|b", false)]
    [InlineData(@"\d{3}-\d{2}", true)]
    [InlineData("(?:foo)?x", true)]
    [InlineData("[a-z]{3,60}@", true)]
    [InlineData("(?:foo)?n", false)]
    [InlineData(@"\w{20}", false)]
    [InlineData("(?:x|q)?e", false)]
    public void HasPrefilter_pattern_saysWhetherALiteralOrARareCharacterIsRequired(string source, bool expected) =>
        Assert.Equal(expected, Rule.Compile(source).HasPrefilter);

    [Theory]
    [InlineData("(?i)ignore all", "IGNORE ALL")]
    [InlineData("(?i)jailbreak now", "JAILBREA\u212A NOW")]
    [InlineData("(?i)stra\u00DFe", "STRA\u1E9EE")]
    [InlineData("(?i)\u043F\u0440\u0438\u0432\u0435\u0442", "\u041F\u0420\u0418\u0412\u0415\u0422")]
    [InlineData(@"\d+ pounds", "1234 pounds")]
    [InlineData(@".{0,30}secret", "aaaaaaaaaaaaasecret")]
    [InlineData(@"\bsecret\b", "secret")]
    [InlineData("(?:ab|cd){2,3}ef", "abcdabef")]
    public void MatchesAny_matchAnywhereInLongText_isFound(string source, string sample)
    {
        PatternSet set = Rule.Compile(source);
        Assert.True(set.HasPrefilter);
        string filler = string.Concat(Enumerable.Repeat(Filler, 3));
        for (int at = 0; at <= filler.Length; at++)
        {
            if (at is 0 || !char.IsLetterOrDigit(filler[at - 1]))
            {
                string text = string.Concat(filler.AsSpan(0, at), sample, " ", filler.AsSpan(at));
                Assert.Equal(at + sample.Length, Assert.Single(Rule.Scan(set, text)).End);
            }
        }
    }

    [Fact]
    public void MatchesAny_literalHitsWithoutMatches_agreesWithFeed()
    {
        PatternSet set = Rule.Compile(@"secret (?:key|word)\b", @"^start over", @"(?:alpha|beta) end$");
        string decoys = string.Concat(Enumerable.Repeat(Filler + "secret keys start over alpha end ", 30));
        Assert.Empty(Rule.Scan(set, decoys));
        string text = decoys + string.Concat(Enumerable.Repeat("secret keys ", 50)) + Filler + "secret word alpha end";
        Assert.Equal(Rule.Feed(set.CreateScanner(), [text]), Rule.Scan(set, text));
        Assert.Equal([0, 2], Rule.Scan(set, text).Select(match => match.Pattern));
    }

    [Fact]
    public void Prefilter_everyUnitIgnoringCase_missesNoEquivalent()
    {
        foreach (string group in CaseEquivalence.Groups.Where((group, i) => group.Length > 2 || i % 8 == 0 || group[0] < 128))
        {
            PatternSet set = Rule.Compile([Rule.Create($"<{group[0]}>", ignoreCase: true), Rule.Create("##")]);
            foreach (char c in group)
            {
                Assert.Equal(3, Assert.Single(Rule.Scan(set, $"<{c}>")).End);
            }
        }
    }

    [Fact]
    public async Task MatchesAny_manyThreadsOneSet_allAgree()
    {
        Rule[] rules = [Rule.Create(@"[a-q][^u-z]{6}x"), Rule.Create(@"(?i)\bsecret\b"), Rule.Create("(?:ab|ba){3}$"), Rule.Create(@"\d{2,4}-\p{L}+z")];
        PatternSet set = Rule.Compile(rules, cacheBytes: 60_000);
        string[] texts = [.. Enumerable.Range(0, 40).Select(seed => RandomText(seed, 700, "abqxuz -12sSeEcCrRtT\u00E9"))];
        PatternMatch[][] expected = [.. texts.Select(text => Rule.Feed(Rule.Compile(rules).CreateScanner(), [text]))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            PatternScanner scanner = set.CreateScanner();
            for (int n = 0; n < 200; n++)
            {
                int i = (n + (worker * 7)) % texts.Length;
                Assert.Equal(expected[i], Rule.Feed(scanner, texts[i].Chunk(1 + (n % 90)).Select(piece => new string(piece))));
                Assert.Equal(expected[i], Rule.Scan(set, texts[i]));
            }
        })));
    }

    /// <summary>Work is counted in visited items, so that the bound does not depend on the machine.</summary>
    [Theory]
    [InlineData("(a|aa){0,200}b", "a")]
    [InlineData(".{0,200}x.{0,200}y", "x.")]
    [InlineData("[a-q][^u-z]{13}x", "abqrt")]
    [InlineData("(?:a*)*(?:a*)*(?:a*)*b", "a")]
    [InlineData(@"(?:\b|a|\B)*(?:a|\b)*c", "a ")]
    [InlineData("(?:(?:a?){30}){30}b", "a")]
    public void Feed_adversarialText_takesLinearWork(string source, string alphabet)
    {
        const int Length = 5_000;
        Rule rule = Rule.Create(source);
        PatternSet set = Rule.Compile([rule], cacheBytes: 300_000);
        PatternScanner scanner = set.CreateScanner();
        scanner.Feed(RandomText(seed: 1, Length, alphabet));
        scanner.Complete();

        Assert.False(scanner.HasMatch);
        Assert.InRange(set.Shared.Visits + scanner.Visits, 1, 5L * rule.Pattern.StateCount * Length);
    }

    [Fact]
    public void Feed_morePatternsThanAMaskWordAndClassesThanAByte_findsEach()
    {
        const int Count = 300;
        Rule[] rules = [.. Enumerable.Range(0, Count).Select(i => Rule.Create($"{(char)('\u4E00' + i)}{i}$|{(char)('\u4E00' + i)}!"))];
        PatternSet set = Rule.Compile(rules);
        int[] order = [.. Enumerable.Range(0, Count).OrderBy(i => i * 7919 % Count)];
        string text = string.Concat(order.Select(i => $"{(char)('\u4E00' + i)}! "));
        Assert.Equal(order, Rule.Scan(set, text).Select(match => match.Pattern));
        Assert.Equal(order, Rule.Feed(set.CreateScanner(), text.Chunk(5).Select(piece => new string(piece))).Select(match => match.Pattern));
        Assert.Equal([299], Rule.Scan(set, $"{(char)('\u4E00' + 299)}299").Select(match => match.Pattern));
    }

    [Fact]
    public void Feed_cacheFullForLong_isReplacedAndStaysRight()
    {
        Rule[] rules = [Rule.Create("[a-q][^u-z]{13}x"), Rule.Create("secret")];
        PatternSet set = Rule.Compile(rules, cacheBytes: 50_000);
        PatternScanner scanner = set.CreateScanner();
        string attack = RandomText(seed: 2, 100_000, "abqrt");
        for (int n = 0; n < 15; n++)
        {
            scanner.Feed(attack);
        }

        Assert.True(set.Shared.Current.Generation > 0);
        scanner.Feed("the secret");
        Assert.Equal([new PatternMatch(1, 1_500_004, 1_500_010)], scanner.Matches.ToArray());
    }

    private static string RandomText(int seed, int length, string alphabet)
    {
        var random = new Random(seed);
        return string.Create(length, alphabet, (span, units) =>
        {
            foreach (ref char c in span)
            {
                c = units[random.Next(units.Length)];
            }
        });
    }
}
