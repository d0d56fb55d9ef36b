using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoadClient;

/// <summary>Request bodies. The text is made of plain words from a fixed seed, so that every run sends the same bytes but for the marker.</summary>
internal static class Bodies
{
    /// <summary>Sixteen characters that each request replaces by a number of its own, so that nothing can answer from a cache of whole bodies.</summary>
    public const string Marker = "@@@@@@@@@@@@@@@@";

    private const int Seed = 20260101;
    private const string Vocabulary =
        "harbour office ferry ticket winter summer opening hours island bridge weather captain crew cargo schedule delay customer refund booking cabin "
        + "breakfast coffee letter invoice number order address street garden window kitchen library teacher student question answer meeting report project "
        + "budget quarter market price account balance contract clause review draft version release server network storage backup update change request "
        + "approve reject comment summary detail example result measure sample average median normal distance height weight colour paper pencil table chair "
        + "river mountain forest valley railway station platform journey arrival departure north south east west early late morning evening the a of to in "
        + "and for with on at by from as is are was were be been has have had will would can could should may might this that these those it they we you";

    private static readonly string[] Words = Vocabulary.Split(' ');
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>About 0.3 KB: a question.</summary>
    public static byte[] Small(string model)
    {
        var random = new Random(Seed);
        return Bytes(new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(Message("system", "You are a helpful assistant."), Message("user", $"{Marker} {Prose(random, 120)}")),
            ["temperature"] = 0.2,
        });
    }

    /// <summary>About 6.6 KB: a conversation of nine messages.</summary>
    public static byte[] Medium(string model) => Bytes(Conversation(model));

    /// <summary>The medium conversation, streamed.</summary>
    public static byte[] Streamed(string model)
    {
        var body = Conversation(model);
        body["stream"] = true;
        return Bytes(body);
    }

    /// <summary>About 93 KB: 20 tools, 12 documents, 8 tool results.</summary>
    public static byte[] Large(string model)
    {
        var random = new Random(Seed);
        var messages = new JsonArray(Message("system", Prose(random, 1500)));
        for (var document = 0; document < 12; document++)
        {
            messages.Add(Message("user", $"Document {document}:\n{Prose(random, 4750)}"));
            messages.Add(Message("assistant", "Read."));
        }

        for (var call = 0; call < 8; call++)
        {
            messages.Add(Call(call, random));
            messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = $"call_{call:D4}", ["content"] = ToolResult(random) });
        }

        messages.Add(Message("user", $"{Marker} {Prose(random, 400)}"));
        return Bytes(new JsonObject
        {
            ["model"] = model,
            ["messages"] = messages,
            ["tools"] = new JsonArray([.. Enumerable.Range(0, 20).Select(index => Tool(index, random))]),
        });
    }

    private static JsonObject Conversation(string model)
    {
        var random = new Random(Seed);
        var messages = new JsonArray(Message("system", Prose(random, 800)));
        for (var turn = 0; turn < 4; turn++)
        {
            messages.Add(Message("user", Prose(random, 550)));
            messages.Add(Message("assistant", Prose(random, 700)));
        }

        messages.Add(Message("user", $"{Marker} {Prose(random, 400)}"));
        return new JsonObject { ["model"] = model, ["messages"] = messages };
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static JsonObject Call(int number, Random random) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject
        {
            ["id"] = $"call_{number:D4}",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = $"look_up_{number}", ["arguments"] = new JsonObject { ["query"] = Prose(random, 60) }.ToJsonString(Options) },
        }),
    };

    // JSON inside a JSON string: many escapes, as tool results have.
    private static string ToolResult(Random random) =>
        new JsonArray([.. Enumerable.Range(0, 16).Select(row => new JsonObject { ["row"] = row, ["title"] = Prose(random, 30), ["text"] = Prose(random, 90) })])
            .ToJsonString(Options);

    private static JsonObject Tool(int number, Random random) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = $"look_up_{number}",
            ["description"] = Prose(random, 120),
            ["parameters"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["query"] = new JsonObject { ["type"] = "string", ["description"] = Prose(random, 80) },
                    ["limit"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 50 },
                    ["order"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("newest", "oldest", "best") },
                },
                ["required"] = new JsonArray("query"),
            },
        },
    };

    private static string Prose(Random random, int length)
    {
        var text = new StringBuilder(length + 16);
        while (text.Length < length)
        {
            text.Append(Words[random.Next(Words.Length)]).Append(random.Next(12) == 0 ? ". " : " ");
        }

        return text.ToString(0, length);
    }

    private static byte[] Bytes(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString(Options));
}
