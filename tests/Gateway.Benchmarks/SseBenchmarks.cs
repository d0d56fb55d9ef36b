using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.OpenAIChat;

namespace Gateway.Benchmarks;

/// <summary>
/// Framing and reading of a stream of 200 events of about 200 bytes that arrives in chunks of 4 KiB. Divide by 200 for the cost of one event.
/// Run: <c>dotnet run -c Release --project tests/Gateway.Benchmarks -- --filter *SseBenchmarks*</c>.
/// </summary>
[MemoryDiagnoser]
public class SseBenchmarks
{
    private const int Events = 200;
    private const int ChunkBytes = 4096;

    private readonly StreamFrame _frame = new();
    private byte[] _chat = [];
    private byte[] _anthropic = [];

    /// <summary>Builds the streams.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var chat = new StringBuilder();
        var anthropic = new StringBuilder("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[]}}\n\n");
        anthropic.Append("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
        for (var i = 0; i < Events; i++)
        {
            chat.Append("data: {\"id\":\"chatcmpl-Bz7qS9\",\"object\":\"chat.completion.chunk\",\"created\":1793400010,\"model\":\"gpt-4o-2026-05-01\",")
                .Append("\"system_fingerprint\":\"fp_71ac\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
            anthropic.Append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"")
                .Append(" a longer piece of text, as this provider sends it, with some twenty words\"}}\n\n");
        }

        _chat = Encoding.UTF8.GetBytes(chat.Append("data: [DONE]\n\n").ToString());
        _anthropic = Encoding.UTF8.GetBytes(anthropic.ToString());
    }

    /// <summary>Cutting into frames only.</summary>
    [Benchmark]
    public int Framing()
    {
        using var frames = new SseFrameReader();
        var count = 0;
        for (var at = 0; at < _chat.Length; at += ChunkBytes)
        {
            frames.Append(_chat.AsSpan(at, Math.Min(ChunkBytes, _chat.Length - at)));
            while (frames.TryRead(out _))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Chat Completions.</summary>
    [Benchmark]
    public int OpenAIChat() => Read(_chat, new OpenAIChatStreamReader(new ExchangeRequest { Body = default }));

    /// <summary>Messages.</summary>
    [Benchmark]
    public int AnthropicMessages() => Read(_anthropic, new AnthropicStreamReader(new ExchangeRequest { Body = default }));

    private int Read(byte[] stream, IStreamReader reader)
    {
        using var frames = new SseFrameReader();
        var deltas = 0;
        for (var at = 0; at < stream.Length; at += ChunkBytes)
        {
            frames.Append(stream.AsSpan(at, Math.Min(ChunkBytes, stream.Length - at)));
            while (frames.TryRead(out var sse))
            {
                reader.Read(sse, _frame);
                deltas += _frame.Deltas.Count;
            }
        }

        return deltas;
    }
}
