using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Clients;

/// <summary>Responses as a provider writes them: every text comes in pieces, whole with its part, with its item and with the response.</summary>
public sealed class OpenAIResponsesScript : IProviderScript
{
    private const string Arguments = """{"city":"Oslo"}""";
    private const string PartPlace = """
        "item_id":"msg_1","output_index":0,"content_index":0
        """;

    private const string Usage =
        """{"input_tokens":9,"input_tokens_details":{"cached_tokens":0},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":13}""";

    private readonly StringBuilder _text = new();
    private int _sequence;

    public ScriptedCall Read(HttpRequest request, JsonElement body) => ScriptedCall.FromBody(body);

    public string Credential(HttpRequest request) => request.Headers.Authorization.ToString();

    public string Describe(JsonElement body)
    {
        var input = body.GetProperty("input");
        if (input.ValueKind == JsonValueKind.String)
            return Counts.Text(1, 0, body, 0);
        var items = input.EnumerateArray().ToList();
        var images = items.SelectMany(Parts).Count(p => p.GetProperty("type").GetString() == "input_image");
        return Counts.Text(items.Count, images, body, items.Count(i => i.TryGetProperty("type", out var type) && type.GetString() == "function_call_output"));
    }

    public string Answer(string model, string text) => Response(model, "completed", Message(text, "completed"));

    public string ToolAnswer(string model) => Response(model, "completed", Call("completed", Arguments));

    public string Error(string message) => new OpenAIScript().Error(message);

    public IEnumerable<string> Opening(string model) =>
    [
        Event("response.created", $$$$"""{"response":{{{{Response(model, "in_progress", "")}}}}}"""),
        Event("response.in_progress", $$$$"""{"response":{{{{Response(model, "in_progress", "")}}}}}"""),
    ];

    public IEnumerable<string> Piece(string model, string text)
    {
        if (_text.Length == 0)
        {
            yield return Event("response.output_item.added", $$$$"""{"output_index":0,"item":{{{{Message(null, "in_progress")}}}}}""");
            yield return Event("response.content_part.added", $$$$"""{{{{{PartPlace}}}},"part":{{{{Part("")}}}}}""");
        }

        _text.Append(text);
        yield return Event("response.output_text.delta", $$$$"""{{{{{PartPlace}}}},"delta":{{{{Quote(text)}}}},"logprobs":[]}""");
    }

    public IEnumerable<string> ToolFrames(string model) =>
    [
        Event("response.output_item.added", $$$$"""{"output_index":0,"item":{{{{Call("in_progress", "")}}}}}"""),
        Event("response.function_call_arguments.delta", """{"item_id":"fc_1","output_index":0,"delta":"{\"city\":"}"""),
        Event("response.function_call_arguments.delta", """{"item_id":"fc_1","output_index":0,"delta":"\"Oslo\"}"}"""),
        Event("response.function_call_arguments.done", """{"item_id":"fc_1","output_index":0,"name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}"""),
        Event("response.output_item.done", $$$$"""{"output_index":0,"item":{{{{Call("completed", Arguments)}}}}}"""),
    ];

    public IEnumerable<string> Ending(string model, bool toolCall)
    {
        var text = _text.ToString();
        if (!toolCall)
        {
            yield return Event("response.output_text.done", $$$$"""{{{{{PartPlace}}}},"text":{{{{Quote(text)}}}},"logprobs":[]}""");
            yield return Event("response.content_part.done", $$$$"""{{{{{PartPlace}}}},"part":{{{{Part(text)}}}}}""");
            yield return Event("response.output_item.done", $$$$"""{"output_index":0,"item":{{{{Message(text, "completed")}}}}}""");
        }

        yield return Event("response.completed", $$$$"""{"response":{{{{(toolCall ? ToolAnswer(model) : Answer(model, text))}}}}}""");
    }

    private static IEnumerable<JsonElement> Parts(JsonElement item) =>
        item.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : [];

    private static string Part(string text) => $$$$"""{"type":"output_text","text":{{{{Quote(text)}}}},"annotations":[],"logprobs":[]}""";

    private static string Message(string? text, string status) =>
        $$$$"""{"id":"msg_1","type":"message","status":"{{{{status}}}}","role":"assistant","content":[{{{{(text is null ? "" : Part(text))}}}}]}""";

    private static string Call(string status, string arguments) =>
        $$$$"""{"id":"fc_1","type":"function_call","status":"{{{{status}}}}","call_id":"call_1","name":"get_weather","arguments":{{{{Quote(arguments)}}}}}""";

    private static string Response(string model, string status, string item) =>
        $$$$"""{"id":"resp_1","object":"response","created_at":1,"status":"{{{{status}}}}","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":{{{{Quote(model)}}}},"output":[{{{{item}}}}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{{{{(item.Length == 0 ? "null" : Usage)}}}},"user":null,"metadata":{}}""";

    /// <summary>An event with the members of <paramref name="json"/> behind those that every event has.</summary>
    private string Event(string type, string json) =>
        $"event: {type}\n" + $$$$"""data: {"type":"{{{{type}}}}","sequence_number":{{{{_sequence++}}}},{{{{json[1..]}}}}""" + "\n\n";

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
