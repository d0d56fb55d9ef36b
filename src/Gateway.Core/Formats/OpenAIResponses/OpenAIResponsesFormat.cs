using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Formats.OpenAIChat;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>OpenAI Responses.</summary>
public sealed class OpenAIResponsesFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.OpenAIResponses;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "openai",
            Routes = ["/v1/responses", "/responses"],
            UpstreamPath = "/responses",
        },
        AzureEndpoints.Dated("/responses"),
        AzureEndpoints.Versioned("/responses"),
    ];

    /// <inheritdoc/>
    public FormatCoverage Coverage => OpenAIResponsesCoverage.All;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => OpenAIResponsesRequestReader.Read(request);

    /// <inheritdoc/>
    public IReadOnlyList<BodyEdit> PrependSystem(ReadOnlySpan<byte> body, string text) => OpenAIResponsesPreamble.Of(body, text);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => OpenAIResponsesResponse.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new OpenAIResponsesStreamReader(request);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => OpenAIChatErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => OpenAIResponsesBody.WriteRefusal(notice.Error, model, output);
}
