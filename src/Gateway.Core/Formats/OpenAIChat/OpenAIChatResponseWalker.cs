using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>What the top level of an answer or a chunk held.</summary>
internal struct ChatShape
{
    public bool HasChoices;
    public int Choices;
    public bool HasUsage;
    public bool IsError;
    public long Created;
}

/// <summary>
/// The table of text-bearing fields of Chat Completions answers and chunks, dialects included, as a walk: every string leaf is reported, those
/// that no case knows inside a choice as output of the model, elsewhere as metadata.
/// </summary>
internal ref partial struct OpenAIChatResponseWalker
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly IResponseSink _sink;
    private readonly ChatMember _message;
    private Utf8JsonReader _reader;
    private JsonString _name;
    private ChatShape _shape;

    private OpenAIChatResponseWalker(ReadOnlySpan<byte> json, bool chunk, IResponseSink sink)
    {
        _json = json;
        _sink = sink;
        _message = chunk ? ChatMember.Delta : ChatMember.Message;
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>Reports all of <paramref name="json"/>, valid UTF-8, to <paramref name="sink"/>. Never throws.</summary>
    public static ChatShape Walk(ReadOnlySpan<byte> json, bool chunk, IResponseSink sink)
    {
        var walker = new OpenAIChatResponseWalker(json, chunk, sink);
        try
        {
            walker.Root();
        }
        catch (JsonException)
        {
            sink.Fault(StreamFaults.NotJson);
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that a property name holds half a surrogate pair.
            sink.Fault(StreamFaults.LoneSurrogate);
        }

        return walker._shape;
    }

    private void Root()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _sink.Fault(StreamFaults.NotAnObject);
            return;
        }

        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            RootMember(member);
        }

        // Throws where anything follows the object.
        _reader.Read();
    }

    private void RootMember(ChatMember member)
    {
        switch (member)
        {
            case ChatMember.Id when IsString:
                _sink.ResponseId(Here);
                break;
            case ChatMember.Model when IsString:
                _sink.Model(Here);
                break;
            case ChatMember.Object when IsString:
                ObjectName();
                break;
            case ChatMember.ServiceTier or ChatMember.SystemFingerprint when IsString:
                _sink.Text(TextPlaces.Envelope, -1, Here, (ulong)member);
                break;
            case ChatMember.Created when JsonMembers.TryCount(in _reader, out _shape.Created):
                break;
            case ChatMember.Choices when _reader.TokenType == JsonTokenType.StartArray:
                Choices();
                break;
            case ChatMember.Choices when _reader.TokenType != JsonTokenType.Null:
                Misshapen(-1);
                break;
            case ChatMember.Usage:
                _shape.HasUsage = OpenAIChatResponseUsage.Read(ref _reader, _sink);
                break;
            case ChatMember.Error when _reader.TokenType != JsonTokenType.Null:
                Error();
                break;
            default:
                Unknown(TextPlaces.Metadata, -1);
                break;
        }
    }

    // Older vLLM sends its errors flat, marked only by this member.
    private void ObjectName()
    {
        if (Here.Is("error"u8))
        {
            _shape.IsError = true;
            _sink.Error(null);
        }
        else if (!Here.Is("chat.completion.chunk"u8) && !Here.Is("chat.completion"u8))
        {
            _sink.Text(TextPlaces.Envelope, -1, Here, (ulong)ChatMember.Object);
        }
    }

    private void Error()
    {
        _shape.IsError = true;
        _sink.Error(ErrorWords.Code(_reader, "code"u8) ?? ErrorWords.Code(_reader, "type"u8));
        StringLeaves.Walk(ref _reader, _sink, TextPlaces.Metadata, -1);
    }

    private void Choices()
    {
        _shape.HasChoices = true;
        var position = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _shape.Choices++;
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                Choice(position);
            }
            else
            {
                Misshapen(position);
            }

            position++;
        }
    }

    private void Choice(int position)
    {
        var choice = Index(position);
        _sink.OpenChoice(choice);
        string? finish = null;
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            if (member == ChatMember.FinishReason && IsString)
            {
                finish = Finish(choice);
            }
            else
            {
                ChoiceMember(member, choice);
            }
        }

        _sink.EndChoice(choice, finish);
    }

    private void ChoiceMember(ChatMember member, int choice)
    {
        switch (member)
        {
            case ChatMember.Index when _reader.TokenType == JsonTokenType.Number:
                break;
            case ChatMember.Delta or ChatMember.Message when member == _message && _reader.TokenType == JsonTokenType.StartObject:
                Message(choice);
                break;
            case ChatMember.Logprobs when _reader.TokenType == JsonTokenType.StartObject:
                Logprobs(choice);
                break;
            case ChatMember.Delta or ChatMember.Message when member == _message && _reader.TokenType != JsonTokenType.Null:
                Misshapen(choice);
                break;
            case ChatMember.Envelope or ChatMember.FinishReason:
                StringLeaves.Walk(ref _reader, _sink, TextPlaces.Metadata, choice);
                break;
            default:
                Unknown(TextPlaces.Other, choice);
                break;
        }
    }

    private int Index(int position)
    {
        if (!JsonMembers.TryFind(_reader, "index"u8, out var value) || value.TokenType == JsonTokenType.Null)
        {
            return position;
        }

        // Out of any range: the sink refuses it.
        return value.TokenType == JsonTokenType.Number && value.TryGetInt32(out var index) ? index : -1;
    }

    private string? Finish(int choice)
    {
        var word = ErrorWords.FinishReason(Here);
        if (word is null && !Here.IsEmpty)
        {
            _sink.Text(TextPlaces.Metadata, choice, Here);
            word = Here.ToString();
        }

        return word;
    }

    private readonly bool IsString => _reader.TokenType == JsonTokenType.String;

    private readonly JsonString Here => JsonString.At(in _reader);

    private bool Next(ref ulong seen, out ChatMember member)
    {
        member = ChatMember.Unknown;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        member = ChatMembers.Of(in _reader);
        _name = Here;
        var bit = 1UL << (int)member;
        if (member is not (ChatMember.Unknown or ChatMember.Envelope) && (seen & bit) != 0)
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
    private void Misshapen(int choice)
    {
        _sink.Fault(StreamFaults.WrongType);
        Leaves(TextPlaces.Other, choice);
    }

    private void Leaves(in TextPlace place, int choice) => StringLeaves.Walk(ref _reader, _sink, place, choice);
}
