using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Gemini;
using Gateway.Core.Tests.Formats.Errors;
using Xunit;

namespace Gateway.Core.Tests.Formats.Gemini;

public sealed class GeminiAnswerTests
{
    private static readonly GatewayError Blocked = new(ErrorCode.PolicyBlocked, "Blocked by rule no-secrets.", "dec_1", "$.contents[0]");

    public static TheoryData<ErrorCode> Codes => new(Enum.GetValues<ErrorCode>());

    [Theory]
    [InlineData("""{"candidates":[{"finishReason":"STOP","finish_reason":"STOP"}]}""", "two_spellings_of_one_field")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"},"function_call":{"name":"g"}}]}}]}""", "two_spellings_of_one_field")]
    [InlineData("""{"candidates":[],"candidates":[]}""", "duplicate_key")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1,"a":2}}}]}}]}""", "duplicate_key")]
    [InlineData("""{"Candidates":[],"candidates":[]}""", "key_case_variant")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"Text":"x"}]}}]}""", "key_case_variant")]
    [InlineData("""{"candidates":{"0":{}}}""", "wrong_type")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"args":{}}}]}}]}""", "tool_without_name")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":"{}"}}]}}]}""", "wrong_type")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","partialArgs":[]}}]}}]}""", "wrong_type")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"\ud800"}]}}]}""", "lone_surrogate")]
    [InlineData("""{"other":"x"}""", "wrong_type")]
    [InlineData("""{"promptFeedback":{}}""", "wrong_type")]
    [InlineData("""[{"candidates":[]}]""", "not_an_object")]
    [InlineData("<html>", "not_json")]
    [InlineData("", "not_json")]
    public void TryRead_answer_that_clients_could_read_in_two_ways_is_refused(string body, string reason)
    {
        using var content = new MessageContent();
        Assert.False(GeminiResponse.TryRead(Encoding.UTF8.GetBytes(body), content));
        Assert.Equal(reason, content.ErrorCode);
    }

    [Theory]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"Ymx1ZSBmYWxjb24="}}]}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"text/csv","data":"\u0059mx1ZSBmYWxjb24"}}]}}]}""")]
    public void TryRead_text_in_base64_is_read(string body)
    {
        using var content = new MessageContent();
        Assert.True(GeminiResponse.TryRead(Encoding.UTF8.GetBytes(body), content));
        Assert.Contains("blue falcon", content.Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_error_in_an_array_is_the_error()
    {
        using var content = new MessageContent();
        Assert.True(GeminiResponse.TryRead("[{\n  \"error\": {\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\"}}\n]"u8.ToArray(), content));
        Assert.True(content.IsError);
        Assert.Equal("RESOURCE_EXHAUSTED", content.ErrorCode);
    }

    [Theory]
    [InlineData("""{"totalTokens":31,"promptTokensDetails":[{"modality":"TEXT","tokenCount":31}]}""", true)]
    [InlineData("""{"total_tokens":31}""", true)]
    [InlineData("""{"error":{"code":400,"status":"INVALID_ARGUMENT"}}""", true)]
    [InlineData("""{"candidates":[]}""", false)]
    [InlineData("""{"totalTokens":1,"totalTokens":2}""", false)]
    public void TryReadNumbers_takes_counts_and_errors_only(string body, bool accepted)
    {
        using var content = new MessageContent();
        Assert.Equal(accepted, new GeminiCountTokensFormat().TryReadResponse(Encoding.UTF8.GetBytes(body), content));
    }

    [Fact]
    public void TryReadNumbers_text_in_an_embedding_is_read()
    {
        using var content = new MessageContent();
        Assert.True(new GeminiEmbedFormat().TryReadResponse("""{"embedding":{"values":[0.1,2],"note":"blue falcon"}}"""u8.ToArray(), content));
        Assert.Contains("blue falcon", content.Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_usage_counts_thoughts_and_tool_results()
    {
        using var content = new MessageContent();
        GeminiResponse.TryRead(
            """{"candidates":[],"usage_metadata":{"promptTokenCount":10,"toolUsePromptTokenCount":3,"candidatesTokenCount":5,"thoughtsTokenCount":7,"cachedContentTokenCount":2}}"""u8.ToArray(),
            content);
        Assert.Equal(new TokenUsage(13, 12, 2, 0, 7), content.Usage);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void WriteError_is_read_back_as_the_format_s_error(ErrorCode code)
    {
        var error = new GatewayError(code, "m", "dec_1");
        using var content = new MessageContent();
        var body = ErrorWriterTests.Bytes(output => GeminiErrors.WriteError(error, output));
        Assert.True(GeminiResponse.TryRead(body, content));
        Assert.True(content.IsError);
        Assert.Equal(error.Status, JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public void WriteError_block_has_the_members_of_a_google_status()
    {
        var error = JsonDocument.Parse(ErrorWriterTests.Bytes(output => GeminiErrors.WriteError(Blocked, output))).RootElement.GetProperty("error");
        Assert.Equal("PERMISSION_DENIED", error.GetProperty("status").GetString());
        Assert.Equal("Blocked by rule no-secrets. (decision dec_1)", error.GetProperty("message").GetString());
        Assert.Equal("POLICY_BLOCKED", error.GetProperty("details")[0].GetProperty("reason").GetString());
        Assert.Equal("$.contents[0]", error.GetProperty("details")[0].GetProperty("metadata").GetProperty("param").GetString());
    }

    [Fact]
    public void WriteRefusal_is_an_answer_that_refuses()
    {
        using var content = new MessageContent();
        Assert.True(GeminiResponse.TryRead(ErrorWriterTests.Bytes(output => GeminiErrors.WriteRefusal(new CutNotice(true, Blocked), "m1", output)), content));
        Assert.Equal(["PROHIBITED_CONTENT"], content.FinishReasons);
        Assert.Equal(("m1", "dec_1"), (content.Model, content.ResponseId));
        Assert.Contains("no-secrets", content.Text.ToString(), StringComparison.Ordinal);
        Assert.False(content.IsError);
    }
}
