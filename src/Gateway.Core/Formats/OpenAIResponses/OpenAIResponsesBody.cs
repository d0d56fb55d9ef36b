using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>What identifies a response.</summary>
internal sealed record ResponseHead(string Id, string Model, long Created);

/// <summary>Writes response objects of the gateway's own. All members stand that the strictest client needs.</summary>
internal static class OpenAIResponsesBody
{
    /// <summary>The status of an answer that a filter has cut.</summary>
    public const string Filtered = "incomplete";

    /// <summary>Writes a whole answer that is a refusal.</summary>
    public static void WriteRefusal(in GatewayError error, string model, IBufferWriter<byte> output)
    {
        var head = new ResponseHead($"resp_{error.DecisionId}", model, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var text = ErrorMessage.Of(error);
        var id = $"msg_{error.DecisionId}";
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteMembers(json, head, Filtered, error: null, items =>
            WriteMessage(items, id, "completed", content => WriteRefusalPart(content, text)));
        json.WriteEndObject();
    }

    /// <summary>The members of a response object, with the message of what failed it.</summary>
    public static void WriteMembers(Utf8JsonWriter json, ResponseHead head, string status, string? error, Action<Utf8JsonWriter> items)
    {
        json.WriteString("id"u8, head.Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, head.Created);
        json.WriteString("status"u8, status);
        WriteReason(json, "error"u8, error is null ? null : "server_error", error);
        WriteReason(json, "incomplete_details"u8, status == Filtered ? "content_filter" : null, message: null);
        json.WriteNull("instructions"u8);
        json.WriteString("model"u8, head.Model);
        json.WriteStartArray("output"u8);
        items(json);
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls"u8, true);
        json.WriteString("tool_choice"u8, "auto"u8);
        json.WriteStartArray("tools"u8);
        json.WriteEndArray();
        json.WriteNull("temperature"u8);
        json.WriteNull("top_p"u8);
        WriteUsage(json);
        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
    }

    /// <summary>A message item.</summary>
    public static void WriteMessage(Utf8JsonWriter json, string id, string status, Action<Utf8JsonWriter> content)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, status);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        content(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A part that says that the answer is refused.</summary>
    public static void WriteRefusalPart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "refusal"u8);
        json.WriteString("refusal"u8, text);
        json.WriteEndObject();
    }

    private static void WriteReason(Utf8JsonWriter json, ReadOnlySpan<byte> member, string? reason, string? message)
    {
        if (reason is null)
        {
            json.WriteNull(member);
            return;
        }

        json.WriteStartObject(member);
        json.WriteString(message is null ? "reason"u8 : "code"u8, reason);
        if (message is not null)
        {
            json.WriteString("message"u8, message);
        }

        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, 0);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, 0);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, 0);
        json.WriteEndObject();
    }
}
