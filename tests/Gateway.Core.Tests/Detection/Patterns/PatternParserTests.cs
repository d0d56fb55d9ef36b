using System.Text.RegularExpressions;
using Gateway.Core.Detection.Patterns;
using Xunit;

namespace Gateway.Core.Tests.Detection.Patterns;

public sealed class PatternParserTests
{
    [Theory]
    [InlineData("abc", 3, 3)]
    [InlineData("a?b", 1, 2)]
    [InlineData("a*b", 1, null)]
    [InlineData("a{2,5}", 2, 5)]
    [InlineData("a{2,}", 2, null)]
    [InlineData("a{3}?", 3, 3)]
    [InlineData("(?:ab|c){2}", 2, 4)]
    [InlineData("(?<name>ab)(c)", 3, 3)]
    [InlineData(@"\bfoo\b$", 3, 3)]
    [InlineData("^a", 1, 1)]
    [InlineData("(?:^)*a", 1, 1)]
    [InlineData("a{0}b", 1, 1)]
    [InlineData("(a*){0}b", 1, 1)]
    [InlineData(@"(?:\b)+a", 1, 1)]
    [InlineData("a|bc|def", 1, 3)]
    [InlineData("(a|)b", 1, 2)]
    [InlineData("[]a]", 1, 1)]
    [InlineData("[^]a]", 1, 1)]
    [InlineData("[a-]", 1, 1)]
    [InlineData("[-a]", 1, 1)]
    [InlineData(@"[\d-z]", 1, 1)]
    [InlineData(@"[\]\-\\]", 1, 1)]
    [InlineData(@"[\b]", 1, 1)]
    [InlineData("a{", 2, 2)]
    [InlineData("a{,5}", 5, 5)]
    [InlineData("x{2", 3, 3)]
    [InlineData("a]}", 3, 3)]
    [InlineData("a b#c", 5, 5)]
    [InlineData("\\uD83D\\uDE00", 2, 2)]
    [InlineData("(?i)a(?-i)b", 2, 2)]
    [InlineData("a|(?i)b|c", 1, 1)]
    [InlineData("(?i:a)b", 2, 2)]
    [InlineData(@"\p{L}\P{Nd}\p{IsCyrillic}", 3, 3)]
    [InlineData(@"\t\n\r\f\v\a\e\x41\u0042\.\-\ ", 12, 12)]
    public void TryParse_supportedSyntax_givesLengths(string source, int minLength, int? maxLength)
    {
        Assert.True(Pattern.TryParse(source, ignoreCase: false, out Pattern? pattern, out PatternError? error), error?.Message);
        Assert.Equal((source, minLength, maxLength), (pattern.Source, pattern.MinLength, pattern.MaxLength));
        _ = new Regex(source, RegexOptions.NonBacktracking);
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("a*", 0, "empty text")]
    [InlineData("^$", 0, "empty text")]
    [InlineData("a|", 0, "empty text")]
    [InlineData(@"\b", 0, "empty text")]
    [InlineData("(a{0})", 0, "empty text")]
    [InlineData("ab(c", 2, "not closed")]
    [InlineData("ab)c", 2, "no group")]
    [InlineData("a[bc", 1, "not closed")]
    [InlineData("a[]", 1, "not closed")]
    [InlineData("a[b-", 1, "not closed")]
    [InlineData("a\\", 1, "single backslash")]
    [InlineData("[a\\", 2, "single backslash")]
    [InlineData("*a", 0, "nothing to repeat")]
    [InlineData("a|+", 2, "nothing to repeat")]
    [InlineData("(?{2}a)", 0, "supported")]
    [InlineData("{2}", 0, "nothing to repeat")]
    [InlineData("(?i)*a", 4, "nothing to repeat")]
    [InlineData("a**", 2, "quantifier on a quantifier")]
    [InlineData("a++b", 2, "possessive")]
    [InlineData("a{2}{3}", 4, "quantifier on a quantifier")]
    [InlineData("a+??", 3, "quantifier on a quantifier")]
    [InlineData("ba{3,2}", 2, "minimum")]
    [InlineData(@"(a)\1", 3, "Backreferences")]
    [InlineData(@"a\0", 1, "octal")]
    [InlineData(@"(?<x>a)\k<x>", 7, "Backreferences")]
    [InlineData("a(?=b)", 1, "Lookahead")]
    [InlineData("a(?!b)", 1, "Negative lookahead")]
    [InlineData("(?<=b)a", 0, "Lookbehind")]
    [InlineData("(?<!b)a", 0, "Negative lookbehind")]
    [InlineData("a(?>b)", 1, "Atomic")]
    [InlineData("(?(a)b|c)", 0, "Conditionals")]
    [InlineData("(?#x)a", 0, "Comments")]
    [InlineData("(?s)a", 0, "Only")]
    [InlineData("a(?im)b", 1, "Only")]
    [InlineData("(?i-s:a)", 0, "Only")]
    [InlineData("(?P<x>a)", 0, "named group")]
    [InlineData("(?<a-b>c)", 0, "Only")]
    [InlineData("(?'x'a)", 0, "Only")]
    [InlineData("(?", 0, "Only")]
    [InlineData(@"a\q", 1, "Unknown escape")]
    [InlineData(@"a\_", 1, "Unknown escape")]
    [InlineData("a\\\u00E9", 1, "Unknown escape")]
    [InlineData(@"\G", 0, "Unknown escape")]
    [InlineData(@"\cA", 0, "Unknown escape")]
    [InlineData(@"[\B]", 1, "Unknown escape")]
    [InlineData(@"a\x4", 1, "hexadecimal")]
    [InlineData(@"\u12G4", 0, "hexadecimal")]
    [InlineData(@"\x+1", 0, "hexadecimal")]
    [InlineData(@"a\pL", 1, "braces")]
    [InlineData(@"\p{L", 0, "braces")]
    [InlineData(@"\p{Foo}", 0, "Unknown Unicode property")]
    [InlineData(@"\p{}", 0, "Unknown Unicode property")]
    [InlineData("x[b-a]", 2, "reverse order")]
    [InlineData(@"[a-\d]", 3, "range cannot end")]
    [InlineData("[a-z-[aeiou]]", 4, "subtraction")]
    [InlineData("[[:alpha:]]", 1, "POSIX")]
    public void TryParse_unsupportedSyntax_isRefusedWhereItStands(string source, int position, string reason)
    {
        Assert.False(Pattern.TryParse(source, ignoreCase: false, out _, out PatternError? error));
        Assert.Equal(position, error.Position);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a{5001}", 1)]
    [InlineData("a{0,99999999999}b", 1)]
    [InlineData("a{99999999999}", 1)]
    [InlineData("((((((a{100}){100}){100}){100}){100}){100})", 13)]
    [InlineData("(?:){2147483647}a", 4)]
    [InlineData("(?:a{0}){99999999}b", 8)]
    [InlineData("((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9})", 23)]
    public void TryParse_expansionTooLarge_isRefusedWithoutExpanding(string source, int position)
    {
        Assert.False(Pattern.TryParse(source, ignoreCase: false, out _, out PatternError? error));
        Assert.Equal(position, error.Position);
        Assert.Contains("states", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_manySmallRepetitions_areCountedTogether()
    {
        string source = string.Concat(Enumerable.Repeat("a{900}", 6));
        Assert.False(Pattern.TryParse(source, ignoreCase: false, out _, out PatternError? error));
        Assert.Contains("states", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_atTheLimits_isAccepted()
    {
        Assert.True(Pattern.TryParse(new string('a', Pattern.MaxSourceLength), ignoreCase: true, out _, out _));
        Assert.True(Pattern.TryParse("a{4998}", ignoreCase: true, out Pattern? pattern, out _));
        Assert.Equal(Pattern.MaxStateCount, pattern.StateCount);
        Assert.True(Pattern.TryParse(new string('(', 100) + "a" + new string(')', 100), ignoreCase: false, out _, out _));
    }

    [Theory]
    [InlineData(2_001, 'a', 2_000, "longer")]
    [InlineData(1_999, '(', 100, "deeper")]
    public void TryParse_beyondTheLimits_isRefused(int length, char unit, int position, string reason)
    {
        Assert.False(Pattern.TryParse(new string(unit, length), ignoreCase: false, out _, out PatternError? error));
        Assert.Equal(position, error.Position);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_tooManyStatesTogether_throws()
    {
        Assert.True(Pattern.TryParse("a{4000}", ignoreCase: false, out Pattern? pattern, out _));
        Assert.Throws<ArgumentException>(() => PatternSet.Compile([.. Enumerable.Repeat(pattern, 25)]));
    }
}
