using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Benchmarks;

/// <summary>
/// Representative request bodies: small (one question, 0.3 KB), medium (a conversation, 6 KB), large (90 KB: documents, tool results and 20
/// tools with schemas).
/// </summary>
internal static class RequestBodies
{
    private static readonly JsonSerializerOptions s_asClientsWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Sentence = "The workshop in Lindau mends wheels, brakes and \"electric\" drives; it opens at nine.\n";

    /// <summary>A Chat Completions request.</summary>
    public static byte[] OpenAI(string size) => JsonSerializer.SerializeToUtf8Bytes(size switch
    {
        "small" => (object)new { model = "gpt-4o-mini", temperature = 0.2, messages = new[] { Message("system", 1), Message("user", 1) } },
        "medium" => new { model = "gpt-4o-mini", messages = Conversation(14), stream = true, max_tokens = 400 },
        _ => new
        {
            model = "gpt-4o",
            messages = Conversation(20).Concat(OpenAIToolTurns()).ToArray(),
            tools = Enumerable.Range(0, 20).Select(index => new { type = "function", function = new { name = $"tool_{index}", description = Prose(2), parameters = Schema(8) } }),
        },
    }, s_asClientsWrite);

    /// <summary>A Messages request.</summary>
    public static byte[] Anthropic(string size) => JsonSerializer.SerializeToUtf8Bytes(size switch
    {
        "small" => (object)new { model = "claude-sonnet-5", max_tokens = 64, system = Prose(1), messages = new[] { Message("user", 1) } },
        "medium" => new { model = "claude-sonnet-5", max_tokens = 64, messages = Conversation(14).Skip(1), stream = true },
        _ => new
        {
            model = "claude-sonnet-5",
            max_tokens = 1024,
            system = Prose(5),
            messages = Conversation(20).Skip(1).Concat(AnthropicToolTurns()).ToArray(),
            tools = Enumerable.Range(0, 20).Select(index => new { name = $"tool_{index}", description = Prose(2), input_schema = Schema(8) }),
        },
    }, s_asClientsWrite);

    private static string Prose(int sentences) => string.Concat(Enumerable.Repeat(Sentence, sentences));

    private static object Message(string role, int sentences) => new { role, content = Prose(sentences) };

    private static IEnumerable<object> Conversation(int turns) =>
        [Message("system", 4), .. Enumerable.Range(0, turns).Select(turn => Message(turn % 2 == 0 ? "user" : "assistant", 4))];

    private static IEnumerable<object> OpenAIToolTurns() => Enumerable.Range(0, 12).SelectMany(turn => new object[]
    {
        new
        {
            role = "assistant",
            content = (string?)null,
            tool_calls = new[] { new { id = $"call_{turn}", type = "function", function = new { name = $"tool_{turn}", arguments = "{\"town\":\"Lindau\",\"days\":3}" } } },
        },
        new { role = "tool", tool_call_id = $"call_{turn}", content = Prose(48) },
    });

    private static IEnumerable<object> AnthropicToolTurns() => Enumerable.Range(0, 12).SelectMany(turn => new object[]
    {
        new { role = "assistant", content = new[] { new { type = "tool_use", id = $"toolu_{turn}", name = $"tool_{turn}", input = new { town = "Lindau", days = 3 } } } },
        new { role = "user", content = new[] { new { type = "tool_result", tool_use_id = $"toolu_{turn}", content = Prose(48) } } },
    });

    private static object Schema(int properties) => new
    {
        type = "object",
        properties = Enumerable.Range(0, properties).ToDictionary(index => $"field_{index}", index => new { type = "string", description = Prose(1), maxLength = 80 }),
        required = new[] { "field_0", "field_1" },
        additionalProperties = false,
    };
}
