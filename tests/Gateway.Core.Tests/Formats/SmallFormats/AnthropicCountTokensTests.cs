using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicCountTokens;
using Gateway.Core.Tests.Formats.Requests;
using Xunit;

namespace Gateway.Core.Tests.Formats.SmallFormats;

public sealed class AnthropicCountTokensTests
{
    private static readonly IWireFormat s_format = new AnthropicCountTokensFormat();

    [Fact]
    public void ReadRequest_finds_what_a_messages_request_with_the_same_prompt_has()
    {
        const string Prompt = "\"model\":\"m\",\"system\":[{\"type\":\"text\",\"text\":\"be brief\"}],\"messages\":[{\"role\":\"user\",\"content\":\"how long\"}],\"tools\":[{\"name\":\"f\",\"description\":\"d\",\"input_schema\":{\"type\":\"object\"}}]";
        var count = Reading.Of(s_format, $"{{{Prompt}}}");
        var messages = Reading.Of(Reading.Anthropic, $"{{{Prompt},\"max_tokens\":1}}");
        Assert.Null(count.Fault);
        Assert.Equal(messages.Segments, count.Segments);
        Assert.Equal("f", Assert.Single(count.Request.Content.Tools).Name);
    }

    [Theory]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"mcp_servers\":[]", "unknown_field")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":\"true\"", "wrong_type")]
    [InlineData("\"system\":\"x\"", "missing_field")]
    public void ReadRequest_what_messages_refuses_is_refused(string members, string reason) =>
        Assert.Equal(reason, Reading.Of(s_format, $"{{\"model\":\"m\",{members}}}").Fault?.Reason);

    [Fact]
    public void ReadRequest_never_asks_for_a_stream() =>
        Assert.False(Reading.Of(s_format, "{\"model\":\"m\",\"messages\":[],\"stream\":true}").Request.Stream);

    [Theory]
    [InlineData("{\"input_tokens\":5,\"note\":\"blue falcon\"}")]
    [InlineData("{\"input_tokens\":5,\"context_management\":{\"x\":[\"blue falcon\"]}}")]
    [InlineData("{\"input_tokens\":5,\"blue falcon\":{}}")]
    public void TryReadResponse_unknown_string_is_read(string body)
    {
        using var content = new MessageContent();
        Assert.True(s_format.TryReadResponse(Encoding.UTF8.GetBytes(body), content));
        Assert.Contains("blue falcon", content.Text.ToString(), StringComparison.Ordinal);
        Assert.Equal(new TokenUsage(5, 0), content.Usage);
    }

    [Fact]
    public void TryReadResponse_error_is_one()
    {
        using var content = new MessageContent();
        Assert.True(s_format.TryReadResponse("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}"u8.ToArray(), content));
        Assert.True(content.IsError);
        Assert.Equal("overloaded_error", content.ErrorCode);
    }

    [Theory]
    [InlineData("{\"input_tokens\":5,\"input_tokens\":6}", "duplicate_key")]
    [InlineData("{\"input_tokens\":5,\"x\":{\"a\":1,\"a\":2}}", "duplicate_key")]
    [InlineData("{\"input_tokens\":\"5\"}", "wrong_type")]
    [InlineData("{}", "wrong_type")]
    [InlineData("{\"input_tokens\":5}}", "not_json")]
    [InlineData("5", "not_an_object")]
    public void TryReadResponse_what_is_no_count_is_refused(string body, string reason)
    {
        using var content = new MessageContent();
        Assert.False(s_format.TryReadResponse(Encoding.UTF8.GetBytes(body), content));
        Assert.Equal(reason, content.ErrorCode);
    }
}
