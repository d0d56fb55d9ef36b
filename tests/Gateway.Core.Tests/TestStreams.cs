using System.Text;
using System.Text.Json;
using Gateway.Core.Formats;

namespace Gateway.Core.Tests;

/// <summary>Streams of the formats, made from pieces of text.</summary>
internal static class TestStreams
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Text(FormatId format, params string[] pieces) => format == FormatId.OpenAIResponses ? TestResponsesStreams.Text(pieces)
        : format == FormatId.OpenAIChat
        ? Chat([ChatStart(0), .. pieces.Select(piece => ChatText(0, piece)), ChatFinish(0), "[DONE]"])
        : Messages(Block(0, new { type = "text", text = "" }, pieces.Select(piece => (object)new { type = "text_delta", text = piece })), "end_turn");

    public static byte[] Reasoning(FormatId format, params string[] pieces) => format == FormatId.OpenAIResponses ? TestResponsesStreams.Reasoning(pieces)
        : format == FormatId.OpenAIChat
        ? Chat([ChatStart(0), .. pieces.Select(piece => ChatDelta(0, new { reasoning_content = piece })), ChatFinish(0), "[DONE]"])
        : Messages(
            Block(0, new { type = "thinking", thinking = "", signature = "" }, pieces.Select(piece => (object)new { type = "thinking_delta", thinking = piece })),
            "end_turn");

    public static byte[] ToolCall(FormatId format, string name, params string[] arguments)
    {
        if (format == FormatId.OpenAIResponses)
        {
            return TestResponsesStreams.ToolCall(name, arguments);
        }

        if (format == FormatId.OpenAIChat)
        {
            var open = ChatDelta(0, new { tool_calls = new[] { new { index = 0, id = "call_1", type = "function", function = new { name, arguments = "" } } } });
            var pieces = arguments.Select(piece => ChatDelta(0, new { tool_calls = new[] { new { index = 0, function = new { arguments = piece } } } }));
            return Chat([ChatStart(0), open, .. pieces, ChatFinish(0, "tool_calls"), "[DONE]"]);
        }

        return Messages(
            Block(
                0,
                new { type = "tool_use", id = "toolu_1", name, input = new { } },
                arguments.Select(piece => (object)new { type = "input_json_delta", partial_json = piece })),
            "tool_use");
    }

    public static byte[] Chat(params IEnumerable<string> data) => Encoding.UTF8.GetBytes(string.Concat(data.Select(item => $"data: {item}\n\n")));

    public static string ChatStart(int choice) => ChatDelta(choice, new { role = "assistant", content = "" });

    public static string ChatText(int choice, string text) => ChatDelta(choice, new { content = text });

    public static string ChatFinish(int choice, string reason = "stop") => Chunk(new { index = choice, delta = new { }, finish_reason = reason });

    public static string ChatDelta(int choice, object delta) => Chunk(new { index = choice, delta, finish_reason = (string?)null });

    /// <summary>The prose that a client of the format would have put together.</summary>
    public static string TextOf(FormatId format, byte[] stream)
    {
        var text = new StringBuilder();
        foreach (var data in Data(stream))
        {
            if (data == "[DONE]")
            {
                continue;
            }

            using var json = JsonDocument.Parse(data);
            if (format == FormatId.OpenAIChat && !json.RootElement.TryGetProperty("error", out _))
            {
                foreach (var choice in json.RootElement.GetProperty("choices").EnumerateArray())
                {
                    text.Append(choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "");
                }
            }
            else if (format == FormatId.OpenAIResponses && json.RootElement.GetProperty("type").GetString() == "response.output_text.delta")
            {
                text.Append(json.RootElement.GetProperty("delta").GetString());
            }
            else if (format == FormatId.AnthropicMessages && json.RootElement.TryGetProperty("delta", out var delta) && delta.TryGetProperty("text", out var piece))
            {
                text.Append(piece.GetString());
            }
        }

        return text.ToString();
    }

    /// <summary>Whether the last frame is an error that the official SDKs raise on.</summary>
    public static bool EndsWithError(FormatId format, byte[] stream)
    {
        // After the error of Responses comes a frame for clients that do not raise on it.
        var isFollowed = format == FormatId.OpenAIResponses;
        var frames = Encoding.UTF8.GetString(stream).TrimEnd('\n').Split("\n\n").Where(item => !item.Contains("[DONE]", StringComparison.Ordinal)).ToList();
        var frame = frames[^(isFollowed ? 2 : 1)];
        using var json = JsonDocument.Parse(Data(Encoding.UTF8.GetBytes(frame)).Single());
        return (!isFollowed || frames[^1].StartsWith("event: response.failed\n", StringComparison.Ordinal))
            && json.RootElement.TryGetProperty("error", out _)
            && (format == FormatId.OpenAIChat || frame.StartsWith("event: error\n", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Data(byte[] stream) => Encoding.UTF8.GetString(stream).Split('\n')
        .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
        .Select(line => line["data: ".Length..]);

    private static string Chunk(object choice) => JsonSerializer.Serialize(
        new
        {
            id = "chatcmpl-1",
            @object = "chat.completion.chunk",
            created = 1,
            model = "gpt-4o-mini",
            service_tier = "default",
            system_fingerprint = "fp_1",
            choices = new[] { choice },
        }, Readable);

    private static IEnumerable<string> Block(int index, object start, IEnumerable<object> deltas)
    {
        yield return Event("content_block_start", new { type = "content_block_start", index, content_block = start });
        foreach (var delta in deltas)
        {
            yield return Event("content_block_delta", new { type = "content_block_delta", index, delta });
        }

        yield return Event("content_block_stop", new { type = "content_block_stop", index });
    }

    private static byte[] Messages(IEnumerable<string> blocks, string stopReason)
    {
        var message = new
        {
            id = "msg_1",
            type = "message",
            role = "assistant",
            model = "claude-sonnet-4-5",
            content = Array.Empty<object>(),
            stop_reason = (string?)null,
            stop_sequence = (string?)null,
            usage = new { input_tokens = 3, output_tokens = 1 },
        };
        IEnumerable<string> events =
        [
            Event("message_start", new { type = "message_start", message }),
            .. blocks,
            Event("message_delta", new { type = "message_delta", delta = new { stop_reason = stopReason, stop_sequence = (string?)null }, usage = new { output_tokens = 5 } }),
            Event("message_stop", new { type = "message_stop" }),
        ];
        return Encoding.UTF8.GetBytes(string.Concat(events));
    }

    private static string Event(string name, object data) => $"event: {name}\ndata: {JsonSerializer.Serialize(data, Readable)}\n\n";
}
