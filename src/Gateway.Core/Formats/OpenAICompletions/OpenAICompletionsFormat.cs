using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Formats.OpenAIChat;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>OpenAI legacy Completions, also as spoken by compatible servers.</summary>
public sealed class OpenAICompletionsFormat : IWireFormat
{
    private static readonly ChunkDialect s_chunks = new("cmpl-", OpenAICompletionsWalker.Walk, OpenAICompletionsEnding.WriteError, OpenAICompletionsEnding.WriteRefusal);

    /// <inheritdoc/>
    public FormatId Id => FormatId.OpenAICompletions;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "openai",
            Routes = ["/v1/completions", "/completions"],
            UpstreamPath = "/completions",
        },
        AzureEndpoints.Deployment("/completions"),
        AzureEndpoints.Versioned("/completions"),
    ];

    /// <inheritdoc/>
    public FormatCoverage Coverage => OpenAICompletionsCoverage.All;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => OpenAICompletionsRequest.Read(request);

    /// <inheritdoc/>
    public IReadOnlyList<BodyEdit> PrependSystem(ReadOnlySpan<byte> body, string text) => OpenAICompletionsPreamble.Of(body, text);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => OpenAICompletionsResponse.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new OpenAIChatStreamReader(request, s_chunks);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => OpenAIChatErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => OpenAICompletionsEnding.WriteRefusal(notice, model, output);
}
