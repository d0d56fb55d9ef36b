using CsCheck;
using Gateway.Core.Detection.Patterns;
using Xunit;

namespace Gateway.Core.Tests.Detection.Patterns;

public sealed class PatternScannerTests
{
    [Fact]
    public void SafePosition_anyPrefix_liesBeforeEveryMatchStillToComplete() =>
        Gen.Select(PatternText.Patterns, Gen.Bool, Gen.Int, Gen.Int[1, 3]).Sample(
            (source, ignoreCase, seed, step) =>
            {
                if (Rule.TryCreate(source, ignoreCase) is not { } rule)
                {
                    return;
                }

                string text = PatternText.For(rule.Pattern.Root, seed, maxLength: 16);
                List<(int Start, int End)> spans = PatternReference.Spans(rule.Pattern.Root, text);
                PatternScanner scanner = Rule.Compile([rule]).CreateScanner();
                for (int fed = 0; fed < text.Length && !scanner.HasMatch; fed += step)
                {
                    scanner.Feed(text.AsSpan(fed, Math.Min(step, text.Length - fed)));
                    Assert.True(scanner.HasMatch || spans.All(span => span.Start >= scanner.SafePosition));
                    Assert.InRange(scanner.SafePosition, 0, scanner.Position);
                }
            },
            iter: 1_000);

    [Fact]
    public void SafePosition_textThatSharesNothing_isThePosition()
    {
        PatternScanner scanner = Rule.Compile(@"\bsecret\b", "pass(?:word|phrase)", @"x{1,50}y", @"\d{3}-\d{4}", "q.*z").CreateScanner();
        foreach (char c in "Hello there, how do ___ do?\n")
        {
            scanner.Feed([c]);
            Assert.Equal(scanner.Position, scanner.SafePosition);
        }
    }

    [Theory]
    [InlineData("secret", "my secr", 3)]
    [InlineData("secret", "my secrecy", 10)]
    [InlineData("a{2,4}b", "xaa", 1)]
    [InlineData("secret$", "a secret", 2)]
    [InlineData("secret$", "a secret\n", 2)]
    [InlineData("secret$", "a secret\n\n", 10)]
    [InlineData(@"secret\b", "a secret", 2)]
    [InlineData(@"\bsecret", "asecr", 5)]
    [InlineData("^secret", "secr", 0)]
    [InlineData("^secret", " secr", 5)]
    [InlineData("a.*b", "xxaxx", 2)]
    [InlineData("a.*b", "xxaxx\n", 6)]
    [InlineData("a.*b", "xxaxx\nxa", 7)]
    [InlineData(@"ab\s+c", "xab   ", 1)]
    [InlineData(@"ab\s+c", "xab   d", 7)]
    public void SafePosition_matchInProgress_isWhereItBegan(string pattern, string text, long expected)
    {
        PatternScanner scanner = Rule.Compile(pattern).CreateScanner();
        foreach (char c in text)
        {
            scanner.Feed([c]);
        }

        Assert.False(scanner.HasMatch);
        Assert.Equal(expected, scanner.SafePosition);
    }

    [Theory]
    [InlineData("a.*b", "xab cd")]
    [InlineData("ab{2,900}", "xabbbbbbbbb")]
    [InlineData("ab{2,900}", "xabb")]
    [InlineData("ab+", "xab")]
    [InlineData(@"(?:a|b.{0,50})c", "bac bbbbb")]
    public void SafePosition_patternHasMatched_holdsNothingBack(string pattern, string text)
    {
        PatternScanner scanner = Rule.Compile(pattern).CreateScanner();
        scanner.Feed(text);
        Assert.True(scanner.HasMatch);
        Assert.Equal(text.Length, scanner.SafePosition);
    }

    [Fact]
    public void SafePosition_onePatternHasMatched_othersStillHold()
    {
        PatternScanner scanner = Rule.Compile("a+", "secret").CreateScanner();
        scanner.Feed("aaaa secr");
        Assert.Equal([new PatternMatch(0, 0, 1)], scanner.Matches.ToArray());
        Assert.Equal(5, scanner.SafePosition);
        scanner.Feed("et");
        Assert.Equal([new PatternMatch(1, 5, 11)], scanner.NewMatches.ToArray());
    }

    [Theory]
    [InlineData("[^ ]{1,3}!")]
    [InlineData("\uDE00!")]
    [InlineData("x.{0,300}!")]
    [InlineData(".+!")]
    [InlineData("z")]
    public void SafePosition_textOfPairs_neverSplitsOne(string pattern) =>
        Gen.Select(Gen.Int[1, 7].Array[1, 60], Gen.Int[0, 4].Array[1, 60]).Sample(
            (sizes, kinds) =>
            {
                string text = string.Concat(kinds.Select(kind => kind switch { 0 => "x", 1 => " ", 2 => "\uD83D", _ => "\uD83D\uDE00" }));
                PatternScanner scanner = Rule.Compile(pattern).CreateScanner();
                foreach (string piece in Rule.Split(text, sizes))
                {
                    scanner.Feed(piece);
                    int safe = (int)scanner.SafePosition;
                    Assert.False(safe > 0 && char.IsHighSurrogate(text[safe - 1]) && (safe == text.Length || char.IsLowSurrogate(text[safe])));
                }
            },
            iter: 150);

    [Fact]
    public void SafePosition_endsInHalfAPair_waitsForTheOther()
    {
        PatternScanner scanner = Rule.Compile("secret").CreateScanner();
        scanner.Feed("a\uD83D");
        Assert.Equal(1, scanner.SafePosition);
        scanner.Feed("\uDE00");
        Assert.Equal(3, scanner.SafePosition);
    }

    [Fact]
    public void Complete_anythingHeld_releasesAll()
    {
        PatternScanner scanner = Rule.Compile("secret", "a.*b").CreateScanner();
        scanner.Feed("a secr\uD83D");
        scanner.Complete();
        Assert.False(scanner.HasMatch);
        Assert.Equal(scanner.Position, scanner.SafePosition);
    }

    [Theory]
    [InlineData("end$", "the end", 7)]
    [InlineData("end$", "the end\n", 7)]
    [InlineData(@"end\Z", "the end\n", 7)]
    [InlineData(@"end\z", "the end", 7)]
    [InlineData(@"end\b", "the end", 7)]
    [InlineData(@"end\n$", "the end\n", 8)]
    public void Complete_patternWaitsForTheEnd_reportsTheMatch(string pattern, string text, long end)
    {
        PatternScanner scanner = Rule.Compile(pattern).CreateScanner();
        foreach (char c in text)
        {
            scanner.Feed([c]);
        }

        scanner.Complete();
        scanner.Complete();
        Assert.Equal(end, Assert.Single(scanner.Matches.ToArray()).End);
    }

    [Theory]
    [InlineData("end$", "end\n\n")]
    [InlineData("end$", "end ")]
    [InlineData(@"end\z", "end\n")]
    [InlineData(@"end\B", "end")]
    [InlineData("^end", "\nend")]
    public void Complete_assertionDoesNotHold_reportsNothing(string pattern, string text) =>
        Assert.Empty(Rule.Feed(Rule.Compile(pattern).CreateScanner(), [text]));

    [Fact]
    public void Feed_afterComplete_throws()
    {
        PatternScanner scanner = Rule.Compile("a").CreateScanner();
        scanner.Complete();
        Assert.Throws<InvalidOperationException>(() => scanner.Feed("a"));
    }

    [Fact]
    public void Reset_afterUse_startsAfresh()
    {
        PatternScanner scanner = Rule.Compile("^a", "b$").CreateScanner();
        PatternMatch[] first = Rule.Feed(scanner, ["a", "b"]);
        Assert.Equal(2, first.Length);
        Assert.Equal(first, Rule.Feed(scanner, ["ab"]));
        Assert.Empty(Rule.Feed(scanner, ["ba"]));
    }

    [Fact]
    public void Feed_knownText_doesNotAllocate()
    {
        PatternScanner scanner = Rule.Compile(@"\bsecret\b", "x.{0,40}y", "[\u4E00-\u9FFF]z").CreateScanner();
        string text = string.Concat(Enumerable.Repeat("an x secretive text \uD83D\uDE00 \u4E01 with y nothing in it ", 20));
        scanner.Feed(text);
        scanner.Complete();
        long before = GC.GetAllocatedBytesForCurrentThread();
        scanner.Reset();
        scanner.Feed(text);
        scanner.Complete();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
