using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Effective;
using Xunit;

namespace Gateway.Core.Tests.Policies.Effective;

public sealed class SettingTermsTests
{
    [Fact]
    public void All_speaks_of_every_key_of_the_shapes_and_of_no_other() =>
        Assert.Equal(Keys(PolicyShape.Document.Describe(), "").Where(key => key.Length > 0).Order(StringComparer.Ordinal), SettingTerms.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void All_words_of_an_ordered_key_are_words_of_its_shape_and_the_other_way_round()
    {
        var shapes = Shapes(PolicyShape.Document.Describe(), "").ToDictionary(pair => pair.Pattern, pair => pair.Shape);

        Assert.All(SettingTerms.All.Where(pair => pair.Value.Order == SettingOrder.Words), pair =>
            Assert.Subset(
                pair.Value.StrictToMild.ToHashSet(),
                (shapes[pair.Key] is WordDescription words ? words.Words : ["true", "false"]).ToHashSet()));
    }

    private static IEnumerable<string> Keys(ShapeDescription shape, string pattern) => Shapes(shape, pattern).Select(pair => pair.Pattern);

    private static IEnumerable<(string Pattern, ShapeDescription Shape)> Shapes(ShapeDescription shape, string pattern) => shape switch
    {
        MapDescription map => map.Fields.SelectMany(field => Shapes(field.Shape, pattern.Length == 0 ? field.Key : $"{pattern}.{field.Key}")).Prepend((pattern, shape)),
        ListDescription list => Shapes(list.Item, $"{pattern}[]").Prepend((pattern, shape)),
        NamedDescription named => Shapes(named.Item, $"{pattern}[]").Prepend((pattern, shape)),
        _ => [(pattern, shape)],
    };
}
