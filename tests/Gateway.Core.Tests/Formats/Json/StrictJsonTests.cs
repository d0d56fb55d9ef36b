using System.Text;
using Gateway.Core.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Json;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{}""")]
    [InlineData(" \t\r\n{ \"a\" : [ 1 , -0 , 2.50e+1 , true , false , null , \"\" , {} , [] ] } \n")]
    [InlineData("""{"a":"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"}""")]
    [InlineData("""{"a":1,"A":2,"b":{"a":3}}""")]
    [InlineData("""{"a":1.7976931348623157e308,"b":1e-999}""")]
    [InlineData("""{"a":"\u0000"}""")]
    public void ReadObject_unambiguous_json_is_accepted(string json) => Assert.Null(Read(json));

    [Theory]
    [InlineData("", "empty_body")]
    [InlineData(" \n ", "empty_body")]
    [InlineData("\uFEFF{}", "bom")]
    [InlineData("[]", "not_an_object")]
    [InlineData("\"text\"", "not_an_object")]
    [InlineData("12", "not_an_object")]
    [InlineData("null", "not_an_object")]
    [InlineData("{", "not_json")]
    [InlineData("}", "not_json")]
    [InlineData("{\"a\"", "not_json")]
    [InlineData("{\"a\":", "not_json")]
    [InlineData("{\"a\":1", "not_json")]
    [InlineData("{\"a\":1,}", "not_json")]
    [InlineData("{\"a\":[1,]}", "not_json")]
    [InlineData("{\"a\":[1 2]}", "not_json")]
    [InlineData("{\"a\" 1}", "not_json")]
    [InlineData("{a:1}", "not_json")]
    [InlineData("{'a':1}", "not_json")]
    [InlineData("{\"a\":1 /* c */}", "not_json")]
    [InlineData("{\"a\":NaN}", "not_json")]
    [InlineData("{\"a\":-Infinity}", "not_json")]
    [InlineData("{\"a\":True}", "not_json")]
    [InlineData("{\"a\":nul}", "not_json")]
    [InlineData("{\"a\":01}", "not_json")]
    [InlineData("{\"a\":+1}", "not_json")]
    [InlineData("{\"a\":1.}", "not_json")]
    [InlineData("{\"a\":.5}", "not_json")]
    [InlineData("{\"a\":1e}", "not_json")]
    [InlineData("{\"a\":0x10}", "not_json")]
    [InlineData("{\"a\":\"tab\there\"}", "not_json")]
    [InlineData("{\"a\":\"line\nhere\"}", "not_json")]
    [InlineData("{\"a\":\"nul\0here\"}", "not_json")]
    [InlineData("{\"a\":\"\\x41\"}", "not_json")]
    [InlineData("{\"a\":\"\\u12g4\"}", "not_json")]
    [InlineData("{\"a\":\"\\u12", "not_json")]
    [InlineData("{\"a\":\"open", "not_json")]
    [InlineData("{\"model\\u0000\":1}", "not_json")]
    [InlineData("{}\0", "trailing_bytes")]
    [InlineData("{}{}", "trailing_bytes")]
    [InlineData("{},", "trailing_bytes")]
    [InlineData("{\"a\":1e999}", "number_out_of_range")]
    [InlineData("{\"a\":-1e999}", "number_out_of_range")]
    [InlineData("{\"a\":\"\\ud83d\"}", "lone_surrogate")]
    [InlineData("{\"a\":\"\\ude00\\ud83d\"}", "lone_surrogate")]
    [InlineData("{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "lone_surrogate")]
    [InlineData("{\"a\":\"\\ud83dx\"}", "lone_surrogate")]
    [InlineData("{\"a\":\"\\ud83d\\ud83d\"}", "lone_surrogate")]
    [InlineData("{\"\\ud83d\":1}", "lone_surrogate")]
    [InlineData("{\"a\":1,\"a\":2}", "duplicate_key")]
    [InlineData("{\"model\":1,\"mod\\u0065l\":2}", "duplicate_key")]
    [InlineData("{\"\\u006dodel\":1,\"mod\\u0065l\":2}", "duplicate_key")]
    [InlineData("{\"x\":[{\"a\":1,\"b\":2,\"a\":3}]}", "duplicate_key")]
    [InlineData("{\"\":1,\"\":2}", "duplicate_key")]
    [InlineData("{\"\\ud83d\\ude00\":1,\"😀\":2}", "duplicate_key")]
    public void ReadObject_ambiguous_json_is_refused_with_its_reason(string json, string reason) => Assert.Equal(reason, Read(json)?.Reason);

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xC0, 0xAF, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xED, 0xA0, 0x80, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0 })]
    [InlineData(new byte[] { (byte)'{', 0, (byte)'}', 0 })]
    [InlineData(new byte[] { 0, (byte)'{', 0, (byte)'}' })]
    [InlineData(new byte[] { 0, 0, 0, (byte)'{', 0, 0, 0, (byte)'}' })]
    public void ReadObject_bytes_of_another_encoding_are_refused(byte[] json)
    {
        using var tape = new JsonTape();
        Assert.Equal("not_utf8", StrictJson.ReadObject(json, tape)?.Reason);
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, "too_deep")]
    [InlineData(100_000, "too_deep")]
    public void ReadObject_depth_above_64_is_refused(int depth, string? reason)
    {
        var arrays = depth - 1;
        Assert.Equal(reason, Read("{\"a\":" + new string('[', arrays) + new string(']', arrays) + "}")?.Reason);
    }

    [Fact]
    public void ReadObject_more_members_than_the_limit_are_refused()
    {
        Assert.Null(Read(Members(StrictJson.MaxMembers)));
        Assert.Equal("too_many_items", Read(Members(StrictJson.MaxMembers + 1))?.Reason);
    }

    [Fact]
    public void ReadObject_more_items_than_the_limit_are_refused()
    {
        Assert.Equal("too_many_items", Read("{\"a\":[0" + string.Concat(Enumerable.Repeat(",0", StrictJson.MaxItems)) + "]}")?.Reason);
    }

    [Fact]
    public void ReadObject_more_tokens_than_the_limit_are_refused()
    {
        var row = "[" + string.Join(",", Enumerable.Repeat("0", 50_000)) + "]";
        Assert.Equal("too_many_items", Read("{\"a\":[" + string.Join(",", Enumerable.Repeat(row, 25)) + "]}")?.Reason);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(100_000)]
    public void ReadObject_repeated_name_in_a_large_object_is_found(int members)
    {
        var json = Members(members - 1);
        Assert.Equal("duplicate_key", Read(json[..^1] + ",\"n\\u0030\":0}")?.Reason);
    }

    [Fact]
    public void ReadObject_number_of_thousands_of_digits_is_refused()
    {
        Assert.Equal("number_out_of_range", Read("{\"a\":" + new string('9', 400) + "}")?.Reason);
        Assert.Equal("number_out_of_range", Read("{\"a\":0." + new string('1', 5_000) + "}")?.Reason);
    }

    [Fact]
    public void ReadNested_text_that_ends_early_gives_the_tokens_before_the_fault()
    {
        using var tape = new JsonTape();
        var json = """{"a":"\ud83d","a":["b",oops"""u8;
        Assert.Equal("not_json", StrictJson.ReadNested(json, tape)?.Reason);
        var view = tape.View(json);
        Assert.Equal(["a", "\uFFFD", "a", "b"], Strings(view));
    }

    private static List<string> Strings(JsonView view)
    {
        var strings = new List<string>();
        for (var at = 0; at < view.Count; at++)
        {
            if (view.Text(at) is { } text)
            {
                strings.Add(text);
            }
        }

        return strings;
    }

    private static string Members(int count) => "{" + string.Join(",", Enumerable.Range(0, count).Select(index => $"\"n{index}\":0")) + "}";

    private static JsonFault? Read(string json)
    {
        using var tape = new JsonTape();
        return StrictJson.ReadObject(Encoding.UTF8.GetBytes(json), tape);
    }
}
