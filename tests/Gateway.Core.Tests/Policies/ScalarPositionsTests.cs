using CsCheck;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Yaml;
using Xunit;

namespace Gateway.Core.Tests.Policies;

public sealed class ScalarPositionsTests
{
    [Theory]
    [InlineData("k: abcX", 1, 7)]
    [InlineData("k: 'abcX'", 1, 8)]
    [InlineData("k: 'it''s X'", 1, 11)]
    [InlineData("k: \"abcX\"", 1, 8)]
    [InlineData("k: \"\\\\d\\tX\"", 1, 10)]
    [InlineData("k: \"\\x41\\u0042\\U0001F600X\"", 1, 25)]
    [InlineData("k: abc\n  def X", 2, 7)]
    [InlineData("k: 'abc\n\n  def X'", 3, 7)]
    [InlineData("k: \"abc\\\n  defX\"", 2, 6)]
    [InlineData("k: |\n  abc\n  deX", 3, 5)]
    [InlineData("k: |-\n  abc\n\n    deX\n", 4, 7)]
    [InlineData("k: >-\n  abc\n  deX\n", 3, 5)]
    [InlineData("k:\r\n  'abc\r\n  deX'", 3, 5)]
    public void Of_marked_character_is_where_it_is_written(string document, int line, int column)
    {
        var scalar = Scalar(document);

        var place = ScalarPositions.Of(scalar, scalar.Value.IndexOf('X'));

        Assert.Equal((line, column), (place.Line, place.Column));
    }

    [Fact]
    public void Of_end_of_the_value_is_behind_its_last_character()
    {
        var place = ScalarPositions.Of(Scalar("k: '(ab'"), 3);

        Assert.Equal((1, 8), (place.Line, place.Column));
    }

    [Fact]
    public void Of_block_with_an_explicit_indentation_falls_back_to_the_scalar()
    {
        var place = ScalarPositions.Of(Scalar("k: |2\n    abX\n"), 4);

        Assert.Equal((1, 4), (place.Line, place.Column));
    }

    [Fact]
    public void Of_any_value_written_in_quotes_is_exact()
    {
        Gen.Char["abX'\\ \"{}[]#:,&*!|>%@`"].Array[1, 20].Sample(characters =>
        {
            var value = new string(characters).Trim() + "~";
            var single = Scalar($"k: '{value.Replace("'", "''")}'");
            var doubled = Scalar($"k: \"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");
            for (var index = 0; index < value.Length; index++)
            {
                Assert.Equal(5 + index + value[..index].Count(character => character == '\''), ScalarPositions.Of(single, index).Column);
                Assert.Equal(5 + index + value[..index].Count(character => character is '\\' or '"'), ScalarPositions.Of(doubled, index).Column);
            }
        });
    }

    private static YamlScalar Scalar(string document)
    {
        var errors = new DocumentErrors("t.yaml");
        var root = YamlTree.Read(document, errors);
        Assert.Empty(errors.All);
        return Assert.IsType<YamlScalar>(Assert.IsType<YamlMapping>(root).Entries[0].Value);
    }
}
