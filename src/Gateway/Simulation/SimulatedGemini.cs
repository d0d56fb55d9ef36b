using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>generateContent and streamGenerateContent as the simulated provider speaks them.</summary>
/// <param name="model">The model in the path.</param>
/// <param name="stream">Whether the path asks for a stream.</param>
/// <param name="isArray">Whether the stream is a JSON array instead of events.</param>
internal sealed class SimulatedGemini(string model, bool stream, bool isArray) : ISimulatedFormat
{
    /// <inheritdoc/>
    public string RequestIdHeader => "x-request-id";

    /// <inheritdoc/>
    public string StreamType => isArray ? "application/json; charset=UTF-8" : "text/event-stream";

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash)
    {
        var contents = SimulatedGeminiRequest.Items(body, "contents");
        if (contents.Length == 0)
        {
            throw new SimulatedRefusalException("* GenerateContentRequest.contents: contents is not specified");
        }

        var config = SimulatedGeminiRequest.Member(body, "generationConfig") ?? default;
        return new SimulatedRequest
        {
            Model = model,
            UserText = SimulatedGeminiRequest.UserText(contents),
            ToolResult = SimulatedGeminiRequest.ToolResult(contents[^1]),
            Tools = SimulatedGeminiRequest.Tools(body),
            ToolChoice = SimulatedGeminiRequest.Choice(body),
            Stream = stream,
            Choices = SimulatedGeminiRequest.Number(config, "candidateCount") ?? 1,
            MaxTokens = SimulatedGeminiRequest.Number(config, "maxOutputTokens"),
            Messages = contents.Length,
            TextBytes = SimulatedJson.RawBytes(body, "contents") + SimulatedJson.RawBytes(body, "systemInstruction") + SimulatedJson.RawBytes(body, "tools"),
            Hash = hash,
        };
    }

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var candidates = answers.Select((answer, index) => Candidate(index, [.. Parts(answer, whole: true)], Reason(answer.Stop)));
        return SimulatedJson.Bytes(Response(request, candidates, answers.Sum(answer => answer.Tokens)));
    }

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var parts = answers.Select(answer => Parts(answer, whole: false).ToArray()).ToArray();
        var chunks = new List<JsonObject>();

        // Candidates take turns, as a provider that generates them side by side sends them.
        for (var step = 0; step < Math.Max(1, parts.Max(list => list.Length)); step++)
        {
            for (var index = 0; index < parts.Length; index++)
            {
                var isLast = step == Math.Max(1, parts[index].Length) - 1;
                if (step < parts[index].Length || isLast)
                {
                    JsonNode[] part = step < parts[index].Length ? [parts[index][step]] : [];
                    var candidate = Candidate(index, part, isLast ? Reason(answers[index].Stop) : null);
                    chunks.Add(Response(request, [candidate], isLast ? answers.Sum(answer => answer.Tokens) : 0));
                }
            }
        }

        ImmutableArray<byte[]> frames = [.. chunks.Select((chunk, index) => Frame(chunk, index == 0))];
        return isArray ? frames.Add("\n]"u8.ToArray()) : frames;
    }

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash)
    {
        var error = ErrorNode(status, message);
        return stream && isArray ? SimulatedJson.Bytes(new JsonArray(error)) : SimulatedJson.Bytes(error);
    }

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash)
    {
        var frame = Frame(ErrorNode(500, "The simulated provider failed in the middle of the stream."), isFirst: false);
        return isArray ? [.. frame, .. "\n]"u8] : frame;
    }

    internal static JsonObject ErrorNode(int status, string message) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = status,
            ["message"] = message,
            ["status"] = status switch
            {
                400 => "INVALID_ARGUMENT",
                401 => "UNAUTHENTICATED",
                403 => "PERMISSION_DENIED",
                404 => "NOT_FOUND",
                429 => "RESOURCE_EXHAUSTED",
                503 or 529 => "UNAVAILABLE",
                _ => "INTERNAL",
            },
        },
    };

    private byte[] Frame(JsonObject chunk, bool isFirst)
    {
        var json = Encoding.UTF8.GetString(SimulatedJson.Bytes(chunk));
        return Encoding.UTF8.GetBytes(!isArray ? $"data: {json}\r\n\r\n" : isFirst ? $"[{json}" : $"\n,\r\n{json}");
    }

    private static IEnumerable<JsonNode> Parts(SimulatedAnswer answer, bool whole)
    {
        var texts = whole && answer.Calls.IsEmpty ? [answer.Text] : answer.Pieces;
        var calls = answer.Calls.Select(call => new JsonObject
        {
            ["functionCall"] = new JsonObject { ["name"] = call.Name, ["args"] = JsonNode.Parse(call.Arguments) },
        });
        return [.. texts.Select(text => new JsonObject { ["text"] = text }), .. calls];
    }

    private static JsonObject Candidate(int index, JsonNode[] parts, string? reason)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = new JsonArray(parts), ["role"] = "model" } };
        if (reason is not null)
        {
            candidate["finishReason"] = reason;
        }

        candidate["index"] = index;
        return candidate;
    }

    private JsonObject Response(SimulatedRequest request, IEnumerable<JsonObject> candidates, int tokens)
    {
        var input = SimulatedScript.InputTokens(request);
        var usage = new JsonObject { ["promptTokenCount"] = input };
        if (tokens > 0)
        {
            usage["candidatesTokenCount"] = tokens;
        }

        usage["totalTokenCount"] = input + tokens;
        usage["promptTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = input });
        return new JsonObject
        {
            ["candidates"] = new JsonArray([.. candidates]),
            ["usageMetadata"] = usage,
            ["modelVersion"] = model,
            ["responseId"] = request.Hash[..22],
        };
    }

    private static string Reason(SimulatedStop stop) => stop == SimulatedStop.Length ? "MAX_TOKENS" : "STOP";
}
