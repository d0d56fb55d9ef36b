using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>OpenAI Chat Completions as the simulated provider speaks it.</summary>
internal sealed class SimulatedChat : ISimulatedFormat
{
    // 2026-01-01T00:00:00Z. A clock would make two answers to the same request differ.
    public const long Created = 1_767_225_600;

    /// <inheritdoc/>
    public string RequestIdHeader => "x-request-id";

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash)
    {
        var messages = SimulatedJson.RequiredMessages(body);
        var last = messages[^1];
        var choices = SimulatedJson.Positive(body, "n") ?? 1;
        return new SimulatedRequest
        {
            Model = SimulatedJson.Text(body, "model")!,
            UserText = messages.Where(message => SimulatedJson.Text(message, "role") == "user").Select(message => SimulatedJson.ContentText(message)).LastOrDefault(text => text.Length > 0) ?? "",
            ToolResult = SimulatedJson.Text(last, "role") is "tool" or "function" ? SimulatedJson.ContentText(last) : null,
            Tools = [.. SimulatedJson.Array(body, "tools").Select(Tool).OfType<SimulatedTool>()],
            ToolChoice = Choice(body),
            Stream = SimulatedJson.IsTrue(body, "stream"),
            IncludeUsage = SimulatedJson.Member(body, "stream_options") is { } options && SimulatedJson.IsTrue(options, "include_usage"),
            Choices = choices <= 128 ? choices : throw new SimulatedRefusalException("n: at most 128"),
            MaxTokens = SimulatedJson.Positive(body, "max_completion_tokens") ?? SimulatedJson.Positive(body, "max_tokens"),
            Messages = messages.Count,
            TextBytes = SimulatedJson.RawBytes(body, "messages") + SimulatedJson.RawBytes(body, "tools"),
            Hash = hash,
        };
    }

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var choices = new JsonArray();
        for (var index = 0; index < answers.Length; index++)
        {
            choices.Add(new JsonObject
            {
                ["index"] = index,
                ["message"] = Message(answers[index]),
                ["logprobs"] = null,
                ["finish_reason"] = Reason(answers[index].Stop),
            });
        }

        var whole = Envelope(request, "chat.completion");
        whole["choices"] = choices;
        whole["usage"] = Usage(request, answers);
        return SimulatedJson.Bytes(whole);
    }

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var frames = ImmutableArray.CreateBuilder<byte[]>();
        var deltas = answers.Select(Deltas).ToArray();

        // Choices take turns, as a provider that generates them side by side sends them.
        for (var step = 0; step < deltas.Max(list => list.Count); step++)
        {
            for (var index = 0; index < deltas.Length; index++)
            {
                if (step < deltas[index].Count)
                {
                    var isLast = step == deltas[index].Count - 1;
                    frames.Add(Chunk(request, index, deltas[index][step], isLast ? Reason(answers[index].Stop) : null));
                }
            }
        }

        if (request.IncludeUsage)
        {
            var last = Envelope(request, "chat.completion.chunk");
            last["choices"] = new JsonArray();
            last["usage"] = Usage(request, answers);
            frames.Add(SimulatedJson.Frame(null, last));
        }

        frames.Add("data: [DONE]\n\n"u8.ToArray());
        return frames.ToImmutable();
    }

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash) => SimulatedJson.Bytes(ErrorNode(status, message));

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash) => SimulatedJson.Frame(null, ErrorNode(500, "The simulated provider failed in the middle of the stream."));

    internal static JsonObject ErrorNode(int status, string message)
    {
        var (type, code) = status switch
        {
            400 => ("invalid_request_error", null),
            401 => ("invalid_request_error", "invalid_api_key"),
            403 => ("invalid_request_error", "unsupported_country_region_territory"),
            404 => ("invalid_request_error", "model_not_found"),
            429 => ("requests", "rate_limit_exceeded"),
            503 or 529 => ("server_error", "overloaded"),
            _ => ("server_error", (string?)null),
        };
        return new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = null, ["code"] = code } };
    }

    private static SimulatedTool? Tool(JsonElement tool)
    {
        var function = SimulatedJson.Member(tool, "function") ?? default;
        return SimulatedJson.Text(function, "name") is { } name
            ? new SimulatedTool(name, SimulatedJson.Member(function, "parameters") ?? default)
            : null;
    }

    private static SimulatedToolChoice Choice(JsonElement body)
    {
        var parallel = SimulatedJson.Member(body, "parallel_tool_calls") is not { ValueKind: JsonValueKind.False };
        var word = SimulatedJson.Text(body, "tool_choice");
        var forced = SimulatedJson.Member(body, "tool_choice") is { } choice && SimulatedJson.Member(choice, "function") is { } function
            ? SimulatedJson.Text(function, "name")
            : null;
        return new SimulatedToolChoice(word != "none", word == "required", forced, parallel);
    }

    private static JsonObject Message(SimulatedAnswer answer)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Calls.IsEmpty ? answer.Text : null, ["refusal"] = null };
        if (answer.Calls.IsEmpty)
        {
            message["annotations"] = new JsonArray();
        }
        else
        {
            message["tool_calls"] = new JsonArray([.. answer.Calls.Select(call => Call(call, call.Arguments))]);
        }

        return message;
    }

    private static JsonObject Call(SimulatedCall call, string arguments) => new()
    {
        ["id"] = $"call_{call.Id}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
    };

    private static List<JsonObject> Deltas(SimulatedAnswer answer)
    {
        List<JsonObject> deltas = answer.Calls.IsEmpty
            ? [new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }]
            : [new JsonObject { ["role"] = "assistant", ["content"] = null }];
        deltas.AddRange(answer.Pieces.Select(piece => new JsonObject { ["content"] = piece }));
        for (var index = 0; index < answer.Calls.Length; index++)
        {
            var call = answer.Calls[index];
            var opening = Call(call, "");
            opening.Insert(0, "index", index);
            deltas.Add(new JsonObject { ["tool_calls"] = new JsonArray(opening) });
            deltas.AddRange(SimulatedFragments.Of(call.Arguments).Select(fragment => new JsonObject
            {
                ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = fragment } }),
            }));
        }

        deltas.Add([]);
        return deltas;
    }

    private static byte[] Chunk(SimulatedRequest request, int index, JsonObject delta, string? reason)
    {
        var chunk = Envelope(request, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = index, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = reason });
        if (request.IncludeUsage)
        {
            chunk["usage"] = null;
        }

        return SimulatedJson.Frame(null, chunk);
    }

    private static JsonObject Envelope(SimulatedRequest request, string kind) => new()
    {
        ["id"] = $"chatcmpl-{request.Hash[..29]}",
        ["object"] = kind,
        ["created"] = Created,
        ["model"] = request.Model,
        ["service_tier"] = "default",
        ["system_fingerprint"] = string.Create(CultureInfo.InvariantCulture, $"fp_{request.Hash[..10]}"),
    };

    internal static JsonObject Usage(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var input = SimulatedScript.InputTokens(request);
        var output = answers.Sum(answer => answer.Tokens);
        return new JsonObject
        {
            ["prompt_tokens"] = input,
            ["completion_tokens"] = output,
            ["total_tokens"] = input + output,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = 0, ["audio_tokens"] = 0, ["accepted_prediction_tokens"] = 0, ["rejected_prediction_tokens"] = 0,
            },
        };
    }

    private static string Reason(SimulatedStop stop) => stop switch
    {
        SimulatedStop.Length => "length",
        SimulatedStop.ToolCalls => "tool_calls",
        _ => "stop",
    };
}
