using System.Buffers;
using System.Text.Json;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>Writes answers of the gateway's own as legacy Completions. The format has no member for a refusal: it stands as text, with its finish reason.</summary>
internal static class OpenAICompletionsEnding
{
    /// <summary>Writes a whole answer that says it is a refusal. The stated time is the writing's.</summary>
    public static void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output)
    {
        var created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteMembers(json, new ChunkHead($"cmpl-{notice.Error.DecisionId}", model, created), 0, ErrorMessage.Of(notice.Error));
        json.WriteEndObject();
    }

    /// <summary>
    /// Ends a stream with an error that the official SDKs raise. A client that does not look at <c>error</c> finds a choice that the filter ended.
    /// </summary>
    public static void WriteError(in GatewayError error, IBufferWriter<byte> output) =>
        SseFrameWriter.Write(output, default, error, static (json, error) =>
        {
            OpenAIChatErrors.WriteErrorMember(json, error);
            WriteChoice(json, 0, "", error.Status == 403 ? "content_filter" : "error");
        });

    /// <summary>Ends a stream with a refusal in every choice that has not finished, or in the first one where none was seen, and the terminator.</summary>
    public static void WriteRefusal(in GatewayError error, ChunkHead head, StreamPosition released, IBufferWriter<byte> output)
    {
        var text = ErrorMessage.Of(error);
        for (var choice = 0; choice < Math.Max(1, released.Choices); choice++)
        {
            var hasFinished = choice < 31 && (released.Blocks & (1 << choice)) != 0;
            if (!hasFinished)
            {
                SseFrameWriter.Write(output, default, (head, choice, text), static (json, chunk) => WriteMembers(json, chunk.head, chunk.choice, chunk.text));
            }
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private static void WriteMembers(Utf8JsonWriter json, ChunkHead head, int choice, string text)
    {
        json.WriteString("id"u8, head.Id);
        json.WriteString("object"u8, "text_completion"u8);
        json.WriteNumber("created"u8, head.Created);
        json.WriteString("model"u8, head.Model);
        WriteChoice(json, choice, text, "content_filter");
    }

    private static void WriteChoice(Utf8JsonWriter json, int choice, string text, string finish)
    {
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteNumber("index"u8, choice);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finish);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
