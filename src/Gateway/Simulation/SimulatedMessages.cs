using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>Anthropic Messages as the simulated provider speaks it.</summary>
internal sealed class SimulatedMessages : ISimulatedFormat
{
    /// <inheritdoc/>
    public string RequestIdHeader => "request-id";

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash) => ReadPrompt(body, hash) with
    {
        Stream = SimulatedJson.IsTrue(body, "stream"),
        MaxTokens = SimulatedJson.Positive(body, "max_tokens") ?? throw new SimulatedRefusalException("max_tokens: Field required"),
    };

    /// <summary>What Messages requests and token counts have in common.</summary>
    internal static SimulatedRequest ReadPrompt(JsonElement body, string hash)
    {
        var messages = SimulatedJson.RequiredMessages(body);
        JsonElement[] results = [.. SimulatedJson.Array(messages[^1], "content").Where(part => SimulatedJson.Text(part, "type") == "tool_result")];
        return new SimulatedRequest
        {
            Model = SimulatedJson.Text(body, "model")!,
            UserText = messages.Where(message => SimulatedJson.Text(message, "role") == "user").Select(message => SimulatedJson.ContentText(message)).LastOrDefault(text => text.Length > 0) ?? "",
            ToolResult = results.Length == 0 ? null : string.Join('\n', results.Select(result => SimulatedJson.ContentText(result))),
            Tools = [.. SimulatedJson.Array(body, "tools").Select(Tool).OfType<SimulatedTool>()],
            ToolChoice = Choice(body),
            Messages = messages.Count,
            TextBytes = SimulatedJson.RawBytes(body, "system") + SimulatedJson.RawBytes(body, "messages") + SimulatedJson.RawBytes(body, "tools"),
            Hash = hash,
        };
    }

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var answer = answers[0];
        var content = new JsonArray([.. answer.Calls.Select(call => ToolUse(call, JsonNode.Parse(call.Arguments)!))]);
        if (answer.Calls.IsEmpty)
        {
            content.Add(new JsonObject { ["type"] = "text", ["text"] = answer.Text });
        }

        return SimulatedJson.Bytes(Message(request, content, Reason(answer.Stop), answer.Tokens));
    }

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var answer = answers[0];
        var frames = ImmutableArray.CreateBuilder<byte[]>();
        frames.Add(Event(new JsonObject { ["type"] = "message_start", ["message"] = Message(request, [], null, Math.Min(answer.Tokens, 1)) }));
        if (answer.Calls.IsEmpty)
        {
            frames.AddRange(Block(0, new JsonObject { ["type"] = "text", ["text"] = "" }, answer.Pieces.Select(TextDelta)));
        }

        frames.Insert(Math.Min(2, frames.Count), Event(new JsonObject { ["type"] = "ping" }));
        for (var index = 0; index < answer.Calls.Length; index++)
        {
            var call = answer.Calls[index];
            var fragments = call.Arguments == "{}" ? [] : SimulatedFragments.Of(call.Arguments).Prepend("");
            frames.AddRange(Block(index, ToolUse(call, new JsonObject()), fragments.Select(ArgumentsDelta)));
        }

        frames.Add(Event(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = Reason(answer.Stop), ["stop_sequence"] = null, ["stop_details"] = null, ["container"] = null },
            ["usage"] = FinalUsage(answer.Tokens),
        }));
        frames.Add(Event(new JsonObject { ["type"] = "message_stop" }));
        return frames.ToImmutable();
    }

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash)
    {
        var error = ErrorNode(status, message);
        error["request_id"] = $"req_{hash[..24]}";
        return SimulatedJson.Bytes(error);
    }

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash) => Event(ErrorNode(529, "Overloaded"));

    private static JsonObject ErrorNode(int status, string message)
    {
        var type = status switch
        {
            400 => "invalid_request_error",
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            429 => "rate_limit_error",
            503 or 529 => "overloaded_error",
            _ => "api_error",
        };
        return new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = message } };
    }

    private static SimulatedTool? Tool(JsonElement tool) =>
        SimulatedJson.Text(tool, "name") is { } name ? new SimulatedTool(name, SimulatedJson.Member(tool, "input_schema") ?? default) : null;

    private static SimulatedToolChoice Choice(JsonElement body)
    {
        if (SimulatedJson.Member(body, "tool_choice") is not { } choice)
        {
            return SimulatedToolChoice.Auto;
        }

        var type = SimulatedJson.Text(choice, "type");
        var forced = type == "tool" ? SimulatedJson.Text(choice, "name") : null;
        return new SimulatedToolChoice(type != "none", type == "any", forced, !SimulatedJson.IsTrue(choice, "disable_parallel_tool_use"));
    }

    // The event line repeats the type: the official SDKs drop frames without it.
    private static byte[] Event(JsonObject data) => SimulatedJson.Frame((string)data["type"]!, data);

    private static IEnumerable<byte[]> Block(int index, JsonObject block, IEnumerable<JsonObject> deltas) =>
    [
        Event(new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block }),
        .. deltas.Select(delta => Event(new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta })),
        Event(new JsonObject { ["type"] = "content_block_stop", ["index"] = index }),
    ];

    private static JsonObject TextDelta(string piece) => new() { ["type"] = "text_delta", ["text"] = piece };

    private static JsonObject ArgumentsDelta(string fragment) => new() { ["type"] = "input_json_delta", ["partial_json"] = fragment };

    private static JsonObject ToolUse(SimulatedCall call, JsonNode input) => new()
    {
        ["type"] = "tool_use",
        ["id"] = $"toolu_{call.Id}",
        ["name"] = call.Name,
        ["input"] = input,
        ["caller"] = new JsonObject { ["type"] = "direct" },
    };

    private static JsonObject Message(SimulatedRequest request, JsonArray content, string? reason, int outputTokens) => new()
    {
        ["id"] = $"msg_01{request.Hash[..22]}",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = request.Model,
        ["content"] = content,
        ["stop_reason"] = reason,
        ["stop_sequence"] = null,
        ["stop_details"] = null,
        ["container"] = null,
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = SimulatedScript.InputTokens(request),
            ["cache_creation_input_tokens"] = 0,
            ["cache_read_input_tokens"] = 0,
            ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = 0, ["ephemeral_1h_input_tokens"] = 0 },
            ["output_tokens"] = outputTokens,
            ["output_tokens_details"] = null,
            ["server_tool_use"] = null,
            ["service_tier"] = "standard",
            ["inference_geo"] = null,
            ["speed"] = null,
        },
    };

    // Members that did not change are null: the totals of message_start stay in force.
    private static JsonObject FinalUsage(int outputTokens) => new()
    {
        ["input_tokens"] = null,
        ["cache_creation_input_tokens"] = null,
        ["cache_read_input_tokens"] = null,
        ["output_tokens"] = outputTokens,
        ["output_tokens_details"] = null,
        ["server_tool_use"] = null,
    };

    private static string Reason(SimulatedStop stop) => stop switch
    {
        SimulatedStop.Length => "max_tokens",
        SimulatedStop.ToolCalls => "tool_use",
        _ => "end_turn",
    };
}
