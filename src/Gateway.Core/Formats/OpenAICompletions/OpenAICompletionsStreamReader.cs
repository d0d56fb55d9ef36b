using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>Reads the chunks of one streamed legacy Completions answer.</summary>
/// <param name="request">The request that is answered: whether its client asked for usage, how many choices it asked for, its model.</param>
internal sealed class OpenAICompletionsStreamReader(ExchangeRequest request) : IStreamReader
{
    private readonly OpenAIChatStreamSink _sink = new(Math.Max(1, request.ChoiceCount));
    private readonly RepeatedFrames _repeated = new();
    private (string? Id, string? Model) _first;
    private bool _started;
    private bool _ended;
    private long _created;

    /// <summary>The format has no blocks: <see cref="StreamPosition.Blocks"/> is a bit for each choice, below 31, that has finished.</summary>
    public StreamPosition Position => new(_started, -1, _sink.Choices, _sink.FinishedMask);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    /// <inheritdoc/>
    public void Read(in SseFrame sse, StreamFrame frame)
    {
        frame.Clear();
        if (_repeated.TryRead(sse.Raw, frame))
        {
            return;
        }

        _sink.Begin(frame);
        if (!Utf8.IsValid(sse.Raw))
        {
            _sink.Fault(StreamFaults.NotUtf8);
        }
        else if (sse.HasData)
        {
            frame.IsMeaningful = true;
            Event(sse.Event);
            Data(sse.Data, frame);
        }
        else if (!sse.Event.IsEmpty)
        {
            // Some clients dispatch it with an empty text.
            _sink.Fault(StreamFaults.NotJson);
        }

        _repeated.Learn(sse, frame, _sink.Appended);
    }

    /// <inheritdoc/>
    public void WriteCut(in CutNotice notice, StreamPosition released, IBufferWriter<byte> output)
    {
        if (!notice.Refusal)
        {
            OpenAICompletionsEnding.WriteError(notice.Error, output);
            return;
        }

        // The names of the first chunk, once the client has it; later ones may be what the stream is cut for.
        var (id, model) = released.Started ? _first : default;
        var head = new ChunkHead(id ?? $"cmpl-{notice.Error.DecisionId}", model ?? request.Model, _created);
        OpenAICompletionsEnding.WriteRefusal(notice.Error, head, released, output);
    }

    private void Data(ReadOnlySpan<byte> data, StreamFrame frame)
    {
        if (_ended)
        {
            _sink.Fault(StreamFaults.AfterTerminator);
        }

        if (data.Trim(" \t"u8).SequenceEqual("[DONE]"u8))
        {
            _ended = true;
            frame.IsTerminal = true;
            _sink.EndAll();
            return;
        }

        var shape = OpenAICompletionsWalker.Walk(data, _sink);
        frame.Lane = _sink.Lane;
        _first = _started ? _first : (_sink.Id, _sink.ModelName);
        _started = true;
        _created = shape.Created > 0 ? shape.Created : _created;
        frame.Withhold = !request.ClientWantsStreamUsage && shape.HasUsage && shape.Choices == 0 && !frame.IsProviderError;
    }

    // The format has no event names; the official SDK reads one that starts with "thread." as another API's.
    private void Event(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return;
        }

        _sink.Text(TextPlaces.Metadata, -1, new JsonString(name, escaped: false, 0), 0);
        if (name.StartsWith("thread."u8))
        {
            _sink.Fault(StreamFaults.EventTypeMismatch);
        }
        else if (name.SequenceEqual("error"u8))
        {
            _sink.Error(null);
        }
    }
}
