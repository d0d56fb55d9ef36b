using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>What the top level of an answer or an event held.</summary>
internal struct AnthropicShape
{
    public bool HasContent;
    public bool IsError;
    public int Blocks;
}

/// <summary>
/// The table of text-bearing fields of Messages answers and events, as a walk: every string leaf is reported, those of blocks and deltas that no
/// case knows as output of the model, elsewhere as metadata.
/// </summary>
internal ref partial struct AnthropicResponseWalker
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly IResponseSink _sink;
    private readonly AnthropicResponseUsage _usage;
    private readonly AnthropicStreamBlocks? _blocks;
    private ReadOnlySpan<byte> _eventName;
    private Utf8JsonReader _reader;
    private JsonString _name;
    private string? _stopReason;
    private AnthropicShape _shape;

    private AnthropicResponseWalker(ReadOnlySpan<byte> json, IResponseSink sink, AnthropicResponseUsage usage, AnthropicStreamBlocks? blocks)
    {
        _json = json;
        _sink = sink;
        _usage = usage;
        _blocks = blocks;
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>Reports a whole answer or error body, valid UTF-8, to <paramref name="sink"/>. Never throws.</summary>
    public static AnthropicShape WalkBody(ReadOnlySpan<byte> json, IResponseSink sink)
    {
        var walker = new AnthropicResponseWalker(json, sink, new AnthropicResponseUsage(), blocks: null);
        walker.Guarded(null);
        return walker._shape;
    }

    // A null event: the JSON is a whole body.
    private void Guarded(string? eventType)
    {
        try
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                _sink.Fault(StreamFaults.NotAnObject);
                return;
            }

            if (eventType is null)
            {
                Message();
            }
            else
            {
                Event(eventType);
            }

            // Throws where anything follows the object.
            _reader.Read();
        }
        catch (JsonException)
        {
            _sink.Fault(StreamFaults.NotJson);
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that a property name holds half a surrogate pair.
            _sink.Fault(StreamFaults.LoneSurrogate);
        }
    }

    private void Message()
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            MessageMember(member);
        }

        if (_shape.HasContent && _blocks is null)
        {
            _sink.EndChoice(0, _stopReason);
        }
    }

    private void MessageMember(AnthropicMember member)
    {
        switch (member)
        {
            case AnthropicMember.Id when IsString:
                _sink.ResponseId(Here);
                break;
            case AnthropicMember.Model when IsString:
                _sink.Model(Here);
                break;
            case AnthropicMember.Type or AnthropicMember.Role when IsString:
                Vocabulary(member);
                break;
            case AnthropicMember.Content when _reader.TokenType == JsonTokenType.StartArray:
                Blocks();
                break;
            case AnthropicMember.Usage:
                _usage.Read(ref _reader, _sink);
                break;
            case AnthropicMember.Error when _reader.TokenType != JsonTokenType.Null:
                Error();
                break;
            default:
                StopMember(member);
                break;
        }
    }

    private void StopMember(AnthropicMember member)
    {
        switch (member)
        {
            case AnthropicMember.StopReason when IsString && !Here.IsEmpty:
                StopReason();
                break;
            case AnthropicMember.StopDetails when _reader.TokenType == JsonTokenType.StartObject:
                StopDetails();
                break;
            case AnthropicMember.StopReason or AnthropicMember.StopSequence or AnthropicMember.Envelope:
                Leaves(TextPlaces.Metadata);
                break;
            default:
                Unknown(TextPlaces.Metadata);
                break;
        }
    }

    private void StopReason()
    {
        _stopReason = ErrorWords.FinishReason(Here);
        if (_stopReason is null)
        {
            _sink.Text(TextPlaces.Metadata, 0, Here);
            _stopReason = Here.ToString();
        }
    }

    private void StopDetails()
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case AnthropicMember.Explanation:
                    Leaves(TextPlaces.Explanation);
                    break;
                case AnthropicMember.Type:
                    Leaves(TextPlaces.Metadata);
                    break;
                default:
                    Unknown(TextPlaces.Metadata);
                    break;
            }
        }
    }

    private void Vocabulary(AnthropicMember member)
    {
        if (member == AnthropicMember.Type && Here.Is("error"u8))
        {
            _shape.IsError = true;
        }
        else if (!Here.Is("message"u8) && !Here.Is("assistant"u8))
        {
            _sink.Text(TextPlaces.Metadata, -1, Here);
        }
    }

    private void Error()
    {
        _shape.IsError = true;
        _sink.Error(ErrorWords.Code(_reader, "type"u8));
        Leaves(TextPlaces.Metadata);
    }

    private readonly bool IsString => _reader.TokenType == JsonTokenType.String;

    private readonly JsonString Here => JsonString.At(in _reader);

    private bool Next(ref ulong seen, out AnthropicMember member)
    {
        member = AnthropicMember.Unknown;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        member = AnthropicMembers.Of(in _reader);
        _name = Here;
        var bit = 1UL << (int)member;
        if (member is not (AnthropicMember.Unknown or AnthropicMember.Envelope) && (seen & bit) != 0)
        {
            // One client takes the first, another the last.
            _sink.Fault(StreamFaults.DuplicateKey);
        }

        seen |= bit;
        _reader.Read();
        return true;
    }

    private void Unknown(in TextPlace place)
    {
        _sink.Text(place with { Kind = TextKind.Whole, Flags = Exchanges.SegmentFlags.Key }, Of(place), _name);
        StringLeaves.Walk(ref _reader, _sink, place, Of(place), StringLeaves.Hash(_name.Raw, 0));
    }

    // What the format makes an object.
    private void Misshapen()
    {
        _sink.Fault(StreamFaults.WrongType);
        Leaves(TextPlaces.Other);
    }

    private void Leaves(in TextPlace place) => StringLeaves.Walk(ref _reader, _sink, place, Of(place));

    // All that is no envelope belongs to the one message there is.
    private static int Of(in TextPlace place) => place.Surface == Exchanges.Surface.Metadata ? -1 : 0;
}
