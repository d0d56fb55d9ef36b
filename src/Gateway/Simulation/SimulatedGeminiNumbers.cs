using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulation;

/// <summary>countTokens, embedContent and batchEmbedContents: answers without text.</summary>
internal sealed class SimulatedGeminiNumbers(string model, string method) : ISimulatedFormat
{
    private const int Dimensions = 8;
    private readonly SimulatedGemini _generate = new(model, stream: false, isArray: false);

    /// <inheritdoc/>
    public string RequestIdHeader => "x-request-id";

    /// <inheritdoc/>
    public SimulatedRequest Read(JsonElement body, string hash)
    {
        JsonElement[] contents = method == "countTokens"
            ? SimulatedGeminiRequest.Items(SimulatedGeminiRequest.Member(body, "generateContentRequest") ?? body, "contents")
            : [.. Embeddings(body).Select(request => SimulatedJson.Member(request, "content")).OfType<JsonElement>()];
        return contents.Length == 0
            ? throw new SimulatedRefusalException("content is not specified")
            : new SimulatedRequest
            {
                Model = model,
                UserText = SimulatedGeminiRequest.UserText(contents),
                Messages = contents.Length,
                TextBytes = contents.Sum(content => content.GetRawText().Length),
                Hash = hash,
            };
    }

    /// <inheritdoc/>
    public byte[] Whole(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers) => SimulatedJson.Bytes(method switch
    {
        "countTokens" => new JsonObject { ["totalTokens"] = SimulatedScript.InputTokens(request) },
        "embedContent" => new JsonObject { ["embedding"] = Embedding(request, 0) },
        _ => new JsonObject { ["embeddings"] = new JsonArray([.. Enumerable.Range(0, request.Messages).Select(index => Embedding(request, index))]) },
    });

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Frames(SimulatedRequest request, ImmutableArray<SimulatedAnswer> answers) => [];

    /// <inheritdoc/>
    public byte[] Error(int status, string message, string hash) => _generate.Error(status, message, hash);

    /// <inheritdoc/>
    public byte[] ErrorFrame(string hash) => [];

    private IEnumerable<JsonElement> Embeddings(JsonElement body) =>
        method == "batchEmbedContents" ? SimulatedGeminiRequest.Items(body, "requests") : [body];

    private static JsonObject Embedding(SimulatedRequest request, int index) => new()
    {
        ["values"] = new JsonArray([.. Enumerable.Range(0, Dimensions).Select(at => JsonValue.Create((request.Hash[(at + index) % request.Hash.Length] - '0') / 64.0))]),
    };
}
