using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Core.Tests;

/// <summary>Streams of OpenAI Responses as that API sends them: each text in pieces, then whole in four events.</summary>
internal static class TestResponsesStreams
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Text(params string[] pieces) => Stream(Message(0, pieces));

    public static byte[] Reasoning(params string[] pieces) => Stream(new Item(
        new JsonObject { ["id"] = "rs_0", ["type"] = "reasoning", ["summary"] = new JsonArray() },
        new JsonObject { ["id"] = "rs_0", ["type"] = "reasoning", ["summary"] = new JsonArray(Part("summary_text", pieces)) },
        [
            Event("response.reasoning_summary_part.added", ("summary_index", 0), ("part", Part("summary_text"))),
            .. pieces.Select(piece => Event("response.reasoning_summary_text.delta", ("summary_index", 0), ("delta", piece))),
            Event("response.reasoning_summary_text.done", ("summary_index", 0), ("text", string.Concat(pieces))),
            Event("response.reasoning_summary_part.done", ("summary_index", 0), ("part", Part("summary_text", pieces))),
        ]));

    public static byte[] ToolCall(string name, params string[] arguments) => Stream(new Item(
        Call(name, ""),
        Call(name, string.Concat(arguments)),
        [
            .. arguments.Select(piece => Event("response.function_call_arguments.delta", ("delta", piece))),
            Event("response.function_call_arguments.done", ("arguments", string.Concat(arguments)), ("name", name)),
        ]));

    /// <summary>A message in pieces, and what its closing events state.</summary>
    public static Item Message(int index, string[] pieces, string[]? restated = null) => new(
        Message($"msg_{index}", "in_progress"),
        Message($"msg_{index}", "completed", Part("output_text", restated ?? pieces)),
        [
            Event("response.content_part.added", ("content_index", 0), ("part", Part("output_text"))),
            .. pieces.Select(piece => Event("response.output_text.delta", ("content_index", 0), ("delta", piece), ("logprobs", new JsonArray()))),
            Event("response.output_text.done", ("content_index", 0), ("text", string.Concat(restated ?? pieces)), ("logprobs", new JsonArray())),
            Event("response.content_part.done", ("content_index", 0), ("part", Part("output_text", restated ?? pieces))),
        ]);

    public static byte[] Stream(params Item[] items) => Stream(items.Select(item => (JsonNode)item.Done).ToArray(), items);

    /// <summary>A stream whose terminal event holds <paramref name="final"/>.</summary>
    public static byte[] Stream(JsonNode[] final, params Item[] items)
    {
        List<JsonObject> events = [Event("response.created", ("response", Response("in_progress"))), Event("response.in_progress", ("response", Response("in_progress")))];
        for (var index = 0; index < items.Length; index++)
        {
            var item = items[index];
            events.Add(At(index, null, Event("response.output_item.added", ("item", item.Added))));
            events.AddRange(item.Events.Select(one => At(index, (string?)item.Added["id"], one)));
            events.Add(At(index, null, Event("response.output_item.done", ("item", item.Done.DeepClone()))));
        }

        events.Add(Event("response.completed", ("response", Response("completed", final))));
        return Frames(events);
    }

    public static byte[] Frames(IEnumerable<JsonObject> events)
    {
        var text = new StringBuilder();
        var sequence = 0;
        foreach (var one in events)
        {
            one["sequence_number"] = sequence++;
            text.Append("event: ").Append((string?)one["type"]).Append("\ndata: ").Append(one.ToJsonString(Readable)).Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static JsonObject Event(string type, params (string Name, JsonNode? Value)[] members)
    {
        var data = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members)
        {
            data[name] = value;
        }

        return data;
    }

    public static JsonObject Message(string id, string status, params JsonNode[] parts) =>
        new() { ["id"] = id, ["type"] = "message", ["status"] = status, ["role"] = "assistant", ["content"] = new JsonArray(parts) };

    public static JsonObject Part(string type, params string[] pieces)
    {
        var part = new JsonObject { ["type"] = type, [type == "refusal" ? "refusal" : "text"] = string.Concat(pieces) };
        if (type == "output_text")
        {
            part["annotations"] = new JsonArray();
        }

        return part;
    }

    public static JsonObject Response(string status, params JsonNode[] output) => new()
    {
        ["id"] = "resp_1",
        ["object"] = "response",
        ["created_at"] = 1,
        ["status"] = status,
        ["instructions"] = "Be brief.",
        ["model"] = "gpt-5",
        ["output"] = new JsonArray([.. output.Select(item => item.DeepClone())]),
        ["usage"] = status == "completed" ? new JsonObject { ["input_tokens"] = 3, ["output_tokens"] = 5, ["total_tokens"] = 8 } : null,
    };

    private static JsonObject At(int index, string? id, JsonObject data)
    {
        data["output_index"] = index;
        if (id is not null)
        {
            data["item_id"] = id;
        }

        return data;
    }

    private static JsonObject Call(string name, string arguments) =>
        new() { ["id"] = "fc_0", ["type"] = "function_call", ["call_id"] = "call_1", ["name"] = name, ["arguments"] = arguments };

    /// <summary>An item as it opens, as it closes, and the events between.</summary>
    internal sealed record Item(JsonObject Added, JsonObject Done, IReadOnlyList<JsonObject> Events);
}
