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
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => AnthropicResponse.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new AnthropicStreamReader(request);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => AnthropicErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => AnthropicErrors.WriteRefusal(notice, model, output);
}
