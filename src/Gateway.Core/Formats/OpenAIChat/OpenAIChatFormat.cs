using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>OpenAI Chat Completions, also as spoken by compatible servers.</summary>
public sealed class OpenAIChatFormat : IWireFormat
{
    /// <inheritdoc/>
    public FormatId Id => FormatId.OpenAIChat;

    /// <inheritdoc/>
    public IReadOnlyList<WireEndpoint> Endpoints { get; } =
    [
        new()
        {
            Provider = "openai",
            Routes = ["/v1/chat/completions", "/chat/completions"],
            UpstreamPath = "/chat/completions",
        },
        AzureEndpoints.Deployment("/chat/completions"),
        AzureEndpoints.Versioned("/chat/completions"),
    ];

    /// <inheritdoc/>
    public FormatCoverage Coverage => OpenAIChatCoverage.All;

    /// <inheritdoc/>
    public RequestFault? ReadRequest(ExchangeRequest request) => OpenAIChatRequestReader.Read(request);

    /// <inheritdoc/>
    public IReadOnlyList<BodyEdit> PrependSystem(ReadOnlySpan<byte> body, string text) => OpenAIChatPreamble.Of(body, text);

    /// <inheritdoc/>
    public bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content) => OpenAIChatResponse.TryRead(body, content);

    /// <inheritdoc/>
    public IStreamReader CreateStreamReader(ExchangeRequest request) => new OpenAIChatStreamReader(request);

    /// <inheritdoc/>
    public void WriteError(in GatewayError error, IBufferWriter<byte> output) => OpenAIChatErrors.WriteError(error, output);

    /// <inheritdoc/>
    public void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output) => OpenAIChatErrors.WriteRefusal(notice, model, output);
}
