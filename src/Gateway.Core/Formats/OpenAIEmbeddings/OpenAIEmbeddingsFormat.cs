using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIEmbeddings;

/// <summary>OpenAI Embeddings, also as spoken by compatible servers.</summary>
public sealed class OpenAIEmbeddingsFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.OpenAIEmbeddings;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "openai",
            Routes = ["/v1/embeddings", "/embeddings"],
            UpstreamPath = "/embeddings",
            Streams = false,
        },
        AzureEndpoints.Deployment("/embeddings", streams: false),
        AzureEndpoints.Versioned("/embeddings", streams: false),
    ];

    /// <summary>An answer holds numbers only: there is no place for words.</summary>
    public bool HasRefusals => false;

    /// <inheritdoc/>
    public FormatCoverage Coverage => OpenAIEmbeddingsCoverage.All;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => OpenAIEmbeddingsRequest.Read(request);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) =>
        WholeAnswer.TryRead(body, content, (_, sink) => OpenAIEmbeddingsWalker.Walk(body, sink), findsDuplicates: true);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new NoStreamReader(this);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => OpenAIChatErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => OpenAIChatErrors.WriteError(notice.Error, output);
}
