using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Ends a Messages stream that the gateway cuts.</summary>
internal static class AnthropicStreamEnding
{
    /// <summary>The error event. Every official SDK raises on it at any point, but only if the frame has its event line.</summary>
    public static void WriteError(in GatewayError error, IBufferWriter<byte> output) =>
        SseFrameWriter.Write(output, "error"u8, error, static (json, error) => AnthropicErrors.WriteErrorMembers(json, error));

    /// <summary>A refusal: closes the block that the client has seen open; starts the message first where nothing was sent yet.</summary>
    public static void WriteRefusal(in GatewayError error, string model, long outputTokens, StreamPosition released, IBufferWriter<byte> output)
    {
        var text = ErrorMessage.Of(error);
        if (!released.Started)
        {
            WriteStart(error.DecisionId, model, output);
            WriteTextBlock(text, output);
        }
        else if (released.OpenBlock >= 0)
        {
            WriteBlockStop(released.OpenBlock, output);
        }

        SseFrameWriter.Write(output, "message_delta"u8, (text, outputTokens), static (json, stop) =>
        {
            json.WriteString("type"u8, "message_delta"u8);
            json.WriteStartObject("delta"u8);
            AnthropicErrors.WriteStop(json, stop.text);
            json.WriteEndObject();
            AnthropicErrors.WriteUsage(json, withInput: false, stop.outputTokens);
        });
        SseFrameWriter.Write(output, "message_stop"u8, 0, static (json, _) => json.WriteString("type"u8, "message_stop"u8));
    }

    private static void WriteStart(string decisionId, string model, IBufferWriter<byte> output) =>
        SseFrameWriter.Write(output, "message_start"u8, (decisionId, model), static (json, head) =>
        {
            json.WriteString("type"u8, "message_start"u8);
            json.WriteStartObject("message"u8);
            AnthropicErrors.WriteMessageHead(json, head.decisionId, head.model);
            json.WriteStartArray("content"u8);
            json.WriteEndArray();
            json.WriteNull("stop_reason"u8);
            json.WriteNull("stop_sequence"u8);
            AnthropicErrors.WriteUsage(json, withInput: true, 0);
            json.WriteEndObject();
        });

    private static void WriteTextBlock(string text, IBufferWriter<byte> output)
    {
        SseFrameWriter.Write(output, "content_block_start"u8, 0, static (json, index) =>
        {
            json.WriteString("type"u8, "content_block_start"u8);
            json.WriteNumber("index"u8, index);
            json.WriteStartObject("content_block"u8);
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, ""u8);
            json.WriteEndObject();
        });
        SseFrameWriter.Write(output, "content_block_delta"u8, text, static (json, text) =>
        {
            json.WriteString("type"u8, "content_block_delta"u8);
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("delta"u8);
            json.WriteString("type"u8, "text_delta"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        });
        WriteBlockStop(0, output);
    }

    private static void WriteBlockStop(int index, IBufferWriter<byte> output) =>
        SseFrameWriter.Write(output, "content_block_stop"u8, index, static (json, index) =>
        {
            json.WriteString("type"u8, "content_block_stop"u8);
            json.WriteNumber("index"u8, index);
        });
}
