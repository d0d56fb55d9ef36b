using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>
/// Turns what the walker finds in events into deltas and holds the stream to its grammar: a response, items numbered from 0 that open in order, each
/// with its texts or its call, then the end. Every text comes up to five times; what repeats what was inspected is not inspected again, what
/// differs from it is.
/// </summary>
internal sealed class OpenAIResponsesStreamItems : IResponseSink
{
    private const ulong IdSlot = 0;
    private const ulong ModelSlot = 1;

    // Providers send a handful; a stream that opens one per event is an attack on memory.
    private const int MaxItems = 1024;

    // Items are kept as they were stated, to know their repetition.
    private const int MaxKept = 16 * 1024 * 1024;

    private readonly StreamTexts _texts = new();
    private readonly List<ResponsesStreamItem> _items = [];
    private readonly OpenAIResponsesStreamParts _parts;
    private readonly OpenAIResponsesStreamCalls _calls;
    private ResponsesStreamItem? _item;
    private bool _isWhole;
    private int _kept;
    private string? _id;
    private string? _model;
    private long _created;
    private (int Event, string? Id, string? Model, long Created)? _head;

    public OpenAIResponsesStreamItems()
    {
        _parts = new OpenAIResponsesStreamParts(_texts, _items);
        _calls = new OpenAIResponsesStreamCalls(_texts);
    }

    /// <summary>The items that were opened.</summary>
    public IReadOnlyList<ResponsesStreamItem> All => _items;

    /// <summary>Number of events read.</summary>
    public int Events { get; private set; }

    /// <summary>Whether the item that the event is about has an id; an event that gives it another is refused.</summary>
    public bool HasId => _item is { Id.Length: > 0 };

    /// <summary>Whether repetitions are reported like the texts they repeat.</summary>
    public bool EveryText => _texts.Frame.EveryText;

    public bool Started { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>Where the frame's running text stood.</summary>
    public AppendedText Appended => _texts.Appended;

    public void Begin(StreamFrame frame)
    {
        _texts.Begin(frame);
        _parts.Begin();
        _item = null;
    }

    /// <summary>The event has been read.</summary>
    public void EndEvent()
    {
        _texts.EndAgain();
        if (Started)
        {
            _head ??= (Events, _id, _model, _created);
        }

        Events++;
    }

    /// <summary>
    /// What the first event said of the response, if a client has seen that one of <paramref name="events"/>: nothing of a later event, which may be the
    /// one that is stopped.
    /// </summary>
    public (string? Id, string? Model, long Created) HeadAfter(int events) =>
        _head is { } head && head.Event < events ? (head.Id, head.Model, head.Created) : default;

    public void Fault(string reason) => _texts.Fault(reason);

    public void Start()
    {
        FaultIf(Started, StreamFaults.StartedTwice);
        Started = true;
    }

    public void RequireStart() => FaultIf(!Started, StreamFaults.NotStarted);

    /// <summary>The terminal event has been read.</summary>
    public void End(string finalProse)
    {
        RequireStart();
        _parts.CheckFinal(finalProse);
        _texts.EndAll(null);
        _texts.Frame.IsTerminal = true;
        Ended = true;
    }

    public void CreatedAt(ref readonly Utf8JsonReader reader) => _created = JsonMembers.TryCount(in reader, out var created) ? created : _created;

    /// <summary>Whether the value of a member that every response object has is what it was in the one before.</summary>
    public bool IsRepeat(JsonString name, ReadOnlySpan<byte> value) =>
        !_texts.EnvelopeChanged(StringLeaves.Hash(name.Raw, 0), new JsonString(value, escaped: false, 0));

    /// <summary>An item opens.</summary>
    public void AddItem(int index, ResponsesStreamItem item, ReadOnlySpan<byte> json)
    {
        RequireStart();
        FaultIf(index >= 0 && index < _items.Count, StreamFaults.BlockReopened);
        FaultIf(index != _items.Count, StreamFaults.IndexJump);
        FaultIf(_items.Count == MaxItems, StreamFaults.TooManyItems);
        FaultIf(item.Id.Length > 0 && _items.Exists(other => other.Id == item.Id), StreamFaults.BlockReopened);
        item.Added = Keep(json);
        if (_texts.Frame.Fault is null)
        {
            _items.Add(item);
        }

        _item = item;
        _isWhole = false;
    }

    /// <summary>An item is stated whole, at its end. False where the index names none.</summary>
    public bool CloseItem(int index, ResponsesStreamItem stated)
    {
        RequireStart();
        if (!Select(index, default))
        {
            return false;
        }

        FaultIf(stated.Id.Length > 0 && _item!.Id.Length > 0 && stated.Id != _item.Id, StreamFaults.IndexJump);
        FaultIf(_item!.DoneAt != int.MaxValue, StreamFaults.AfterFinish);
        FaultIf(_item.Type != stated.Type, StreamFaults.BlockTypeMismatch);
        _isWhole = true;
        return true;
    }

    /// <summary>The whole item has been read.</summary>
    public void MarkDone(ReadOnlySpan<byte> json)
    {
        _item!.Done = Keep(json);
        _item.DoneAt = Events;
        OpenAIResponsesStreamParts.CloseAll(_item, Events);
    }

    /// <summary>
    /// An item of the terminal event. True where it has been seen just so and nobody wants to see it again; one that no event opened is taken as it is.
    /// </summary>
    public bool IsKnown(int index, ResponsesStreamItem stated, ReadOnlySpan<byte> json)
    {
        _isWhole = true;
        if (index >= _items.Count)
        {
            FaultIf(_items.Count >= MaxItems, StreamFaults.TooManyItems);
            _items.Add(stated);
        }

        _item = _items[index];
        FaultIf(_item.Type != stated.Type, StreamFaults.BlockTypeMismatch);
        return !EveryText && json.SequenceEqual(_item.Done);
    }

    /// <summary>Finds the item that an event belongs to; clients find it by index or by id.</summary>
    public bool Select(int index, JsonString id)
    {
        if ((uint)index >= (uint)_items.Count)
        {
            Fault(StreamFaults.BlockNotOpen);
            return false;
        }

        _item = _items[index];
        FaultIf(!id.IsEmpty && _item.Id.Length > 0 && !id.Is(_item.Id), StreamFaults.IndexJump);
        return true;
    }

    /// <summary>The next piece of a text.</summary>
    public void Delta(in TextPlace place, int index, JsonString text)
    {
        if (_item is null)
        {
            _texts.Text(TextPlaces.Alternative, 0, text, 0);
            return;
        }

        FaultIf(_item.DoneAt != int.MaxValue, StreamFaults.AfterFinish);
        _parts.Delta(_item, place, index, text, Events);
    }

    /// <summary>A text that stands whole.</summary>
    public void FullText(in TextPlace place, int index, JsonString text)
    {
        if (_item is null)
        {
            _texts.Text(TextPlaces.Alternative, 0, text, 0);
        }
        else if (!Ended)
        {
            _parts.Full(_item, place, index, text, Events);
        }
    }

    /// <summary>A text opens.</summary>
    public void OpenPart(in TextPlace place, int index)
    {
        if (_item is not null)
        {
            FaultIf(_item.DoneAt != int.MaxValue, StreamFaults.AfterFinish);
            _parts.Open(_item, place.Kind, index, Events);
        }
    }

    /// <summary>A text has ended, or the part that holds it.</summary>
    public void ClosePart(in TextPlace place, int index, bool wholePart) => _item?.Find(place.Kind, index)?.Close(Events, wholePart);

    public void ArgumentsDelta(JsonString text) => _calls.Delta(_item, text, Events);

    public void ArgumentsDone(JsonString text)
    {
        _calls.Full(_item, text, Events);
        _calls.Close(_item);
    }

    public void CheckName(JsonString name) => _calls.CheckName(_item, name);

    public void Text(in TextPlace place, int choice, JsonString text, ulong variant) => _texts.Text(place, choice, text, variant);

    public void ResponseId(JsonString id)
    {
        _id = id.ToString();
        _texts.Frame.ResponseId = _id;
        _texts.Text(TextPlaces.Envelope, -1, id, IdSlot);
    }

    public void Model(JsonString model)
    {
        _model = model.ToString();
        _texts.Frame.Model = _model;
        _texts.Text(TextPlaces.Envelope, -1, model, ModelSlot);
    }

    public void Usage(in TokenUsage usage) => _texts.Frame.Usage = usage;

    public void Error(string? code)
    {
        _texts.Frame.IsProviderError = true;
        _texts.Frame.ErrorCode ??= code;
    }

    public void OpenChoice(int choice)
    {
    }

    public void EndChoice(int choice, string? finish) => _texts.Frame.FinishReason = finish;

    public void OpenTool(in ToolStart tool) => _calls.Open(_item, tool);

    public void ToolArguments(JsonString arguments, bool isText) => _calls.Full(_item, arguments, Events);

    public void ToolInput(ReadOnlySpan<byte> json, int tokenStart) =>
        _calls.Full(_item, new JsonString(json, escaped: false, tokenStart) { IsValue = true }, Events);

    public void CloseTool()
    {
        if (_isWhole)
        {
            _calls.Close(_item);
        }
    }

    public void ImpliedCall(in ToolStart tool, string name, string arguments)
    {
        if (_isWhole && _item is { IsCallWhole: false })
        {
            _calls.Implied(_item, tool, name, arguments);
        }
    }

    private byte[] Keep(ReadOnlySpan<byte> json)
    {
        _kept += json.Length;
        FaultIf(_kept > MaxKept, StreamFaults.TooManyItems);
        return _kept > MaxKept ? [] : json.ToArray();
    }

    private void FaultIf(bool broken, string reason)
    {
        if (broken)
        {
            Fault(reason);
        }
    }
}
