using System.Buffers;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Reports all of one chunk to a sink. Never throws.</summary>
internal delegate ChatShape ChunkWalk(ReadOnlySpan<byte> json, IResponseSink sink);

/// <summary>Ends a stream with an error that the official SDKs raise.</summary>
internal delegate void ChunkErrorWriter(in GatewayError error, IBufferWriter<byte> output);

/// <summary>Ends a stream with a refusal in every choice that the client has not seen finish.</summary>
internal delegate void ChunkRefusalWriter(in GatewayError error, ChunkHead head, StreamPosition released, IBufferWriter<byte> output);

/// <summary>In what the streams of OpenAI's two formats that come in chunks differ. Everything else <see cref="OpenAIChatStreamReader"/> does for both.</summary>
/// <param name="IdPrefix">What an answer's id begins with.</param>
/// <param name="Walk">Reads a chunk.</param>
/// <param name="WriteError">Ends with an error.</param>
/// <param name="WriteRefusal">Ends with a refusal.</param>
internal sealed record ChunkDialect(string IdPrefix, ChunkWalk Walk, ChunkErrorWriter WriteError, ChunkRefusalWriter WriteRefusal)
{
    /// <summary>Chat Completions.</summary>
    public static ChunkDialect Chat { get; } = new(
        "chatcmpl-",
        static (json, sink) => OpenAIChatResponseWalker.Walk(json, chunk: true, sink),
        OpenAIChatStreamEnding.WriteError,
        OpenAIChatStreamEnding.WriteRefusal);
}
