using System.Buffers;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>OpenAI Chat Completions, also as spoken by compatible servers.</summary>
public sealed class OpenAIChatFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.OpenAIChat;

    /// <inheritdoc/>
    public string Provider => "openai";

    /// <inheritdoc/>
    public string UpstreamPath => "/chat/completions";

    /// <inheritdoc/>
    public IReadOnlyList<string> Routes { get; } = ["/v1/chat/completions", "/chat/completions"];

    /// <inheritdoc/>
    public IReadOnlyList<string> AllowedQueryKeys { get; } = [];

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => OpenAIChatRequestReader.Read(request);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => throw new NotSupportedException();
}
