using System.Text;
using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>The events of a stream.</summary>
internal ref partial struct OpenAIResponsesWalker
{
    /// <summary>
    /// Reports the data of one event to <paramref name="items"/>. Clients go by the event's name, where there is one, or by the data's type, so the two
    /// must be the same. Never throws.
    /// </summary>
    public static void WalkEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, OpenAIResponsesStreamItems items)
    {
        var walker = new OpenAIResponsesWalker(json, items, items) { _eventName = name };
        walker.Guarded(static (ref walker) => walker.Event());
    }

    private void Event()
    {
        var type = JsonMembers.FindString(_reader, "type"u8);
        var found = ResponsesEvent.Of(type);
        if (type.IsEmpty && JsonMembers.TryFind(_reader, "error"u8, out _))
        {
            found = ResponsesEvent.Of(new JsonString("error"u8, escaped: false, 0));
        }
        else if (type.IsEmpty)
        {
            _sink.Fault(StreamFaults.MissingEvent);
        }

        if (!_eventName.IsEmpty && !(type.IsEmpty ? _eventName.SequenceEqual("error"u8) : type.Is(_eventName)))
        {
            _sink.Fault(StreamFaults.EventTypeMismatch);
        }
        else if (found.Kind == ResponsesEventKind.Unknown && _items!.EveryText)
        {
            // The data's type is reported and may change, the name before it cannot.
            _sink.Text(TextPlaces.Metadata, -1, new JsonString(_eventName, escaped: false, 0));
        }

        Begin(found);
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            if (_reader.TokenType != JsonTokenType.Null)
            {
                EventMember(found, member);
            }
        }

        End(found);
    }

    private void Begin(ResponsesEvent found)
    {
        // Running texts of different events, or of different items, are different ones.
        _index = Index("output_index"u8);
        _variant = found.Hash ^ (ulong)_index;
        _part = Index(found.PartMember);
        switch (found.Kind)
        {
            case ResponsesEventKind.Created:
                _items!.Start();
                break;
            case ResponsesEventKind.Response or ResponsesEventKind.Terminal:
                _items!.RequireStart();
                break;
            case ResponsesEventKind.Error:
                _sink.Error(ErrorWords.Code(_reader, "code"u8)
                    ?? (JsonMembers.TryFind(_reader, "error"u8, out var error) ? ErrorWords.Code(error, "code"u8) ?? ErrorWords.Code(error, "type"u8) : null));
                break;
            default:
                if (found.NeedsItem)
                {
                    _items!.RequireStart();
                    _items.Select(_index, JsonMembers.FindString(_reader, "item_id"u8));
                }

                break;
        }
    }

    private void End(ResponsesEvent found)
    {
        switch (found.Kind)
        {
            case ResponsesEventKind.Terminal:
                _items!.EndChoice(0, Finish());
                _items.End(FinalProse());
                break;
            case ResponsesEventKind.TextDone:
                _items!.ClosePart(found.Place, _part, wholePart: false);
                break;
            default:
                break;
        }
    }

    private void EventMember(ResponsesEvent found, ResponsesMember member)
    {
        switch (member)
        {
            case ResponsesMember.Type when IsString && found.Kind != ResponsesEventKind.Unknown:
            case ResponsesMember.SequenceNumber or ResponsesMember.OutputIndex or ResponsesMember.ContentIndex or ResponsesMember.SummaryIndex
                when _reader.TokenType == JsonTokenType.Number:
            case ResponsesMember.ItemId when found.NeedsItem && IsString && _items!.HasId && !_items.EveryText:
                break;
            case ResponsesMember.Error when found.Kind != ResponsesEventKind.Error:
                // Script clients raise on this member in any event.
                _sink.Error(ErrorWords.Code(_reader, "code"u8));
                Leaves(TextPlaces.Metadata);
                break;
            case ResponsesMember.Response or ResponsesMember.Item or ResponsesMember.Part when _reader.TokenType == JsonTokenType.StartObject:
                EventObject(found, member);
                break;
            case ResponsesMember.Response or ResponsesMember.Item or ResponsesMember.Part when found.Kind != ResponsesEventKind.Unknown:
                Misshapen();
                break;
            case ResponsesMember.Logprobs when _reader.TokenType == JsonTokenType.StartArray:
                Logprobs(found.Kind == ResponsesEventKind.TextDelta ? TextPlaces.LogprobContent : TextPlaces.Other);
                break;
            case ResponsesMember.ItemId or ResponsesMember.Obfuscation:
                Leaves(TextPlaces.Metadata);
                break;
            default:
                EventText(found, member);
                break;
        }
    }

    private void EventText(ResponsesEvent found, ResponsesMember member)
    {
        switch (found.Kind)
        {
            case ResponsesEventKind.TextDelta when member == found.Member && IsString:
                _items!.Delta(found.Place, _part, Here);
                break;
            case ResponsesEventKind.TextDone when member == found.Member && IsString:
                _items!.FullText(found.Place, _part, Here);
                break;
            case ResponsesEventKind.ArgumentsDelta when member == found.Member && IsString:
                _items!.ArgumentsDelta(Here);
                break;
            case ResponsesEventKind.ArgumentsDone when member == found.Member && IsString:
                _items!.ArgumentsDone(Here);
                break;
            case ResponsesEventKind.ArgumentsDone when member == ResponsesMember.Name && IsString:
                _items!.CheckName(Here);
                break;
            case ResponsesEventKind.Running or ResponsesEventKind.Standing when member == found.Member:
                StringLeaves.Walk(ref _reader, _sink, found.Place, 0, _variant);
                break;
            case ResponsesEventKind.Error:
                Leaves(TextPlaces.Metadata);
                break;
            default:
                UnknownInEvent();
                break;
        }
    }

    private void UnknownInEvent()
    {
        _sink.Text(TextPlaces.Key, 0, _name);
        StringLeaves.Walk(ref _reader, _sink, TextPlaces.Other, 0, StringLeaves.Hash(_name.Raw, _variant));
    }

    private void EventObject(ResponsesEvent found, ResponsesMember member)
    {
        var isFitting = (found.Kind, member) switch
        {
            (ResponsesEventKind.Created or ResponsesEventKind.Response or ResponsesEventKind.Terminal, ResponsesMember.Response) => true,
            (ResponsesEventKind.ItemAdded or ResponsesEventKind.ItemDone, ResponsesMember.Item) => true,
            (ResponsesEventKind.PartAdded or ResponsesEventKind.PartDone, ResponsesMember.Part) => true,
            _ => false,
        };
        if (!isFitting)
        {
            UnknownInEvent();
        }
        else if (member == ResponsesMember.Response)
        {
            _shape.HasOutput = true;
            Response();
        }
        else if (member == ResponsesMember.Item)
        {
            EventItem(found.Kind == ResponsesEventKind.ItemAdded);
        }
        else
        {
            EventPart(found.Kind == ResponsesEventKind.PartAdded);
        }
    }

    private void EventItem(bool isAdded)
    {
        var index = _index;
        var after = _reader;
        after.Skip();
        var json = _json[(int)_reader.TokenStartIndex..(int)after.BytesConsumed];
        if (isAdded)
        {
            _items!.AddItem(index, Stated(), json);
            Item(index, Kind());
        }
        else if (_items!.CloseItem(index, Stated()))
        {
            Item(index, Kind());
            _items.MarkDone(json);
        }
        else
        {
            Leaves(TextPlaces.Other);
        }
    }

    private void EventPart(bool isAdded)
    {
        var place = PartPlace().Place;
        if (isAdded && place.Kind != TextKind.Other)
        {
            _items!.OpenPart(place, _part);
        }

        Part(_part);
        if (!isAdded && place.Kind != TextKind.Other)
        {
            _items!.ClosePart(place, _part, wholePart: true);
        }
    }

    /// <summary>What a client joins to the answer's text: the texts of all parts of all messages, as the terminal event states them.</summary>
    private readonly string FinalProse()
    {
        var prose = new StringBuilder();
        var items = _output;
        while (items.TokenType is JsonTokenType.StartArray or JsonTokenType.EndObject && items.Read() && items.TokenType == JsonTokenType.StartObject)
        {
            if (JsonMembers.TryFind(items, "content"u8, out var parts))
            {
                while (parts.TokenType is JsonTokenType.StartArray or JsonTokenType.EndObject && parts.Read() && parts.TokenType == JsonTokenType.StartObject)
                {
                    if (JsonMembers.FindString(parts, "type"u8).Is("output_text"u8))
                    {
                        prose.Append(JsonMembers.FindString(parts, "text"u8).ToString());
                    }

                    parts.Skip();
                }
            }

            items.Skip();
        }

        return prose.ToString();
    }

    private readonly int Index(ReadOnlySpan<byte> name) =>
        JsonMembers.TryFind(_reader, name, out var value) && value.TokenType == JsonTokenType.Number && value.TryGetInt32(out var index)
            ? index
            : -1;
}
