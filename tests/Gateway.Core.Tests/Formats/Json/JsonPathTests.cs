using System.Text;
using Gateway.Core.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Json;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData("""{"a":{"b":[1,{"c":"HERE"}]}}""", "$.a.b[1].c")]
    [InlineData("""{"$defs":"HERE"}""", "$['$defs']")]
    [InlineData("""{"it's\\":"HERE"}""", "$['it\\'s\\\\']")]
    [InlineData("""{"a\nb":"HERE"}""", "$['a\\u000ab']")]
    [InlineData("""{"\u0061":"HERE"}""", "$.a")]
    [InlineData("""{"1a":"HERE"}""", "$['1a']")]
    [InlineData("""{"":"HERE"}""", "$['']")]
    [InlineData("""{"x":{"HERE":1}}""", "$.x.HERE")]
    public void At_token_start_gives_the_path(string json, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(path, JsonPath.At(bytes, bytes.AsSpan().IndexOf("\"HERE\""u8)));
    }

    [Theory]
    [InlineData("""{"a":1}""", 3)]
    [InlineData("""{"a":1}""", -1)]
    [InlineData("""{"a":1}""", 99)]
    [InlineData("""not json""", 0)]
    public void At_position_without_token_gives_the_root(string json, int start) => Assert.Equal("$", JsonPath.At(Encoding.UTF8.GetBytes(json), start));

    [Fact]
    public void At_long_name_is_shortened()
    {
        var json = Encoding.UTF8.GetBytes("{\"" + new string('a', 1000) + "\":1}");
        Assert.True(JsonPath.At(json, json.Length - 2).Length < 80);
    }
}
