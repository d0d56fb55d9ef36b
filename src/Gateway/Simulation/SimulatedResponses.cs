using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>OpenAI Responses as the simulated provider speaks it.</summary>
internal sealed class SimulatedResponses : ISimulatedFormat
{
    // 2026-01-01T00:00:00Z. A clock would make two answers to the same request differ.
    private const long Created = 1_767_225_600;

    /// <inheritdoc/>
    public string RequestIdHeader => "x-request-id";

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash)
    {
        if (string.IsNullOrEmpty(SimulatedJson.Text(body, "model")))
        {
            throw new SimulatedRefusalException("model: a string is required");
        }

        var text = SimulatedJson.Text(body, "input");
        JsonElement[] items = [.. SimulatedJson.Array(body, "input")];
        if (text is null && items.Length == 0)
        {
            throw new SimulatedRefusalException("input: a string or at least one item is required");
        }

        return new SimulatedRequest
        {
            Model = SimulatedJson.Text(body, "model")!,
            UserText = text
                ?? items.Where(item => SimulatedJson.Text(item, "role") == "user").Select(item => SimulatedJson.ContentText(item)).LastOrDefault(one => one.Length > 0)
                ?? "",
            ToolResult = text is null && SimulatedJson.Text(items[^1], "type") is "function_call_output" ? SimulatedJson.ContentText(items[^1], "output") : null,
            Tools = [.. SimulatedJson.Array(body, "tools").Select(Tool).OfType<SimulatedTool>()],
            ToolChoice = Choice(body),
            Stream = SimulatedJson.IsTrue(body, "stream"),
            MaxTokens = SimulatedJson.Positive(body, "max_output_tokens"),
            Messages = Math.Max(1, items.Length),
            TextBytes = SimulatedJson.RawBytes(body, "instructions") + SimulatedJson.RawBytes(body, "input") + SimulatedJson.RawBytes(body, "tools"),
            Hash = hash,
        };
    }

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers) =>
        SimulatedJson.Bytes(Ended(request, answers[0]));

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var answer = answers[0];
        List<JsonObject> events =
        [
            new() { ["type"] = "response.created", ["response"] = Response(request, "in_progress", []) },
            new() { ["type"] = "response.in_progress", ["response"] = Response(request, "in_progress", []) },
            .. answer.Calls.IsEmpty ? MessageEvents(request, answer) : answer.Calls.SelectMany(CallEvents),
            new() { ["type"] = answer.Stop == SimulatedStop.Length ? "response.incomplete" : "response.completed", ["response"] = Ended(request, answer) },
        ];
        return [.. events.Select((data, sequence) => Frame(data, sequence))];
    }

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash) => SimulatedJson.Bytes(SimulatedChat.ErrorNode(status, message));

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash) => Frame(
        new JsonObject
        {
            ["type"] = "error",
            ["code"] = "server_error",
            ["message"] = "The simulated provider failed in the middle of the stream.",
            ["param"] = null,
        },
        0);

    private static byte[] Frame(JsonObject data, int sequence)
    {
        data["sequence_number"] = sequence;
        return SimulatedJson.Frame((string)data["type"]!, data);
    }

    private static SimulatedTool? Tool(JsonElement tool) =>
        SimulatedJson.Text(tool, "type") == "function" && SimulatedJson.Text(tool, "name") is { } name
            ? new SimulatedTool(name, SimulatedJson.Member(tool, "parameters") ?? default)
            : null;

    private static SimulatedToolChoice Choice(JsonElement body)
    {
        var parallel = SimulatedJson.Member(body, "parallel_tool_calls") is not { ValueKind: JsonValueKind.False };
        var word = SimulatedJson.Text(body, "tool_choice");
        var forced = SimulatedJson.Member(body, "tool_choice") is { } choice ? SimulatedJson.Text(choice, "name") : null;
        return new SimulatedToolChoice(word != "none", word == "required", forced, parallel);
    }

    private static IEnumerable<JsonObject> MessageEvents(SimulatedRequest request, SimulatedAnswer answer)
    {
        var id = MessageId(request);
        yield return new JsonObject { ["type"] = "response.output_item.added", ["output_index"] = 0, ["item"] = Message(request, null, "in_progress") };
        yield return Of("response.content_part.added", id, 0, ("content_index", 0), ("part", Part("")));
        foreach (var piece in answer.Pieces)
        {
            yield return Of("response.output_text.delta", id, 0, ("content_index", 0), ("delta", piece), ("logprobs", new JsonArray()));
        }

        yield return Of("response.output_text.done", id, 0, ("content_index", 0), ("text", answer.Text), ("logprobs", new JsonArray()));
        yield return Of("response.content_part.done", id, 0, ("content_index", 0), ("part", Part(answer.Text)));
        yield return new JsonObject { ["type"] = "response.output_item.done", ["output_index"] = 0, ["item"] = Output(request, answer)[0]!.DeepClone() };
    }

    private static IEnumerable<JsonObject> CallEvents(SimulatedCall call, int index)
    {
        var id = $"fc_{call.Id}";
        yield return new JsonObject { ["type"] = "response.output_item.added", ["output_index"] = index, ["item"] = Call(call, "", "in_progress") };
        foreach (var fragment in SimulatedFragments.Of(call.Arguments))
        {
            yield return Of("response.function_call_arguments.delta", id, index, ("delta", fragment));
        }

        yield return Of("response.function_call_arguments.done", id, index, ("arguments", call.Arguments), ("name", call.Name));
        yield return new JsonObject { ["type"] = "response.output_item.done", ["output_index"] = index, ["item"] = Call(call, call.Arguments, "completed") };
    }

    private static JsonObject Of(string type, string item, int index, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var data = new JsonObject { ["type"] = type, ["item_id"] = item, ["output_index"] = index };
        foreach (var (name, value) in members)
        {
            data[name] = value;
        }

        return data;
    }

    private static JsonObject Ended(SimulatedRequest request, SimulatedAnswer answer)
    {
        var isCut = answer.Stop == SimulatedStop.Length;
        var response = Response(request, isCut ? "incomplete" : "completed", Output(request, answer));
        response["incomplete_details"] = isCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null;
        response["usage"] = Usage(request, answer);
        return response;
    }

    private static JsonArray Output(SimulatedRequest request, SimulatedAnswer answer) => answer.Calls.IsEmpty
        ? [Message(request, answer.Text, answer.Stop == SimulatedStop.Length ? "incomplete" : "completed")]
        : [.. answer.Calls.Select(call => (JsonNode)Call(call, call.Arguments, "completed"))];

    private static string MessageId(SimulatedRequest request) => $"msg_{request.Hash[..32]}";

    private static JsonObject Message(SimulatedRequest request, string? text, string status) => new()
    {
        ["id"] = MessageId(request),
        ["type"] = "message",
        ["status"] = status,
        ["role"] = "assistant",
        ["content"] = text is null ? [] : new JsonArray(Part(text)),
    };

    private static JsonObject Part(string text) =>
        new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() };

    private static JsonObject Call(SimulatedCall call, string arguments, string status) => new()
    {
        ["id"] = $"fc_{call.Id}",
        ["type"] = "function_call",
        ["status"] = status,
        ["arguments"] = arguments,
        ["call_id"] = $"call_{call.Id}",
        ["name"] = call.Name,
    };

    private static JsonObject Response(SimulatedRequest request, string status, JsonArray output) => new()
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"resp_{request.Hash[..32]}"),
        ["object"] = "response",
        ["created_at"] = Created,
        ["status"] = status,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["instructions"] = null,
        ["max_output_tokens"] = request.MaxTokens,
        ["model"] = request.Model,
        ["output"] = output,
        ["parallel_tool_calls"] = true,
        ["previous_response_id"] = null,
        ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
        ["store"] = false,
        ["temperature"] = 1.0,
        ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
        ["tool_choice"] = "auto",
        ["tools"] = new JsonArray(),
        ["top_p"] = 1.0,
        ["truncation"] = "disabled",
        ["usage"] = null,
        ["user"] = null,
        ["metadata"] = new JsonObject(),
    };

    private static JsonObject Usage(SimulatedRequest request, SimulatedAnswer answer)
    {
        var input = SimulatedScript.InputTokens(request);
        return new JsonObject
        {
            ["input_tokens"] = input,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = answer.Tokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = input + answer.Tokens,
        };
    }
}
