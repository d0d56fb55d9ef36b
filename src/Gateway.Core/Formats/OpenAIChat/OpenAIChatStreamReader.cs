using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Reads the chunks of one streamed answer of Chat Completions, or of legacy Completions by its <see cref="ChunkDialect"/>.</summary>
public sealed class OpenAIChatStreamReader : IStreamReader
{
    private readonly ExchangeRequest _request;
    private readonly ChunkDialect _dialect;
    private readonly OpenAIChatStreamSink _sink;
    private readonly RepeatedFrames _repeated = new();
    private (string? Id, string? Model) _first;
    private bool _started;
    private bool _ended;
    private long _created;

    /// <summary>A reader of Chat Completions.</summary>
    /// <param name="request">The request that is answered: whether its client asked for usage, how many choices it asked for, its model.</param>
    public OpenAIChatStreamReader(ExchangeRequest request)
        : this(request, ChunkDialect.Chat)
    {
    }

    internal OpenAIChatStreamReader(ExchangeRequest request, ChunkDialect dialect)
    {
        _request = request;
        _dialect = dialect;
        _sink = new OpenAIChatStreamSink(Math.Max(1, request.ChoiceCount));
    }

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
        // The names of the first chunk, once the client has it; later ones may be what the stream is cut for.
        var (id, model) = released.Started ? _first : default;
        var head = new ChunkHead(id ?? _dialect.IdPrefix + notice.Error.DecisionId, model ?? _request.Model, _created);
        if (notice.Refusal)
        {
            _dialect.WriteRefusal(notice.Error, head, released, output);
        }
        else
        {
            _dialect.WriteError(notice.Error, output);
        }
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

        var shape = _dialect.Walk(data, _sink);
        frame.Lane = _sink.Lane;
        _first = _started ? _first : (_sink.Id, _sink.ModelName);
        _started = true;
        _created = shape.Created > 0 ? shape.Created : _created;
        frame.Withhold = !_request.ClientWantsStreamUsage && shape.HasUsage && shape.Choices == 0 && !frame.IsProviderError;
    }

    // The format has no event names. One that starts with "thread." makes the official SDK read the frame as another API's.
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
