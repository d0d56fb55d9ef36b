using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.OpenAIChat;
using Xunit;

namespace Gateway.Core.Tests.Formats.Errors;

/// <summary>The gateway's own bodies are those of the format.</summary>
public sealed class ErrorWriterTests
{
    private static readonly GatewayError Blocked = new(ErrorCode.PolicyBlocked, "Blocked by rule \"no-secrets\"\n{\u2028}", "dec_1", "messages[0].content");

    public static TheoryData<ErrorCode> Codes => new(Enum.GetValues<ErrorCode>());

    [Fact]
    public void WriteError_chat_has_the_four_members()
    {
        var error = Json(output => OpenAIChatErrors.WriteError(Blocked, output)).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Blocked.Message + " (decision dec_1)", error.GetProperty("message").GetString());
        Assert.Equal("policy_violation", error.GetProperty("type").GetString());
        Assert.Equal("messages[0].content", error.GetProperty("param").GetString());
        Assert.Equal("policy_blocked", error.GetProperty("code").GetString());
    }

    [Fact]
    public void WriteError_chat_without_param_has_a_null() => Assert.Equal(
        JsonValueKind.Null,
        Json(output => OpenAIChatErrors.WriteError(Blocked with { Param = null }, output)).GetProperty("error").GetProperty("param").ValueKind);

    [Fact]
    public void WriteError_anthropic_has_type_message_code_and_request_id()
    {
        var body = Json(output => AnthropicErrors.WriteError(Blocked, output));
        Assert.Equal("error", body.GetProperty("type").GetString());
        Assert.Equal("dec_1", body.GetProperty("request_id").GetString());
        var error = body.GetProperty("error");
        Assert.Equal("permission_error", error.GetProperty("type").GetString());
        Assert.Equal("policy_blocked", error.GetProperty("code").GetString());
        Assert.Equal(Blocked.Message + " (decision dec_1)", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(ErrorCode.PolicyBlocked, "policy_violation", "permission_error")]
    [InlineData(ErrorCode.GuardFailed, "policy_violation", "permission_error")]
    [InlineData(ErrorCode.NoPolicy, "policy_violation", "permission_error")]
    [InlineData(ErrorCode.InvalidRequest, "invalid_request_error", "invalid_request_error")]
    [InlineData(ErrorCode.InvalidApiKey, "authentication_error", "authentication_error")]
    [InlineData(ErrorCode.ModelNotFound, "invalid_request_error", "not_found_error")]
    [InlineData(ErrorCode.UnknownUrl, "invalid_request_error", "not_found_error")]
    [InlineData(ErrorCode.MethodNotAllowed, "invalid_request_error", "invalid_request_error")]
    [InlineData(ErrorCode.RequestTimeout, "invalid_request_error", "invalid_request_error")]
    [InlineData(ErrorCode.BodyTooLarge, "invalid_request_error", "request_too_large")]
    [InlineData(ErrorCode.UnsupportedMediaType, "invalid_request_error", "invalid_request_error")]
    [InlineData(ErrorCode.RateLimitExceeded, "requests", "rate_limit_error")]
    [InlineData(ErrorCode.UpstreamFailed, "server_error", "api_error")]
    [InlineData(ErrorCode.UpstreamTimeout, "server_error", "timeout_error")]
    [InlineData(ErrorCode.ShuttingDown, "server_error", "overloaded_error")]
    [InlineData(ErrorCode.NotReady, "server_error", "overloaded_error")]
    [InlineData(ErrorCode.InternalError, "server_error", "api_error")]
    public void WriteError_code_has_its_type(ErrorCode code, string chat, string anthropic)
    {
        var error = new GatewayError(code, "m", "dec_1");
        Assert.Equal(chat, Json(output => OpenAIChatErrors.WriteError(error, output)).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(anthropic, Json(output => AnthropicErrors.WriteError(error, output)).GetProperty("error").GetProperty("type").GetString());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void WriteError_is_read_back_as_the_format_s_error(ErrorCode code)
    {
        var error = new GatewayError(code, "m", "dec_1");
        using var content = new MessageContent();
        Assert.True(OpenAIChatResponse.TryRead(Bytes(output => OpenAIChatErrors.WriteError(error, output)), content));
        Assert.True(content.IsError);
        Assert.Equal(error.WireCode, content.ErrorCode);
        Assert.True(AnthropicResponse.TryRead(Bytes(output => AnthropicErrors.WriteError(error, output)), content));
        Assert.True(content.IsError);
    }

    [Fact]
    public void WriteError_message_that_names_the_decision_is_left_alone()
    {
        var error = Blocked with { Message = "See dec_1." };
        Assert.Equal("See dec_1.", Json(output => OpenAIChatErrors.WriteError(error, output)).GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void WriteRefusal_chat_is_an_answer_that_refuses()
    {
        using var content = new MessageContent();
        Assert.True(OpenAIChatResponse.TryRead(Bytes(output => OpenAIChatErrors.WriteRefusal(new CutNotice(true, Blocked), "m1", output)), content), content.ErrorCode);
        Assert.Equal(["content_filter"], content.FinishReasons);
        Assert.Equal("m1", content.Model);
        Assert.Contains("no-secrets", content.Text.ToString());
        Assert.False(content.IsError);
    }

    [Fact]
    public void WriteRefusal_anthropic_is_an_answer_that_refuses()
    {
        using var content = new MessageContent();
        Assert.True(AnthropicResponse.TryRead(Bytes(output => AnthropicErrors.WriteRefusal(new CutNotice(true, Blocked), "m1", output)), content), content.ErrorCode);
        Assert.Equal(["refusal"], content.FinishReasons);
        Assert.Equal("m1", content.Model);
        Assert.Equal("msg_dec_1", content.ResponseId);
        Assert.Contains("no-secrets", content.Text.ToString());
    }

    internal static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    private static JsonElement Json(Action<IBufferWriter<byte>> write) => JsonDocument.Parse(Encoding.UTF8.GetString(Bytes(write))).RootElement;
}
