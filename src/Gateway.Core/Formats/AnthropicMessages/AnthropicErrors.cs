using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Writes the gateway's own errors and refusals as Messages bodies.</summary>
public static class AnthropicErrors
{
    /// <summary>
    /// Writes <c>{"type":"error","error":{"type","message","code"},"request_id"}</c>. <c>code</c> is the gateway's own member: the error types of
    /// the format are too few to tell a policy block from a missing permission.
    /// </summary>
    public static void WriteError(in GatewayError error, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteErrorMembers(json, error);
        json.WriteEndObject();
    }

    /// <summary>Writes a whole answer that stops with a refusal and says so in its text.</summary>
    public static void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output)
    {
        var text = ErrorMessage.Of(notice.Error);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteMessageHead(json, notice.Error.DecisionId, model);
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteStop(json, text);
        WriteUsage(json, withInput: true, 0);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of an error object that is open.</summary>
    internal static void WriteErrorMembers(Utf8JsonWriter json, in GatewayError error)
    {
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, Type(error.Code));
        json.WriteString("message"u8, ErrorMessage.Of(error));
        json.WriteString("code"u8, error.WireCode);
        json.WriteEndObject();
        json.WriteString("request_id"u8, error.DecisionId);
    }

    /// <summary>Writes id, type, role and model of a message.</summary>
    internal static void WriteMessageHead(Utf8JsonWriter json, string decisionId, string model)
    {
        json.WriteString("id"u8, $"msg_{decisionId}");
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, model);
    }

    /// <summary>Writes the stop members of a refusal.</summary>
    internal static void WriteStop(Utf8JsonWriter json, string explanation)
    {
        json.WriteString("stop_reason"u8, "refusal"u8);
        json.WriteNull("stop_sequence"u8);
        json.WriteStartObject("stop_details"u8);
        json.WriteString("type"u8, "refusal"u8);
        json.WriteNull("category"u8);
        json.WriteString("explanation"u8, explanation);
        json.WriteEndObject();
    }

    /// <summary>Writes usage; the input is not known where the gateway answers by itself.</summary>
    internal static void WriteUsage(Utf8JsonWriter json, bool withInput, long output)
    {
        json.WriteStartObject("usage"u8);
        if (withInput)
        {
            json.WriteNumber("input_tokens"u8, 0);
        }

        json.WriteNumber("output_tokens"u8, output);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Type(ErrorCode code) => code switch
    {
        ErrorCode.PolicyBlocked or ErrorCode.GuardFailed or ErrorCode.NoPolicy => "permission_error"u8,
        ErrorCode.InvalidApiKey => "authentication_error"u8,
        ErrorCode.ModelNotFound or ErrorCode.UnknownUrl => "not_found_error"u8,
        ErrorCode.BodyTooLarge => "request_too_large"u8,
        ErrorCode.RateLimitExceeded => "rate_limit_error"u8,
        ErrorCode.UpstreamFailed or ErrorCode.InternalError => "api_error"u8,
        ErrorCode.UpstreamTimeout => "timeout_error"u8,
        ErrorCode.ShuttingDown or ErrorCode.NotReady => "overloaded_error"u8,
        _ => "invalid_request_error"u8,
    };
}
