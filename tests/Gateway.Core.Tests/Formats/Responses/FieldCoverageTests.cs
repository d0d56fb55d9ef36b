using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.OpenAIResponses;
using Gateway.Core.Tests.Formats.Streams;
using Xunit;

namespace Gateway.Core.Tests.Formats.Responses;

/// <summary>No string that an official SDK type can carry escapes the readers.</summary>
public sealed partial class FieldCoverageTests
{
    public static TheoryData<string> ChatBodies => new(FieldPaths.Of("openai-chat.response"));

    public static TheoryData<string> ChatChunks => new(FieldPaths.Of("openai-chat.chunk"));

    public static TheoryData<string> AnthropicBodies => new(FieldPaths.Of("anthropic-messages.response"));

    public static TheoryData<string> AnthropicEvents => new(FieldPaths.Of("anthropic-messages.event"));

    public static TheoryData<string> ResponsesRequests => new(FieldPaths.Of("openai-responses.request"));

    public static TheoryData<string> ResponsesBodies => new(FieldPaths.Of("openai-responses.response"));

    public static TheoryData<string> ResponsesEvents => new(FieldPaths.Of("openai-responses.event").Where(path => !Again().IsMatch(path)));

    [Theory]
    [MemberData(nameof(ChatBodies))]
    public void TryRead_chat_field_is_found(string path)
    {
        var body = FieldPaths.Body(path);
        body["choices"] ??= new JsonArray();
        Name(body);
        AssertFound(body, OpenAIChatResponse.TryRead);
    }

    [Theory]
    [MemberData(nameof(AnthropicBodies))]
    public void TryRead_anthropic_field_is_found(string path)
    {
        var body = FieldPaths.Body(path);
        body["type"] = "message";
        body["content"] ??= new JsonArray();
        Name(body);
        AssertFound(body, AnthropicResponse.TryRead);
    }

    [Theory]
    [MemberData(nameof(ChatChunks))]
    public void Read_chat_field_is_found(string path)
    {
        var chunk = FieldPaths.Body(path);
        Name(chunk);
        var run = StreamRun.Chat($"data: {chunk.ToJsonString()}\n\n");
        Assert.Null(run.Fault);
        Assert.True(run.Holds(FieldPaths.Marker));
    }

    [Theory]
    [MemberData(nameof(AnthropicEvents))]
    public void Read_anthropic_field_is_found(string path)
    {
        var data = FieldPaths.Body(path);
        Name(data);
        var type = data["type"]!.GetValue<string>();
        if (type.StartsWith("content_block", StringComparison.Ordinal))
        {
            data["index"] = 0;
        }

        var run = StreamRun.Anthropic(Before(type, data) + Frame(type, data.ToJsonString()));
        Assert.Null(run.Fault);
        Assert.True(run.Holds(FieldPaths.Marker));
    }

    [Theory]
    [MemberData(nameof(ResponsesBodies))]
    public void TryRead_responses_field_is_found(string path)
    {
        var body = FieldPaths.Body(path);
        body["output"] ??= new JsonArray();
        Name(body);
        AssertFound(body, OpenAIResponsesResponse.TryRead);
    }

    [Theory]
    [MemberData(nameof(ResponsesEvents))]
    public void Read_responses_field_is_found(string path)
    {
        var data = FieldPaths.Body(path);
        Name(data);
        var type = data["type"]!.GetValue<string>();
        var before = type == "response.created" ? "" : Frame("response.created", """{"type":"response.created","response":{}}""");
        if (!path.Contains("}.response", StringComparison.Ordinal) && type is not ("error" or "response.output_item.added"))
        {
            data["output_index"] = 0;
            var item = type switch
            {
                "response.function_call_arguments.delta" or "response.function_call_arguments.done" => """{"type":"function_call","name":"planted"}""",
                "response.mcp_call_arguments.delta" or "response.mcp_call_arguments.done" => """{"type":"mcp_call","name":"f"}""",
                "response.custom_tool_call_input.delta" or "response.custom_tool_call_input.done" => """{"type":"custom_tool_call","name":"f"}""",
                "response.output_item.done" => new JsonObject { ["type"] = data["item"]!["type"]?.ToString() ?? "message" }.ToJsonString(),
                _ => """{"type":"message"}""",
            };
            before += Frame("response.output_item.added", $"{{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{item}}}");
            data["content_index"] = 0;
            data["summary_index"] = 0;
        }
        else if (type == "response.output_item.added")
        {
            data["output_index"] = 0;
        }

        var run = StreamRun.Responses(before + Frame(type, data.ToJsonString()));
        Assert.True(run.Holds(FieldPaths.Marker), run.Fault);
    }

    [Fact]
    public void Of_lists_the_paths_behind_references()
    {
        Assert.Contains("${content_block_start}.content_block{text}.citations[]{page_location}.cited_text", FieldPaths.Of("anthropic-messages.event"));
        Assert.Contains("$.choices[].logprobs?.refusal[].top_logprobs[].token", FieldPaths.Of("openai-chat.chunk"));
    }

    // Five events carry the same object.
    [GeneratedRegex(@"^\$\{response\.(in_progress|queued|failed|incomplete)\}")]
    private static partial Regex Again();

    private delegate bool TryRead(ReadOnlyMemory<byte> body, MessageContent content);

    private static void AssertFound(JsonObject body, TryRead read)
    {
        using var content = new MessageContent();
        Assert.True(read(Encoding.UTF8.GetBytes(body.ToJsonString()), content), content.ErrorCode);
        Assert.Contains(FieldPaths.Marker, content.Text.ToString());
    }

    // A call needs a name.
    private static void Name(JsonNode? node)
    {
        if (node is JsonObject item)
        {
            var type = item["type"]?.ToString();
            if (item.ContainsKey("arguments") || (item["input"] is JsonValue && type != "object") || type is "tool_use" or "server_tool_use" or "function_call" or "custom_tool_call" or "mcp_call" or "mcp_approval_request")
            {
                item["name"] ??= "f";
            }

            foreach (var (_, value) in item.ToArray())
            {
                Name(value);
            }

            if (type is "function" or "custom" && !item.ContainsKey(type) && !item.ContainsKey("name"))
            {
                item[type] = new JsonObject { ["name"] = "f" };
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var value in items)
            {
                Name(value);
            }
        }
    }

    private static string Before(string type, JsonObject data)
    {
        var before = type == "message_start" ? "" : Frame("message_start", """{"type":"message_start","message":{"content":[]}}""");
        if (type != "content_block_delta")
        {
            return before;
        }

        var block = data["delta"]!["type"]!.GetValue<string>() switch
        {
            "input_json_delta" => """{"type":"tool_use","name":"f","input":{}}""",
            "thinking_delta" or "signature_delta" => """{"type":"thinking"}""",
            _ => """{"type":"text"}""",
        };
        return before + Frame("content_block_start", $"{{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{block}}}");
    }

    private static string Frame(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
