using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.AnthropicCountTokens;

/// <summary>Anthropic's token count: carries the whole prompt of a Messages request and is answered with a number.</summary>
public sealed class AnthropicCountTokensFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.AnthropicCountTokens;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "anthropic",
            Routes = ["/v1/messages/count_tokens", "/v1/v1/messages/count_tokens"],
            UpstreamPath = "/v1/messages/count_tokens",
            Query = [new("beta", static value => value is "true" or "false")],
            Streams = false,
        },
    ];

    /// <summary>An answer holds a number only: there is no place for words.</summary>
    public bool HasRefusals => false;

    /// <inheritdoc/>
    public FormatCoverage Coverage => AnthropicCountTokensCoverage.All;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => AnthropicRequestReader.ReadCount(request);

    /// <inheritdoc/>
    public IReadOnlyList<BodyEdit> PrependSystem(ReadOnlySpan<byte> body, string text) => AnthropicPreamble.Of(body, text);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => AnthropicCountTokensResponse.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new NoStreamReader(this);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => AnthropicErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => AnthropicErrors.WriteError(notice.Error, output);
}
