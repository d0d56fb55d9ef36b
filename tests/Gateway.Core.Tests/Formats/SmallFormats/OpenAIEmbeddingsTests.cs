using System.Globalization;
using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.OpenAIEmbeddings;
using Gateway.Core.Tests.Formats.Requests;
using Xunit;

namespace Gateway.Core.Tests.Formats.SmallFormats;

public sealed class OpenAIEmbeddingsTests
{
    private static readonly IWireFormat s_format = new OpenAIEmbeddingsFormat();

    [Fact]
    public void ReadRequest_each_input_is_text_of_the_user_in_a_group_of_its_own()
    {
        var found = Read("\"input\":[\"one\",\"two\"],\"user\":\"u1\"");
        Assert.Equal([("one", 0), ("two", 1)], found.Segments.Where(one => one.Surface == Surface.User).Select(one => (one.Text, one.Group)));
        Assert.Equal("u1", found.Request.EndUser);
    }

    [Theory]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1,2],[3]]", 2)]
    public void ReadRequest_token_ids_are_marked(string input, int uses)
    {
        var found = Read($"\"input\":{input}");
        Assert.Null(found.Fault);
        Assert.Equal(Enumerable.Repeat(Capability.TokenIds, uses), found.Request.Uses.Select(use => use.Capability));
    }

    [Theory]
    [InlineData("\"input\":{\"text\":\"x\"}", "wrong_type")]
    [InlineData("\"input\":[{\"text\":\"x\"}]", "wrong_type")]
    [InlineData("\"input\":[1,\"x\"]", "wrong_type")]
    [InlineData("\"user\":\"x\"", "missing_field")]
    [InlineData("\"input\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"y\"}]", "unknown_field")]
    [InlineData("\"input\":\"x\",\"prompt\":\"y\"", "unknown_field")]
    [InlineData("\"input\":\"x\",\"Input\":\"y\"", "key_case_variant")]
    public void ReadRequest_what_cannot_be_read_in_one_way_is_refused(string members, string reason) => Assert.Equal(reason, Read(members).Fault?.Reason);

    [Fact]
    public void ReadRequest_dialect_option_is_read() =>
        Assert.Contains(Read("\"input\":\"x\",\"input_type\":\"search query\"").Segments, one => one is { Text: "search query", Path: "$.input_type" });

    [Fact]
    public void TryReadResponse_numbers_are_no_text()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 200_000).Select(at => (at / 7.0).ToString("R", CultureInfo.InvariantCulture)));
        using var content = Answer($"{{\"object\":\"embedding\",\"index\":0,\"embedding\":[{numbers}]}}");
        Assert.Equal("m", content.Text.ToString());
        Assert.Equal(new TokenUsage(2, 0), content.Usage);
    }

    /// <summary>The numbers are stepped over: what is allocated does not grow with them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryReadResponse_megabytes_of_numbers_allocate_next_to_nothing(bool asBase64)
    {
        var embedding = asBase64 ? $"\"{Convert.ToBase64String(new byte[1536 * 1024])}\"" : $"[{string.Join(',', Enumerable.Repeat("0.1234567", 200_000))}]";
        var body = Encoding.UTF8.GetBytes($"{{\"data\":[{{\"embedding\":{embedding}}}],\"model\":\"m\"}}");
        using var content = new MessageContent();
        // The pools that the reader rents from are emptied by a collection now and then: the best of several reads tells what reading costs.
        var least = Enumerable.Range(0, 8).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(s_format.TryReadResponse(body, content));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.InRange(least, 0, 4096);
    }

    [Fact]
    public void TryReadResponse_base64_of_whole_floats_is_no_text()
    {
        using var content = Answer($"{{\"index\":0,\"embedding\":\"{Convert.ToBase64String(new byte[1536 * 4])}\"}}");
        Assert.Equal("m", content.Text.ToString());
    }

    [Theory]
    [InlineData("\"blue falcon\"")]
    [InlineData("\"blue\\u0020falcon\"")]
    [InlineData("\"AAAA blue falcon AAAA\"")]
    [InlineData("{\"x\":\"blue falcon\"}")]
    public void TryReadResponse_text_in_the_place_of_numbers_is_read(string embedding)
    {
        using var content = Answer($"{{\"index\":0,\"embedding\":{embedding}}}");
        Assert.Contains("blue falcon", content.Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryReadResponse_base64_that_is_no_whole_floats_is_read()
    {
        using var content = Answer($"{{\"index\":0,\"embedding\":\"{Convert.ToBase64String(new byte[6])}\"}}");
        Assert.Contains("AAAAAAAA", content.Text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"embedding\":[1],\"note\":\"blue falcon\"}")]
    [InlineData("{\"embedding\":[1],\"blue falcon\":1}")]
    [InlineData("{\"embedding\":[1],\"index\":\"blue falcon\"}")]
    [InlineData("{\"embedding\":[1],\"object\":\"blue falcon\"}")]
    public void TryReadResponse_unknown_string_is_read(string item)
    {
        using var content = Answer(item);
        Assert.Contains("blue falcon", content.Text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"data\":[],\"data\":[]}", "duplicate_key")]
    [InlineData("{\"data\":[{\"embedding\":[1],\"embedding\":[2]}]}", "duplicate_key")]
    [InlineData("{\"data\":[{\"embedding\":[1],\"x\":1,\"\\u0078\":2}]}", "duplicate_key")]
    [InlineData("{\"data\":[{\"embedding\":[1],\"x\":{\"a\":1,\"a\":2}}]}", "duplicate_key")]
    [InlineData("{\"data\":[],\"usage\":{\"prompt_tokens\":1,\"prompt_tokens\":2}}", "duplicate_key")]
    [InlineData("{\"data\":[],\"y\":[{\"a\":1,\"a\":2}]}", "duplicate_key")]
    [InlineData("{\"data\":[{\"embedding\":[{\"a\":1}]}]}", "wrong_type")]
    [InlineData("{\"data\":[[1]]}", "wrong_type")]
    [InlineData("{\"data\":{}}", "wrong_type")]
    [InlineData("{\"object\":\"list\"}", "wrong_type")]
    [InlineData("[]", "not_an_object")]
    [InlineData("{\"data\":[]}x", "not_json")]
    [InlineData("{\"data\":[{\"embedding\":[1,]}]}", "not_json")]
    public void TryReadResponse_what_clients_read_differently_is_refused(string body, string reason)
    {
        using var content = new MessageContent();
        Assert.False(s_format.TryReadResponse(Encoding.UTF8.GetBytes(body), content));
        Assert.Equal(reason, content.ErrorCode);
    }

    [Fact]
    public void TryReadResponse_tokens_of_one_input_may_have_an_embedding_each()
    {
        using var content = Answer("{\"index\":0,\"embedding\":[[0.1,0.2],[0.3,null]]}");
        Assert.Equal("m", content.Text.ToString());
    }

    private static Reading Read(string members) => Reading.Of(s_format, $"{{\"model\":\"m\",{members}}}");

    private static MessageContent Answer(string item)
    {
        var content = new MessageContent();
        var body = $"{{\"object\":\"list\",\"data\":[{item}],\"model\":\"m\",\"usage\":{{\"prompt_tokens\":2,\"total_tokens\":2}}}}";
        Assert.True(s_format.TryReadResponse(Encoding.UTF8.GetBytes(body), content), content.ErrorCode);
        return content;
    }
}
