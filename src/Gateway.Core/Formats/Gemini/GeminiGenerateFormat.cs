using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Gemini generateContent and streamGenerateContent.</summary>
public sealed class GeminiGenerateFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.GeminiGenerate;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
        [.. GeminiEndpoints.Whole("generateContent"), .. GeminiEndpoints.Streamed("streamGenerateContent")];

    /// <inheritdoc/>
    public FormatCoverage Coverage => GeminiCoverage.Generate;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => GeminiModels.Read(request, GeminiRequestShape.Generate);

    /// <inheritdoc/>
    public IReadOnlyList<BodyEdit> PrependSystem(ReadOnlySpan<byte> body, string text) => GeminiPreamble.Of(body, text);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => GeminiResponse.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new GeminiStreamReader(request);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => GeminiErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => GeminiErrors.WriteRefusal(notice, model, output);
}
