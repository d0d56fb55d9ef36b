using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Writes the gateway's own errors and refusals as Chat Completions bodies.</summary>
public static class OpenAIChatErrors
{
    /// <summary>Writes <c>{"error":{"message","type","param","code"}}</c>.</summary>
    public static void WriteError(in GatewayError error, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteErrorMember(json, error);
        json.WriteEndObject();
    }

    /// <summary>Writes a whole answer whose message is a refusal. The stated time is the writing's.</summary>
    public static void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id"u8, $"chatcmpl-{notice.Error.DecisionId}");
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteNull("content"u8);
        json.WriteString("refusal"u8, ErrorMessage.Of(notice.Error));
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, "content_filter"u8);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the member <c>error</c> of an object that is open.</summary>
    internal static void WriteErrorMember(Utf8JsonWriter json, in GatewayError error)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, ErrorMessage.Of(error));
        json.WriteString("type"u8, Type(error.Code));
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, error.WireCode);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Type(ErrorCode code) => code switch
    {
        ErrorCode.PolicyBlocked or ErrorCode.GuardFailed or ErrorCode.NoPolicy => "policy_violation"u8,
        ErrorCode.InvalidApiKey => "authentication_error"u8,
        ErrorCode.RateLimitExceeded => "requests"u8,
        ErrorCode.UpstreamFailed or ErrorCode.UpstreamTimeout or ErrorCode.ShuttingDown or ErrorCode.NotReady or ErrorCode.InternalError =>
            "server_error"u8,
        _ => "invalid_request_error"u8,
    };
}
