using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>What a body was.</summary>
internal struct ResponsesShape
{
    public bool HasOutput;
    public bool IsError;
}

/// <summary>
/// The table of text-bearing fields of Responses answers and events, as a walk: every string leaf is reported, those that no case knows inside an
/// item as output of the model, elsewhere as metadata.
/// </summary>
internal ref partial struct OpenAIResponsesWalker
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly IResponseSink _sink;
    private readonly OpenAIResponsesStreamItems? _items;
    private Utf8JsonReader _reader;
    private JsonString _name;
    private ResponsesShape _shape;
    private string? _status;
    private string? _reason;
    private Utf8JsonReader _output;
    private bool _hasLogprobs;
    private bool _isNamed;
    private ReadOnlySpan<byte> _eventName;
    private ulong _variant;
    private int _index;
    private int _part;

    private OpenAIResponsesWalker(ReadOnlySpan<byte> json, IResponseSink sink, OpenAIResponsesStreamItems? items)
    {
        _json = json;
        _sink = sink;
        _items = items;
        _reader = new Utf8JsonReader(json);
    }

    private delegate void Step(ref OpenAIResponsesWalker walker);

    /// <summary>Reports all of a whole body, valid UTF-8, to <paramref name="sink"/>. Never throws.</summary>
    public static ResponsesShape Walk(ReadOnlySpan<byte> json, IResponseSink sink)
    {
        var walker = new OpenAIResponsesWalker(json, sink, items: null);
        walker.Guarded(static (ref walker) => walker.Body());
        return walker._shape;
    }

    private void Guarded(Step walk)
    {
        try
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                _sink.Fault(StreamFaults.NotAnObject);
                return;
            }

            walk(ref this);

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

    private void Body()
    {
        _shape.HasOutput = JsonMembers.TryFind(_reader, "output"u8, out _);
        Response();
        if (_shape.HasOutput)
        {
            _sink.EndChoice(0, Finish());
        }
    }

    /// <summary>The response object: the answer and an echo of the request.</summary>
    private void Response()
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            ResponseMember(member);
        }
    }

    private void ResponseMember(ResponsesMember member)
    {
        switch (member)
        {
            case ResponsesMember.Id when IsString:
                _sink.ResponseId(Here);
                break;
            case ResponsesMember.Model when IsString:
                _sink.Model(Here);
                break;
            case ResponsesMember.Object when IsString:
                ObjectName();
                break;
            case ResponsesMember.Output when _reader.TokenType == JsonTokenType.StartArray:
                _output = _reader;
                Output();
                break;
            case ResponsesMember.Output when _reader.TokenType != JsonTokenType.Null:
                Misshapen();
                break;
            case ResponsesMember.Usage:
                OpenAIResponsesUsage.Read(ref _reader, _sink);
                break;
            case ResponsesMember.Error when _reader.TokenType != JsonTokenType.Null:
                Error();
                break;
            case ResponsesMember.Status when IsString:
                _status = Here.ToString();
                Echo(TextPlaces.Metadata);
                break;
            case ResponsesMember.IncompleteDetails:
                _reason = JsonMembers.FindString(_reader, "reason"u8) is { IsEmpty: false } reason ? reason.ToString() : null;
                Echo(TextPlaces.Metadata);
                break;
            default:
                EchoMember(member);
                break;
        }
    }

    private void EchoMember(ResponsesMember member)
    {
        switch (member)
        {
            case ResponsesMember.Instructions:
                Echo(ResponsesPlaces.Instructions);
                break;
            case ResponsesMember.Tools:
                DeclareTools();
                Echo(ResponsesPlaces.Tools);
                break;
            case ResponsesMember.Text:
                Echo(ResponsesPlaces.Tools);
                break;
            case ResponsesMember.CreatedAt when _reader.TokenType == JsonTokenType.Number:
                _items?.CreatedAt(in _reader);
                break;
            default:
                Echo(TextPlaces.Metadata, isUnknown: member == ResponsesMember.Unknown);
                break;
        }
    }

    /// <summary>A member that a stream repeats in several events: what the guards have seen, byte for byte, they need not see again.</summary>
    private void Echo(in TextPlace place, bool isUnknown = false)
    {
        var start = (int)_reader.TokenStartIndex;
        var after = _reader;
        after.Skip();
        if (_items?.IsRepeat(_name, _json[start..(int)after.BytesConsumed]) == true)
        {
            _reader = after;
            return;
        }

        if (isUnknown)
        {
            _sink.Text(TextPlaces.Key, -1, _name);
        }

        StringLeaves.Walk(ref _reader, _sink, place, -1);
    }

    // Older vLLM sends its errors flat, marked only by this member.
    private void ObjectName()
    {
        if (Here.Is("error"u8))
        {
            _shape.IsError = true;
            _sink.Error(null);
        }
        else if (!Here.Is("response"u8))
        {
            Echo(TextPlaces.Metadata);
        }
    }

    // A run that failed is an answer all the same; without one the body is the API's error object.
    private void Error()
    {
        if (!_shape.HasOutput && _items is null)
        {
            _shape.IsError = true;
            _sink.Error(ErrorWords.Code(_reader, "code"u8) ?? ErrorWords.Code(_reader, "type"u8));
        }

        StringLeaves.Walk(ref _reader, _sink, TextPlaces.Metadata, -1);
    }

    private readonly string? Finish() => _reason is null || _status != "incomplete" ? _status : $"incomplete:{_reason}";

    private readonly bool IsString => _reader.TokenType == JsonTokenType.String;

    private readonly JsonString Here => JsonString.At(in _reader);

    private bool Next(ref ulong seen, out ResponsesMember member)
    {
        member = ResponsesMember.Unknown;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        member = ResponsesMembers.Of(in _reader);
        _name = Here;
        var bit = 1UL << (int)member;
        if (member != ResponsesMember.Unknown && (seen & bit) != 0)
        {
            // One client takes the first, another the last.
            _sink.Fault(StreamFaults.DuplicateKey);
        }

        seen |= bit;
        _reader.Read();
        return true;
    }

    private void Unknown(in TextPlace place, int choice)
    {
        _sink.Text(TextPlaces.Key, choice, _name);
        StringLeaves.Walk(ref _reader, _sink, place, choice, StringLeaves.Hash(_name.Raw, 0));
    }

    // What the format makes an array or an object. Script clients index an object {"0":…} like an array, others fail.
    private void Misshapen()
    {
        _sink.Fault(StreamFaults.WrongType);
        Leaves(TextPlaces.Other);
    }

    // All that stands in items belongs to the one answer there is: metadata between two texts must not part them.
    private void Leaves(in TextPlace place) => StringLeaves.Walk(ref _reader, _sink, place, 0);
}
