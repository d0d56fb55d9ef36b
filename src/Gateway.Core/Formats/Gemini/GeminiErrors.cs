using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Writes the gateway's own errors and refusals as Gemini bodies (google.rpc.Status in JSON).</summary>
public static class GeminiErrors
{
    /// <summary>Writes <c>{"error":{"code","message","status","details"}}</c>.</summary>
    public static void WriteError(in GatewayError error, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteErrorMember(json, error);
        json.WriteEndObject();
    }

    /// <summary>Writes a whole answer that says it is a refusal: a candidate without text. An answer without candidates breaks clients that index them.</summary>
    public static void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        WriteRefusedCandidate(json, notice.Error, 0);
        json.WriteEndArray();
        WriteEnvelope(json, model, notice.Error.DecisionId);
        json.WriteEndObject();
    }

    /// <summary>Writes the member <c>error</c> of an object that is open.</summary>
    internal static void WriteErrorMember(Utf8JsonWriter json, in GatewayError error)
    {
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Status);
        json.WriteString("message"u8, ErrorMessage.Of(error));
        json.WriteString("status"u8, Status(error.Code));
        json.WriteStartArray("details"u8);
        json.WriteStartObject();
        json.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
        json.WriteString("reason"u8, error.WireCode.ToUpperInvariant());
        json.WriteString("domain"u8, "gateway"u8);
        if (error.Param is { } param)
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("param"u8, param);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a candidate that ends with a refusal.</summary>
    internal static void WriteRefusedCandidate(Utf8JsonWriter json, in GatewayError error, int index)
    {
        json.WriteStartObject();
        json.WriteStartObject("content"u8);
        json.WriteString("role"u8, "model"u8);
        json.WriteStartArray("parts"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("finishReason"u8, "PROHIBITED_CONTENT"u8);
        json.WriteString("finishMessage"u8, ErrorMessage.Of(error));
        json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }

    /// <summary>Writes the members that every answer has.</summary>
    internal static void WriteEnvelope(Utf8JsonWriter json, string model, string id)
    {
        json.WriteString("modelVersion"u8, model);
        json.WriteString("responseId"u8, id);
    }

    // The names that Google gives to these statuses; where a status has two, the one that its own services use for the case.
    private static ReadOnlySpan<byte> Status(ErrorCode code) => code switch
    {
        ErrorCode.PolicyBlocked or ErrorCode.GuardFailed or ErrorCode.NoPolicy => "PERMISSION_DENIED"u8,
        ErrorCode.InvalidApiKey => "UNAUTHENTICATED"u8,
        ErrorCode.ModelNotFound or ErrorCode.UnknownUrl => "NOT_FOUND"u8,
        ErrorCode.MethodNotAllowed => "UNIMPLEMENTED"u8,
        ErrorCode.RateLimitExceeded => "RESOURCE_EXHAUSTED"u8,
        ErrorCode.UpstreamFailed or ErrorCode.ShuttingDown or ErrorCode.NotReady => "UNAVAILABLE"u8,
        ErrorCode.UpstreamTimeout => "DEADLINE_EXCEEDED"u8,
        ErrorCode.InternalError => "INTERNAL"u8,
        _ => "INVALID_ARGUMENT"u8,
    };
}
