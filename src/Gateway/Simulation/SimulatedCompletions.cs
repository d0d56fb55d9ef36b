using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>OpenAI legacy Completions as the simulated provider speaks it: every prompt gets its own answers.</summary>
internal sealed class SimulatedCompletions : ISimulatedFormat
{
    /// <inheritdoc/>
    public string RequestIdHeader => "x-request-id";

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash)
    {
        var prompts = SimulatedJson.Texts(body, "prompt");
        var choices = (SimulatedJson.Positive(body, "n") ?? 1) * Math.Max(1, prompts.Length);
        return new SimulatedRequest
        {
            Model = SimulatedJson.RequiredModel(body),
            UserText = prompts.LastOrDefault() ?? "",
            Inputs = SimulatedJson.IsTrue(body, "echo") ? prompts : [],
            Stream = SimulatedJson.IsTrue(body, "stream"),
            IncludeUsage = SimulatedJson.Member(body, "stream_options") is { } options && SimulatedJson.IsTrue(options, "include_usage"),
            Choices = choices <= 128 ? choices : throw new SimulatedRefusalException("n: at most 128 answers"),
            MaxTokens = SimulatedJson.Positive(body, "max_tokens"),
            TextBytes = SimulatedJson.RawBytes(body, "prompt") + SimulatedJson.RawBytes(body, "suffix"),
            Hash = hash,
        };
    }

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var whole = Envelope(request, [.. answers.Select((answer, index) => Choice(index, Echo(request, index) + answer.Text, Reason(answer)))]);
        whole["usage"] = SimulatedChat.Usage(request, answers);
        return SimulatedJson.Bytes(whole);
    }

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var frames = ImmutableArray.CreateBuilder<byte[]>();
        for (var index = 0; index < answers.Length; index++)
        {
            var answer = answers[index];
            IEnumerable<string> pieces = Echo(request, index) is { Length: > 0 } echo ? answer.Pieces.Prepend(echo) : answer.Pieces;
            frames.AddRange(pieces.Select(piece => Chunk(request, Choice(index, piece, null))));
            frames.Add(Chunk(request, Choice(index, "", Reason(answer))));
        }

        if (request.IncludeUsage)
        {
            var last = Envelope(request, []);
            last["usage"] = SimulatedChat.Usage(request, answers);
            frames.Add(SimulatedJson.Frame(null, last));
        }

        frames.Add("data: [DONE]\n\n"u8.ToArray());
        return frames.ToImmutable();
    }

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash) => SimulatedJson.Bytes(SimulatedChat.ErrorNode(status, message));

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash) => SimulatedJson.Frame(null, SimulatedChat.ErrorNode(500, "The simulated provider failed in the middle of the stream."));

    private static string Echo(SimulatedRequest request, int index) => request.Inputs.IsEmpty ? "" : request.Inputs[index * request.Inputs.Length / request.Choices];

    private static byte[] Chunk(SimulatedRequest request, JsonObject choice)
    {
        var chunk = Envelope(request, [choice]);
        if (request.IncludeUsage)
        {
            chunk["usage"] = null;
        }

        return SimulatedJson.Frame(null, chunk);
    }

    private static JsonObject Envelope(SimulatedRequest request, JsonArray choices) => new()
    {
        ["id"] = $"cmpl-{request.Hash[..29]}",
        ["object"] = "text_completion",
        ["created"] = SimulatedChat.Created,
        ["model"] = request.Model,
        ["choices"] = choices,
    };

    private static JsonObject Choice(int index, string text, string? reason) =>
        new() { ["text"] = text, ["index"] = index, ["logprobs"] = null, ["finish_reason"] = reason };

    private static string Reason(SimulatedAnswer answer) => answer.Stop == SimulatedStop.Length ? "length" : "stop";
}
