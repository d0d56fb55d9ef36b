using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>The members that every chunk of a stream repeats.</summary>
internal sealed record ChunkHead(string Id, string Model, long Created);

/// <summary>Ends a Chat Completions stream that the gateway cuts.</summary>
internal static class OpenAIChatStreamEnding
{
    /// <summary>
    /// An error that every official SDK raises. <c>error</c> stands first because Go clients look for that prefix. The OpenAI .NET SDK 2.15 does not
    /// look at it at all and would end silently: it raises on the role, which is none, and shows it, so the role repeats code and message.
    /// </summary>
    public static void WriteError(in GatewayError error, IBufferWriter<byte> output) =>
        SseFrameWriter.Write(output, default, error, static (json, error) =>
        {
            OpenAIChatErrors.WriteErrorMember(json, error);
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("delta"u8);
            json.WriteString("role"u8, $"{error.WireCode}: {ErrorMessage.Of(error)}");
            json.WriteEndObject();
            json.WriteString("finish_reason"u8, error.Status == 403 ? "content_filter"u8 : "error"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        });

    /// <summary>
    /// A refusal in every choice that the client has seen begin and not finish, or in the first one where it has seen none, and the terminator.
    /// </summary>
    public static void WriteRefusal(in GatewayError error, ChunkHead head, StreamPosition released, IBufferWriter<byte> output)
    {
        var text = ErrorMessage.Of(error);
        for (var choice = 0; choice < Math.Max(1, released.Choices); choice++)
        {
            var hasFinished = choice < 31 && (released.Blocks & (1 << choice)) != 0;
            if (!hasFinished)
            {
                WriteChunk(output, new Chunk(head, choice, choice >= released.Choices, text));
                WriteChunk(output, new Chunk(head, choice, IsFirst: false, Refusal: null));
            }
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private static void WriteChunk(IBufferWriter<byte> output, Chunk chunk) =>
        SseFrameWriter.Write(output, default, chunk, static (json, chunk) =>
        {
            json.WriteString("id"u8, chunk.Head.Id);
            json.WriteString("object"u8, "chat.completion.chunk"u8);
            json.WriteNumber("created"u8, chunk.Head.Created);
            json.WriteString("model"u8, chunk.Head.Model);
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, chunk.Choice);
            WriteDelta(json, chunk);
            json.WriteString("finish_reason"u8, chunk.Refusal is null ? "content_filter" : null);
            json.WriteEndObject();
            json.WriteEndArray();
        });

    private static void WriteDelta(Utf8JsonWriter json, Chunk chunk)
    {
        json.WriteStartObject("delta"u8);
        if (chunk.IsFirst)
        {
            json.WriteString("role"u8, "assistant"u8);
        }

        if (chunk.Refusal is not null)
        {
            json.WriteString("refusal"u8, chunk.Refusal);
        }

        json.WriteEndObject();
    }

    private readonly record struct Chunk(ChunkHead Head, int Choice, bool IsFirst, string? Refusal);
}
