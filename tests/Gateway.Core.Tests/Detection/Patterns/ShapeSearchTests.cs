using System.Collections.Immutable;
using CsCheck;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Detection.Patterns.Syntax;
using Xunit;

namespace Gateway.Core.Tests.Detection.Patterns;

public sealed class ShapeSearchTests
{
    private const string Units = "a4@Z-\u00E9\u00FE\u00FF\u0100\u4E2D\uD83D\uFFFF\0";

    private static readonly Gen<CharSet> s_set = Gen.Int[0, Units.Length - 1].Array[1, 3].Select(at => CharSet.Union(at.Select(i => CharSet.Single(Units[i]))));

    private static readonly Gen<RequiredShape> s_shape = Gen.Select(
        s_set,
        s_set,
        s_set,
        Gen.Int[1, 3],
        (first, second, third, length) =>
            new RequiredShape([first, length > 1 ? second : null, length > 2 ? third : null], RequiredPrefix.Empty, Frequency: 1));

    private static readonly Gen<string> s_text = Gen.Int[0, Units.Length - 1].Array[0, 70].Select(at => string.Concat(at.Select(i => Units[i])));

    [Fact]
    public void IndexOf_anyText_missesNoShape() => Gen.Select(s_shape.Array[1, 11], s_text).Sample(
        (shapes, text) => Assert.Empty(Positions(shapes, text).Except(FoundIn(new ShapeSearch(shapes), text))),
        iter: 3_000);

    [Fact]
    public void IndexOf_anyText_findsOnlyWhatAShapeBeginsWith() => Gen.Select(s_shape.Array[1, 11], s_text).Sample(
        (shapes, text) => Assert.All(
            FoundIn(new ShapeSearch(shapes), text),
            at => Assert.True(at < text.Length && shapes.Any(shape => shape.Sets[0]!.Contains(text[at])))),
        iter: 1_000);

    [Fact]
    public void IndexOf_everyPositionOfEveryLength_isFoundThere()
    {
        ShapeSearch search = SearchFor("[4-6][0-9]{3}");
        for (int length = 4; length <= 70; length++)
        {
            for (int at = 0; at <= length - 4; at++)
            {
                Assert.Equal(at, search.IndexOf(string.Concat(new string('7', at), "4111", new string('7', length - at - 4))));
            }
        }
    }

    [Theory]
    [InlineData("Harbour, second quarter: 5,218.37 (2024-11-25, 14:30), room 4 or 5B; up 6.5 %")]
    [InlineData("\u0432 2024 \u0433\u043E\u0434\u0443, \u4E2D\u6587\u5B57\u7B26 5, \u00FF\u00FF\u00FF")]
    [InlineData("")]
    [InlineData("4")]
    public void IndexOf_figuresOfOtherKinds_areNoStop(string text) => Assert.Equal(-1, SearchFor("[4-6][0-9]{2}").IndexOf(text));

    private static ShapeSearch SearchFor(string source) => new([RequiredShape.TryFind(Rule.Create(source).Pattern)!]);

    private static IEnumerable<int> Positions(IReadOnlyList<RequiredShape> shapes, string text) =>
        Enumerable.Range(0, text.Length).Where(at => shapes.Any(shape => Stands(shape.Sets, text.AsSpan(at))));

    private static bool Stands(ImmutableArray<CharSet?> sets, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < sets.Length; i++)
        {
            if (sets[i] is { } set && (i >= text.Length || !set.Contains(text[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static List<int> FoundIn(ShapeSearch search, string text)
    {
        var found = new List<int>();
        for (int from = 0; from <= text.Length;)
        {
            int index = search.IndexOf(text.AsSpan(from));
            if (index < 0)
            {
                break;
            }

            found.Add(from + index);
            from += index + 1;
        }

        return found;
    }
}
