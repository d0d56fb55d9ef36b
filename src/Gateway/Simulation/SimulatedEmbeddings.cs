using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>OpenAI Embeddings as the simulated provider speaks it. The same text gets the same vector of length 1, whatever stands beside it.</summary>
internal sealed class SimulatedEmbeddings : ISimulatedFormat
{
    private const int DefaultDimensions = 64;
    private const int MaxDimensions = 4096;

    /// <inheritdoc/>
    public string RequestIdHeader => "x-request-id";

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash)
    {
        var inputs = SimulatedJson.Texts(body, "input");
        if (inputs.IsEmpty)
        {
            throw new SimulatedRefusalException("input: a text or an array of texts or tokens is required");
        }

        return new SimulatedRequest
        {
            Model = SimulatedJson.RequiredModel(body),
            UserText = inputs[^1],
            Inputs = inputs,
            Dimensions = Math.Min(SimulatedJson.Positive(body, "dimensions") ?? DefaultDimensions, MaxDimensions),
            AsBase64 = SimulatedJson.Text(body, "encoding_format") == "base64",
            TextBytes = inputs.Sum(Encoding.UTF8.GetByteCount),
            Hash = hash,
        };
    }

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers)
    {
        var tokens = SimulatedScript.InputTokens(request);
        return SimulatedJson.Bytes(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. request.Inputs.Select((input, index) => new JsonObject
            {
                ["object"] = "embedding",
                ["index"] = index,
                ["embedding"] = Embedding(Vector(input, request.Dimensions), request.AsBase64),
            })]),
            ["model"] = request.Model,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        });
    }

    /// <summary>The format has no streams.</summary>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers) => [];

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash) => SimulatedJson.Bytes(SimulatedChat.ErrorNode(status, message));

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash) => [];

    private static JsonNode Embedding(float[] vector, bool asBase64) => asBase64
        ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan())))
        : new JsonArray([.. vector.Select(number => (JsonNode)JsonValue.Create(number))]);

    private static float[] Vector(string text, int dimensions)
    {
        var bytes = new byte[dimensions];
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        for (var at = 0; at < dimensions; at += seed.Length)
        {
            seed = SHA256.HashData(seed);
            seed.AsSpan(0, Math.Min(seed.Length, dimensions - at)).CopyTo(bytes.AsSpan(at));
        }

        var numbers = bytes.Select(one => one - 127.5).ToArray();
        var length = Math.Sqrt(numbers.Sum(number => number * number));
        return [.. numbers.Select(number => (float)(number / length))];
    }
}
