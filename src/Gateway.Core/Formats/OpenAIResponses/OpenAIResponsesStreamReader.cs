using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Reads the events of one streamed Responses answer.</summary>
/// <param name="request">The request that is answered, for its model.</param>
public sealed class OpenAIResponsesStreamReader(ExchangeRequest request) : IStreamReader
{
    private readonly OpenAIResponsesStreamItems _items = new();

    /// <summary><see cref="StreamPosition.Blocks"/> is the number of events: what was open after them is known.</summary>
    public StreamPosition Position => new(_items.Started, -1, _items.Started ? 1 : 0, _items.Events);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    /// <summary>A name must be the type of the data, which is a word of the format or was reported.</summary>
    public bool AnswersForEventNames => true;

    /// <inheritdoc/>
    public void Read(in SseFrame sse, StreamFrame frame)
    {
        frame.Clear();
        _items.Begin(frame);
        if (!Utf8.IsValid(sse.Raw))
        {
            _items.Fault(StreamFaults.NotUtf8);
        }
        else if (sse.HasData)
        {
            frame.IsMeaningful = true;
            Data(sse);
        }
        else if (!sse.Event.IsEmpty)
        {
            // Some clients dispatch it with an empty text.
            _items.Fault(StreamFaults.NotJson);
        }
    }

    /// <inheritdoc/>
    public void WriteCut(in CutNotice notice, StreamPosition released, IBufferWriter<byte> output)
    {
        var (id, model, created) = _items.HeadAfter(released.Blocks);
        var head = new ResponseHead(
            id ?? $"resp_{notice.Error.DecisionId}",
            model ?? request.Model,
            created > 0 ? created : TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var ending = new OpenAIResponsesEnding(head, ErrorMessage.Of(notice.Error), released.Blocks, output);
        if (notice.Refusal)
        {
            ending.WriteRefusal(released.Started, _items.All);
        }
        else
        {
            ending.WriteError(notice.Error);
        }
    }

    private void Data(in SseFrame sse)
    {
        if (_items.Ended)
        {
            _items.Fault(StreamFaults.AfterTerminator);
        }

        OpenAIResponsesWalker.WalkEvent(sse.Event, sse.Data, _items);
        _items.EndEvent();
    }
}
