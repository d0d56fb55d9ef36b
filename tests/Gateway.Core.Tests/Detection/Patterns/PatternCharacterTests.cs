using System.Text.RegularExpressions;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Detection.Patterns.Syntax;
using Xunit;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>What one position matches, compared with .NET for all 65,536 units.</summary>
public sealed class PatternCharacterTests
{
    private static readonly string s_all = string.Create(char.MaxValue + 1, 0, (span, _) =>
    {
        for (int c = 0; c < span.Length; c++)
        {
            span[c] = (char)c;
        }
    });

    public static TheoryData<string> Sets =>
    [
        @"\d", @"\D", @"\w", @"\W", @"\s", @"\S", ".", "[^a]", "[k]", "[^k]", @"[^\W\d_]", @"[\w\s-]", "[a-z]", "[^a-z]", "[\\u0370-\\u03FF]",
        "[^\\u0100-\\uFFFF]", @"[\p{Lu}\d]", @"[^\p{Ll}]", @"[^\P{Lt}]", "k", "\\u212A", "\\u017F", "\\u0130", "\\u0131", "\\u1E9E", "\\u03C2",
        "\\u01C5", @"\p{L}", @"\P{L}", @"\p{M}", @"\p{N}", @"\p{P}", @"\p{S}", @"\p{Z}", @"\p{C}", @"\p{Lu}", @"\P{Lu}", @"\p{Ll}", @"\p{Lt}",
        @"\P{Lt}", @"\p{Lm}", @"\p{Lo}", @"\p{Mn}", @"\p{Mc}", @"\p{Me}", @"\p{Nd}", @"\p{Nl}", @"\p{No}", @"\p{Zs}", @"\p{Zl}", @"\p{Zp}", @"\p{Cc}",
        @"\p{Cf}", @"\p{Cs}", @"\p{Co}", @"\p{Cn}", @"\p{Pc}", @"\p{Pd}", @"\p{Ps}", @"\p{Pe}", @"\p{Pi}", @"\p{Pf}", @"\p{Po}", @"\p{Sm}", @"\p{Sc}",
        @"\p{Sk}", @"\p{So}", @"\p{IsBasicLatin}", @"\P{IsBasicLatin}", @"\p{IsLatin-1Supplement}", @"\p{IsGreek}", @"\P{IsGreek}", @"\p{IsCyrillic}",
        @"\p{IsHebrew}", @"\p{IsArabic}", @"\p{IsDevanagari}", @"\p{IsThai}", @"\p{IsHiragana}", @"\p{IsKatakana}", @"\p{IsCJKUnifiedIdeographs}",
        @"\p{IsHangulSyllables}", @"[\P{IsGreek}]", @"[\p{IsBasicLatin}-]",
    ];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Set_everyUnit_isWhatDotNetTakes(string source)
    {
        Assert.Equal(DotNetMembers(source, ignoreCase: false), Members(source, ignoreCase: false));
        Assert.Equal(DotNetMembers(source, ignoreCase: true), Members(source, ignoreCase: true));
    }

    [Fact]
    public void IgnoreCase_everyUnit_equalsWhatDotNetEquates()
    {
        HashSet<char> grouped = [.. CaseEquivalence.Groups.SelectMany(group => group)];
        Assert.All(CaseEquivalence.Groups, group => Assert.Equal(group, DotNetMembers($"\\u{(int)group[0]:X4}", ignoreCase: true)));
        Assert.All(
            Enumerable.Range(0, char.MaxValue + 1).Where(c => !grouped.Contains((char)c) && (c % 64 == 0 || c < 0x600 || c is >= 0x1C80 and < 0x1C90)),
            c => Assert.Equal(((char)c).ToString(), DotNetMembers($"\\u{c:X4}", ignoreCase: true)));
    }

    [Fact]
    public void WordBoundary_everyUnit_isWhereDotNetSeesIt()
    {
        PatternSet set = Rule.Compile(@"^[\s\S]\b");
        Regex regex = PatternOracle.RegexOf(@"^[\s\S]\b", ignoreCase: false);
        for (int c = 0; c <= char.MaxValue; c++)
        {
            string text = s_all.Substring(c, 1);
            Assert.Equal(regex.IsMatch(text), Rule.Scan(set, text).Length == 1);
        }
    }

    private static string DotNetMembers(string source, bool ignoreCase)
    {
        Regex regex = PatternOracle.RegexOf(source, ignoreCase);
        var members = new List<char>();
        foreach (ValueMatch match in regex.EnumerateMatches(s_all))
        {
            members.Add(s_all[match.Index]);
        }

        return new string([.. members]);
    }

    private static string Members(string source, bool ignoreCase) =>
        ((CharNode)Rule.Create(source, ignoreCase).Pattern.Root).Set.Members(char.MaxValue + 1)!;
}
