using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Gemini embedContent and batchEmbedContents.</summary>
public sealed class GeminiEmbedFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.GeminiEmbed;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } = [.. GeminiEndpoints.Whole("embedContent"), .. GeminiEndpoints.Whole("batchEmbedContents")];

    /// <summary>An answer holds numbers only: there is no place for words.</summary>
    public bool HasRefusals => false;

    /// <inheritdoc/>
    public FormatCoverage Coverage => GeminiCoverage.Embed;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => GeminiModels.Read(request, GeminiRequestShape.Embed);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) =>
        GeminiResponse.TryReadNumbers(body, content, "embedding", "embeddings");

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new NoStreamReader(this);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => GeminiErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => GeminiErrors.WriteError(notice.Error, output);
}
