using System.Text;
using Gateway.Core.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Json;

public sealed class NameTableTests
{
    private static readonly NameTable s_table = new(["messages", "model", "n", "kind", "role"]);

    [Theory]
    [InlineData("messages", 0)]
    [InlineData("n", 2)]
    [InlineData("Messages", -1)]
    [InlineData("", -1)]
    [InlineData("a name longer than all of them", -1)]
    public void Find_exact_name_only(string name, int index) => Assert.Equal(index, s_table.Find(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("Messages", true)]
    [InlineData("MODEL", true)]
    [InlineData("me\u017F\u017Fages", true)]
    [InlineData("\u212Aind", true)]
    [InlineData("k\u0131nd", true)]
    [InlineData("K\u0130ND", true)]
    [InlineData("messages ", false)]
    [InlineData("messagés", false)]
    [InlineData("mødel", false)]
    [InlineData("", false)]
    public void HasCaseVariant_name_that_some_reader_folds_to_a_known_one(string name, bool expected) =>
        Assert.Equal(expected, s_table.HasCaseVariant(Encoding.UTF8.GetBytes(name)));
}
