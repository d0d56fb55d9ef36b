using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Anthropic Messages.</summary>
public sealed class AnthropicMessagesFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.AnthropicMessages;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "anthropic",
            Routes = ["/v1/messages", "/v1/v1/messages"],
            UpstreamPath = "/v1/messages",
            Query = [new("beta", static value => value is "true" or "false")],
        },
    ];

    /// <inheritdoc/>
    public FormatCoverage Coverage => AnthropicCoverage.All;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => AnthropicRequestReader.Read(request);

    /// <inheritdoc/>
    public IReadOnlyList<BodyEdit> PrependSystem(ReadOnlySpan<byte> body, string text) => AnthropicPreamble.Of(body, text);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => AnthropicResponse.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new AnthropicStreamReader(request);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => AnthropicErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => AnthropicErrors.WriteRefusal(notice, model, output);
}
