using System.Text.Json.Nodes;
using Gateway.Core.Formats;
using Gateway.Core.Tests.Formats.Responses;

namespace Gateway.Core.Tests.Coverage;

/// <summary>Makes answers that hold the marker in one member, and what the format requires beside it.</summary>
internal static class AnswerPlanting
{
    /// <summary>A whole answer.</summary>
    public static JsonObject Whole(FormatId format, string path)
    {
        var body = FieldPaths.Body(path);
        Name(body);
        switch (format)
        {
            case FormatId.OpenAIChat or FormatId.OpenAICompletions:
                body["choices"] ??= new JsonArray();
                break;
            case FormatId.OpenAIEmbeddings or FormatId.OpenAIModels or FormatId.AnthropicModels:
                body["data"] ??= new JsonArray();
                break;
            case FormatId.GeminiGenerate:
                body["candidates"] ??= new JsonArray();
                break;
            case FormatId.OpenAIResponses:
                Type(body);
                body["output"] ??= new JsonArray();
                break;
            case FormatId.AnthropicMessages:
                body["type"] ??= "message";
                body["content"] ??= new JsonArray();
                break;
        }

        return body;
    }

    /// <summary>A stream with the marker in one frame, from its beginning to its end.</summary>
    public static string Stream(FormatId format, string path, StreamFraming framing)
    {
        var data = FieldPaths.Body(path);
        Name(data);
        return format switch
        {
            FormatId.AnthropicMessages => Messages(data),
            FormatId.OpenAIResponses => Responses(path, data),
            FormatId.GeminiGenerate => Chunks(data, framing),
            _ => $"data: {data.ToJsonString()}\n\ndata: [DONE]\n\n",
        };
    }

    private static string Messages(JsonObject data)
    {
        var type = data["type"]!.GetValue<string>();
        if (type.StartsWith("content_block", StringComparison.Ordinal))
        {
            data["index"] = 0;
        }

        var before = type == "message_start" ? "" : Frame("message_start", """{"type":"message_start","message":{"content":[]}}""");
        if (type == "content_block_delta")
        {
            var block = data["delta"]!["type"]!.GetValue<string>() switch
            {
                "input_json_delta" => """{"type":"tool_use","name":"f","input":{}}""",
                "thinking_delta" or "signature_delta" => """{"type":"thinking"}""",
                "compaction_delta" => """{"type":"compaction"}""",
                _ => """{"type":"text"}""",
            };
            before += Frame("content_block_start", $"{{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{block}}}");
        }

        var end = type.StartsWith("content_block", StringComparison.Ordinal) ? Frame("content_block_stop", """{"type":"content_block_stop","index":0}""") : "";
        return before + Frame(type, data.ToJsonString()) + end + Frame("message_stop", """{"type":"message_stop"}""");
    }

    private static string Chunks(JsonObject data, StreamFraming framing)
    {
        const string End = """{"candidates":[{"finishReason":"STOP"}]}""";
        data["candidates"] ??= new JsonArray();
        return framing == StreamFraming.Events ? $"data: {data.ToJsonString()}\r\n\r\ndata: {End}\r\n\r\n" : $"[{data.ToJsonString()},{End}]";
    }

    private static string Responses(string path, JsonObject data)
    {
        var type = data["type"]!.GetValue<string>();
        var before = type == "response.created" ? "" : Frame("response.created", """{"type":"response.created","response":{}}""");
        Type(data);
        data["output_index"] = 0;
        if (!path.Contains("}.response", StringComparison.Ordinal) && type is not ("error" or "response.output_item.added"))
        {
            var item = type switch
            {
                "response.function_call_arguments.delta" or "response.function_call_arguments.done" => """{"type":"function_call","name":"f"}""",
                "response.mcp_call_arguments.delta" or "response.mcp_call_arguments.done" => """{"type":"mcp_call","name":"f"}""",
                "response.custom_tool_call_input.delta" or "response.custom_tool_call_input.done" => """{"type":"custom_tool_call","name":"f"}""",
                "response.output_item.done" => Bare(data["item"]!).ToJsonString(),
                _ => """{"type":"message"}""",
            };
            before += Frame("response.output_item.added", $"{{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{item}}}");
            data["content_index"] = 0;
            data["summary_index"] = 0;
        }

        return before + Frame(type, data.ToJsonString()) + Frame("response.completed", """{"type":"response.completed","response":{"output":[]}}""");
    }

    // The types of the lists tell messages from other items by having no other type.
    private static void Type(JsonObject data)
    {
        foreach (var item in new[] { data["item"] }.Concat((data["output"] ?? data["response"]?["output"])?.AsArray() ?? []).OfType<JsonObject>())
        {
            item["type"] ??= "message";
        }
    }

    private static bool IsCall(string? type) => type
        is "tool_use" or "server_tool_use" or "mcp_tool_use" or "function_call" or "custom_tool_call" or "mcp_call" or "mcp_approval_request";

    private static JsonObject Bare(JsonNode item)
    {
        var bare = new JsonObject { ["type"] = item["type"]?.ToString() ?? "message" };
        if (item["name"] is { } name)
        {
            bare["name"] = name.ToString();
        }

        return bare;
    }

    // A call needs a name, and arguments that are JSON: those that are not are never released.
    private static void Name(JsonNode? node)
    {
        if (node is JsonObject item)
        {
            var type = item["type"]?.ToString();
            if (item.ContainsKey("arguments") || (item["input"] is JsonValue && type != "object") || IsCall(type))
            {
                item["name"] ??= "f";
            }

            foreach (var (member, value) in item.ToArray())
            {
                Name(value);
                if (member is "functionCall" or "functionCalls")
                {
                    (value as JsonObject ?? value![0]!.AsObject())["name"] ??= "f";
                }

                if (member is "arguments" or "partial_json" || (member == "delta" && type?.EndsWith("arguments.delta", StringComparison.Ordinal) == true))
                {
                    item[member] = $$"""{"q":"{{FieldPaths.Marker}}"}""";
                }
            }

            if (type is "function" or "custom" && !item.ContainsKey(type))
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

    private static string Frame(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
