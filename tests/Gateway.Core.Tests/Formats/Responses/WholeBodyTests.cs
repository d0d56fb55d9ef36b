using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.OpenAIChat;
using Xunit;

namespace Gateway.Core.Tests.Formats.Responses;

/// <summary>Bodies that could be read in two ways, or in none.</summary>
public sealed class WholeBodyTests
{
    private const string ChatHead = """{"id":"c","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":""";

    [Theory]
    [InlineData("", StreamFaults.NotJson)]
    [InlineData("[]", StreamFaults.NotAnObject)]
    [InlineData("\"text\"", StreamFaults.NotAnObject)]
    [InlineData("{}", StreamFaults.WrongType)]
    [InlineData("{\"choices\":[]} x", StreamFaults.NotJson)]
    [InlineData("\uFEFF{\"choices\":[]}", StreamFaults.NotJson)]
    [InlineData("{\"choices\":[],\"choices\":[]}", StreamFaults.DuplicateKey)]
    [InlineData("{\"choices\":[],\"x\":{\"a\":1,\"\\u0061\":2}}", StreamFaults.DuplicateKey)]
    [InlineData("{\"choices\":[],\"\\ud83d\":1}", StreamFaults.LoneSurrogate)]
    [InlineData("{\"choices\":[],\"x\":\"\\ud83d\"}", StreamFaults.LoneSurrogate)]
    [InlineData("{\"choices\":[\"text\"]}", StreamFaults.WrongType)]
    [InlineData("{\"choices\":[{\"index\":-1,\"message\":{}}]}", StreamFaults.IndexJump)]
    public void TryRead_chat_body_that_is_none_is_refused(string body, string reason)
    {
        using var content = new MessageContent();
        Assert.False(OpenAIChatResponse.TryRead(Encoding.UTF8.GetBytes(body), content));
        Assert.Equal(reason, content.ErrorCode);
    }

    [Theory]
    [InlineData("<html>", StreamFaults.NotJson)]
    [InlineData("[]", StreamFaults.NotAnObject)]
    [InlineData("{}", StreamFaults.WrongType)]
    [InlineData("{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"text\":\"b\"}]}", StreamFaults.DuplicateKey)]
    [InlineData("{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"pay\",\"input\":{\"to\":1,\"to\":2}}]}", StreamFaults.DuplicateKey)]
    [InlineData("{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"input\":{}}]}", StreamFaults.ToolWithoutName)]
    [InlineData("{\"type\":\"message\",\"content\":[1]}", StreamFaults.WrongType)]
    public void TryRead_anthropic_body_that_is_none_is_refused(string body, string reason)
    {
        using var content = new MessageContent();
        Assert.False(AnthropicResponse.TryRead(Encoding.UTF8.GetBytes(body), content));
        Assert.Equal(reason, content.ErrorCode);
    }

    [Fact]
    public void TryRead_anthropic_role_error_does_not_make_an_error_of_an_answer()
    {
        using var content = new MessageContent();
        Assert.True(AnthropicResponse.TryRead("{\"type\":\"message\",\"role\":\"error\",\"content\":[]}"u8.ToArray(), content));
        Assert.False(content.IsError);
    }

    [Fact]
    public void TryRead_invalid_utf8_is_refused()
    {
        using var content = new MessageContent();
        var body = "{\"choices\":[],\"x\":\"?\"}"u8.ToArray();
        body[^3] = 0xFF;
        Assert.False(OpenAIChatResponse.TryRead(body, content));
        Assert.Equal(StreamFaults.NotUtf8, content.ErrorCode);
        Assert.False(AnthropicResponse.TryRead(body, content));
        Assert.Equal(StreamFaults.NotUtf8, content.ErrorCode);
    }

    [Fact]
    public void TryRead_arguments_gives_their_strings_as_nested_segments()
    {
        using var content = new MessageContent();
        var body = ChatHead + """{"tool_calls":[{"id":"1","type":"function","function":{"name":"pay","arguments":"{\"to\":\"al\\u0069ce\",\"type\":\"x\"}"}}]}}]}""";
        Assert.True(OpenAIChatResponse.TryRead(Encoding.UTF8.GetBytes(body), content), content.ErrorCode);

        var nested = new List<string>();
        foreach (var segment in content.Segments)
        {
            if (segment.Flags.HasFlag(SegmentFlags.Nested))
            {
                Assert.Equal(Surface.ToolArguments, segment.Surface);
                nested.Add((segment.Flags.HasFlag(SegmentFlags.Key) ? "key " : "") + content.TextOf(segment).ToString());
            }
        }

        Assert.Equal(["key to", "alice", "key type", "x"], nested);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("{\\\"a\\\":")]
    public void TryRead_arguments_that_are_no_json_stay_whole(string arguments)
    {
        using var content = new MessageContent();
        var body = ChatHead + """{"tool_calls":[{"id":"1","type":"function","function":{"name":"pay","arguments":"ARGS"}}]}}]}""".Replace("ARGS", arguments);
        Assert.True(OpenAIChatResponse.TryRead(Encoding.UTF8.GetBytes(body), content));
        Assert.Equal(arguments.Replace("\\", ""), Assert.Single(content.ToolCalls).Arguments);
    }

    [Fact]
    public void TryRead_call_that_is_function_and_custom_is_refused()
    {
        using var content = new MessageContent();
        var body = ChatHead + """{"tool_calls":[{"id":"1","function":{"name":"a","arguments":"{}"},"custom":{"name":"b","input":"x"}}]}}]}""";
        Assert.False(OpenAIChatResponse.TryRead(Encoding.UTF8.GetBytes(body), content));
    }

    [Fact]
    public void TryRead_arguments_as_object_gives_its_bytes_and_strings()
    {
        using var content = new MessageContent();
        var body = ChatHead + """{"tool_calls":[{"id":"1","function":{"name":"a","arguments":{"q": "tide"}}}]}}]}""";
        Assert.True(OpenAIChatResponse.TryRead(Encoding.UTF8.GetBytes(body), content));
        Assert.Equal("""{"q": "tide"}""", Assert.Single(content.ToolCalls).Arguments);
        Assert.Contains("tide", content.Text.ToString());
    }

    [Fact]
    public void TryRead_second_body_forgets_the_first()
    {
        using var content = new MessageContent();
        Assert.True(OpenAIChatResponse.TryRead(GoldenAnswers.Bytes("openai-error.403-policy.response.json"), content));
        Assert.True(OpenAIChatResponse.TryRead(GoldenAnswers.Bytes("openai-chat.simple.response.json"), content));
        Assert.False(content.IsError);
        Assert.Null(content.ErrorCode);
        Assert.Equal("chatcmpl-Bz7qT1", content.ResponseId);
    }
}
