using System.Buffers;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Anthropic Messages.</summary>
public sealed class AnthropicMessagesFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.AnthropicMessages;

    /// <inheritdoc/>
    public string Provider => "anthropic";

    /// <inheritdoc/>
    public string UpstreamPath => "/v1/messages";

    /// <summary>The second one serves applications whose base address ends in <c>/v1</c>: the SDKs append <c>/v1/messages</c> to it.</summary>
    public IReadOnlyList<string> Routes { get; } = ["/v1/messages", "/v1/v1/messages"];

    /// <inheritdoc/>
    public IReadOnlyList<string> AllowedQueryKeys { get; } = ["beta"];

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => AnthropicRequestReader.Read(request);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => throw new NotSupportedException();
}
