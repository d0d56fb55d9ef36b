using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Gemini countTokens: a prompt that no model answers.</summary>
public sealed class GeminiCountTokensFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.GeminiCountTokens;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } = [.. GeminiEndpoints.Whole("countTokens")];

    /// <summary>An answer holds numbers only: there is no place for words.</summary>
    public bool HasRefusals => false;

    /// <inheritdoc/>
    public FormatCoverage Coverage => GeminiCoverage.CountTokens;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => GeminiModels.Read(request, GeminiRequestShape.CountTokens);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => GeminiResponse.TryReadNumbers(body, content, "totalTokens");

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new NoStreamReader(this);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => GeminiErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => GeminiErrors.WriteError(notice.Error, output);
}
