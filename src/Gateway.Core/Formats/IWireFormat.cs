using System.Buffers;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats;

/// <summary>The formats, in the words of the telemetry label <c>format</c>.</summary>
public enum FormatId : byte
{
    /// <summary>No format could be told.</summary>
    Unknown,

    /// <summary>OpenAI Chat Completions.</summary>
    OpenAIChat,

    /// <summary>OpenAI Responses.</summary>
    OpenAIResponses,

    /// <summary>OpenAI legacy Completions.</summary>
    OpenAICompletions,

    /// <summary>OpenAI Embeddings.</summary>
    OpenAIEmbeddings,

    /// <summary>OpenAI's list of models.</summary>
    OpenAIModels,

    /// <summary>Anthropic Messages.</summary>
    AnthropicMessages,

    /// <summary>Anthropic's token count of a Messages request.</summary>
    AnthropicCountTokens,

    /// <summary>Gemini generateContent and streamGenerateContent.</summary>
    GeminiGenerate,

    /// <summary>Gemini countTokens.</summary>
    GeminiCountTokens,

    /// <summary>Gemini embedContent and batchEmbedContents.</summary>
    GeminiEmbed,

    /// <summary>Anthropic's list of models.</summary>
    AnthropicModels,
}

/// <summary>
/// One wire format: reads requests, responses and stream frames into segments and writes errors in the format's own shape.
/// Implementations are stateless and shared by all exchanges. Adding a format is one folder and one line in <see cref="WireFormats"/>.
/// </summary>
public interface IWireFormat
{
    /// <summary>Which format this is.</summary>
    FormatId Id { get; }

    /// <summary>The ways by which clients reach this format.</summary>
    IReadOnlyList<WireEndpoint> Endpoints { get; }

    /// <summary>Whether an answer of this format can say that it is a refusal; where it cannot, violations are told as errors whatever the policy says.</summary>
    bool HasRefusals => true;

    /// <summary>What the readers read, for the coverage matrix.</summary>
    FormatCoverage Coverage { get; }

    /// <summary>
    /// Reads a request strictly. Returns null and fills <paramref name="request"/>, or returns why the body is refused.
    /// Never throws for any input.
    /// </summary>
    RequestFault? ReadRequest(ExchangeRequest request);

    /// <summary>Reads a whole response body (success or error) into <paramref name="content"/>. False: not a body of this format; it must not be passed on.</summary>
    bool TryReadResponse(ReadOnlyMemory<byte> body, MessageContent content);

    /// <summary>A reader for one streamed response.</summary>
    IStreamReader CreateStreamReader(ExchangeRequest request);

    /// <summary>
    /// The edits that put <paramref name="text"/> before every instruction of a request that <see cref="ReadRequest"/> has accepted, as the format lets the
    /// operator speak first. Empty: requests of this format carry no instructions.
    /// </summary>
    IReadOnlyList<BodyEdit> PrependSystem(ReadOnlySpan<byte> body, string text) => [];

    /// <summary>Writes <paramref name="error"/> as the format's error body.</summary>
    void WriteError(in GatewayError error, IBufferWriter<byte> output);

    /// <summary>Writes a whole non-streamed answer that says it is a refusal, for policies with <c>onViolation: refusal</c>.</summary>
    void WriteRefusal(in CutNotice notice, string model, IBufferWriter<byte> output);
}

/// <summary>Why a body was refused before any guard saw it. <paramref name="Reason"/> is a closed word such as <c>duplicate_key</c>.</summary>
/// <param name="Reason">One of <see cref="RequestFaultReasons"/>.</param>
/// <param name="Message">What is wrong and where, for the developer; quotes no content of the body beyond a JSON path or member name.</param>
/// <param name="Param">The JSON path the fault concerns, if one is known.</param>
public sealed record RequestFault(string Reason, string Message, string? Param = null)
{
    /// <summary>The capability whose setting in the policy refuses it; null: no setting could admit it.</summary>
    public Capability? Capability { get; init; }
}

/// <summary>What to tell the client when an answer is withheld or cut.</summary>
/// <param name="Refusal">True: end as a normal completion that says it is a refusal. False: end with an error.</param>
/// <param name="Error">Code, message and decision id.</param>
public readonly record struct CutNotice(bool Refusal, GatewayError Error);
