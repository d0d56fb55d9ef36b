using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Reads the events of one streamed Messages answer.</summary>
/// <param name="request">The request that is answered, for its model.</param>
public sealed class AnthropicStreamReader(ExchangeRequest request) : IStreamReader
{
    private readonly AnthropicStreamBlocks _blocks = new();
    private readonly RepeatedFrames _repeated = new();

    /// <inheritdoc/>
    public StreamPosition Position => new(_blocks.Started, _blocks.Open, _blocks.Started ? 1 : 0, _blocks.Count);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> KeepAlive => "event: ping\ndata: {\"type\":\"ping\"}\n\n"u8;

    /// <inheritdoc/>
    public bool AnswersForEventNames => true;

    /// <inheritdoc/>
    public void Read(in SseFrame sse, StreamFrame frame)
    {
        frame.Clear();
        if (_repeated.TryRead(sse.Raw, frame))
        {
            return;
        }

        _blocks.Begin(frame);
        if (!Utf8.IsValid(sse.Raw))
        {
            _blocks.Fault(StreamFaults.NotUtf8);
        }
        else if (sse.HasData)
        {
            Data(sse, frame);
        }
        else if (!sse.Event.IsEmpty && !sse.Event.SequenceEqual("ping"u8))
        {
            // Some clients dispatch it with an empty text.
            _blocks.Fault(StreamFaults.NotJson);
        }

        _repeated.Learn(sse, frame, _blocks.Appended);
    }

    /// <inheritdoc/>
    public void WriteCut(in CutNotice notice, StreamPosition released, IBufferWriter<byte> output)
    {
        if (!notice.Refusal)
        {
            AnthropicStreamEnding.WriteError(notice.Error, output);
            return;
        }

        AnthropicStreamEnding.WriteRefusal(notice.Error, request.Model, _blocks.Tokens.Output, released, output);
    }

    private void Data(in SseFrame sse, StreamFrame frame)
    {
        if (_blocks.Ended)
        {
            _blocks.Fault(StreamFaults.AfterTerminator);
        }

        if (sse.Event.IsEmpty)
        {
            // The official SDKs drop such frames without a word; other clients show them.
            _blocks.Fault(StreamFaults.MissingEvent);
        }

        var wasEnded = _blocks.Ended;
        AnthropicResponseWalker.WalkEvent(sse.Event, sse.Data, _blocks);
        frame.IsTerminal = _blocks.Ended && !wasEnded;
        frame.IsMeaningful = !sse.Event.SequenceEqual("ping"u8);
        if (!frame.IsMeaningful && frame.Deltas.Count == 0)
        {
            // Blocks come one after the other, so nothing else of this format may pass anything.
            frame.Lane = StreamFrame.AnyOrder;
        }
    }
}
