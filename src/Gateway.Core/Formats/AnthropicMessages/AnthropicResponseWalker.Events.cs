using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>The names of the stream's events; those of the data's <c>type</c> too.</summary>
internal static class AnthropicEvents
{
    public const string MessageStart = "message_start";
    public const string BlockStart = "content_block_start";
    public const string BlockDelta = "content_block_delta";
    public const string BlockStop = "content_block_stop";
    public const string MessageDelta = "message_delta";
    public const string MessageStop = "message_stop";
    public const string Ping = "ping";
    public const string Error = "error";
    public const string Other = "";

    public static string Of(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content_block_delta"u8) ? BlockDelta
        : name.SequenceEqual("content_block_start"u8) ? BlockStart
        : name.SequenceEqual("content_block_stop"u8) ? BlockStop
        : name.SequenceEqual("message_start"u8) ? MessageStart
        : name.SequenceEqual("message_delta"u8) ? MessageDelta
        : name.SequenceEqual("message_stop"u8) ? MessageStop
        : name.SequenceEqual("ping"u8) ? Ping
        : name.SequenceEqual("error"u8) ? Error : Other;
}

/// <summary>The events of a stream.</summary>
internal ref partial struct AnthropicResponseWalker
{
    /// <summary>
    /// Reports the data of one event to <paramref name="blocks"/>. Clients go by the event's name or by the data's type, so the two must be the
    /// same. Never throws.
    /// </summary>
    public static void WalkEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, AnthropicStreamBlocks blocks)
    {
        var walker = new AnthropicResponseWalker(json, blocks, blocks.Tokens, blocks) { _eventName = name };
        walker.Guarded(AnthropicEvents.Of(name));
    }

    private void Event(string type)
    {
        if (!JsonMembers.FindString(_reader, "type"u8).Is(_eventName))
        {
            _sink.Fault(StreamFaults.EventTypeMismatch);
        }

        Begin(type);
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            EventMember(type, member);
        }

        End(type);
    }

    private readonly void Begin(string type)
    {
        switch (type)
        {
            case AnthropicEvents.MessageStart:
                _blocks!.StartMessage();
                break;
            case AnthropicEvents.BlockStart:
                JsonMembers.TryFind(_reader, "content_block"u8, out var block);
                _blocks!.StartBlock(Index(), BlockKinds.Of(JsonMembers.FindString(block, "type"u8)));
                break;
            case AnthropicEvents.BlockDelta:
                _blocks!.CheckOpen(Index());
                break;
            case AnthropicEvents.BlockStop:
                _blocks!.StopBlock(Index());
                break;
            default:
                break;
        }
    }

    private readonly void End(string type)
    {
        switch (type)
        {
            case AnthropicEvents.MessageStart:
                _blocks!.CountBlocks(_shape.Blocks);
                break;
            case AnthropicEvents.MessageDelta:
                _blocks!.EndChoice(0, _stopReason);
                break;
            case AnthropicEvents.MessageStop:
                _blocks!.StopMessage();
                break;
            case AnthropicEvents.Error when !_shape.IsError:
                _blocks!.Error(null);
                break;
            default:
                break;
        }
    }

    private void EventMember(string type, AnthropicMember member)
    {
        var isObject = _reader.TokenType == JsonTokenType.StartObject;
        switch (member)
        {
            case AnthropicMember.Type when IsString:
                UnknownType(type == AnthropicEvents.Other);
                break;
            case AnthropicMember.Message or AnthropicMember.ContentBlock or AnthropicMember.Delta when !isObject && type != AnthropicEvents.Other:
                Misshapen();
                break;
            case AnthropicMember.Index when _reader.TokenType == JsonTokenType.Number:
                break;
            case AnthropicMember.Message when isObject && type == AnthropicEvents.MessageStart:
                Message();
                break;
            case AnthropicMember.ContentBlock when isObject && type == AnthropicEvents.BlockStart:
                Block(_blocks!.OpenKind);
                break;
            case AnthropicMember.Delta when isObject && type == AnthropicEvents.BlockDelta:
                Delta();
                break;
            case AnthropicMember.Delta when isObject && type == AnthropicEvents.MessageDelta:
                Message();
                break;
            case AnthropicMember.Usage or AnthropicMember.Error:
                MessageMember(member);
                break;
            default:
                Unknown(type is AnthropicEvents.Other or AnthropicEvents.BlockStart or AnthropicEvents.BlockDelta ? TextPlaces.Other : TextPlaces.Metadata);
                break;
        }
    }

    private void Delta()
    {
        var type = JsonMembers.FindString(_reader, "type"u8);
        var delta = type.Is("text_delta"u8) ? AnthropicMember.Text
            : type.Is("input_json_delta"u8) ? AnthropicMember.PartialJson
            : type.Is("thinking_delta"u8) ? AnthropicMember.Thinking
            : type.Is("signature_delta"u8) ? AnthropicMember.Signature
            : type.Is("citations_delta"u8) ? AnthropicMember.Citation
            : AnthropicMember.Unknown;
        _blocks!.CheckDelta(delta);
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            if (member == AnthropicMember.Type && IsString)
            {
                UnknownType(delta == AnthropicMember.Unknown);
            }
            else
            {
                DeltaMember(member == delta ? member : AnthropicMember.Unknown);
            }
        }
    }

    private readonly void UnknownType(bool isUnknown)
    {
        if (isUnknown)
        {
            _sink.Text(TextPlaces.Metadata, -1, Here);
        }
    }

    private void DeltaMember(AnthropicMember member)
    {
        switch (member)
        {
            case AnthropicMember.Text:
                Leaves(TextPlaces.Prose);
                break;
            case AnthropicMember.PartialJson when IsString:
                _sink.ToolArguments(Here);
                break;
            case AnthropicMember.Thinking:
                Leaves(TextPlaces.Thinking);
                break;
            case AnthropicMember.Signature:
                Leaves(TextPlaces.Signature);
                break;
            case AnthropicMember.Citation:
                Leaves(TextPlaces.Document);
                break;
            default:
                Unknown(TextPlaces.Other);
                break;
        }
    }

    private readonly int Index() =>
        JsonMembers.TryFind(_reader, "index"u8, out var value) && value.TokenType == JsonTokenType.Number && value.TryGetInt32(out var index)
            ? index
            : -1;
}
