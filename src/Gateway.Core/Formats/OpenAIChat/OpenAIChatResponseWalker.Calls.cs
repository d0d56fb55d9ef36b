using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Tool calls and token probabilities of a choice.</summary>
internal ref partial struct OpenAIChatResponseWalker
{
    /// <summary>The index under which the legacy <c>function_call</c> is kept; the wire's own indices are not negative.</summary>
    public const int LegacyCall = int.MinValue;

    private void ToolCalls(int choice)
    {
        var position = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                ToolCall(choice, position);
            }
            else
            {
                Misshapen(choice);
            }

            position++;
        }
    }

    private void ToolCall(int choice, int position)
    {
        _sink.OpenTool(new ToolStart { Choice = choice, Index = Index(position), Id = JsonMembers.FindString(_reader, "id"u8), Name = CallName() });
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ChatMember.Index when _reader.TokenType == JsonTokenType.Number:
                    break;
                case ChatMember.Type when IsString && (Here.Is("function"u8) || Here.Is("custom"u8)):
                    break;
                case ChatMember.Id or ChatMember.Type:
                    Leaves(TextPlaces.Metadata, choice);
                    break;
                case ChatMember.Function or ChatMember.Custom when _reader.TokenType == JsonTokenType.StartObject:
                    Call(choice, isText: member == ChatMember.Custom);
                    break;
                case ChatMember.Function or ChatMember.Custom when _reader.TokenType != JsonTokenType.Null:
                    Misshapen(choice);
                    break;
                default:
                    Unknown(TextPlaces.Other, choice);
                    break;
            }
        }

        // A call that is both would be run under the name that this gateway did not judge.
        const ulong Both = (1UL << (int)ChatMember.Function) | (1UL << (int)ChatMember.Custom);
        if ((seen & Both) == Both)
        {
            _sink.Fault(StreamFaults.DuplicateKey);
        }

        _sink.CloseTool();
    }

    private void FunctionCall(int choice)
    {
        _sink.OpenTool(new ToolStart { Choice = choice, Index = LegacyCall, Name = JsonMembers.FindString(_reader, "name"u8) });
        Call(choice, isText: false);
        _sink.CloseTool();
    }

    private readonly JsonString CallName() =>
        JsonMembers.TryFind(_reader, "function"u8, out var call) || JsonMembers.TryFind(_reader, "custom"u8, out call)
            ? JsonMembers.FindString(call, "name"u8)
            : default;

    private void Call(int choice, bool isText)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ChatMember.Name when IsString || _reader.TokenType == JsonTokenType.Null:
                    break;
                case ChatMember.Arguments or ChatMember.Input when IsString:
                    _sink.ToolArguments(Here, isText);
                    break;
                case ChatMember.Arguments or ChatMember.Input when _reader.TokenType == JsonTokenType.Null:
                    break;
                case ChatMember.Arguments or ChatMember.Input:
                    ToolInput();
                    break;
                default:
                    Unknown(TextPlaces.Other, choice);
                    break;
            }
        }
    }

    private void ToolInput()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        _sink.ToolInput(_json[start..(int)_reader.BytesConsumed], start);
    }

    private void Logprobs(int choice)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ChatMember.Content when _reader.TokenType == JsonTokenType.StartArray:
                    Each(choice, static (ref walker, at) => walker.Token(TextPlaces.LogprobContent, at));
                    break;
                case ChatMember.Refusal when _reader.TokenType == JsonTokenType.StartArray:
                    Each(choice, static (ref walker, at) => walker.Token(TextPlaces.LogprobRefusal, at));
                    break;
                case ChatMember.Content or ChatMember.Refusal when _reader.TokenType == JsonTokenType.Null:
                    break;
                default:
                    Unknown(TextPlaces.Other, choice);
                    break;
            }
        }
    }

    private void Token(TextPlace place, int choice)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ChatMember.Token when IsString:
                    _sink.Text(place, choice, Here);
                    break;
                case ChatMember.TopLogprobs when _reader.TokenType == JsonTokenType.StartArray:
                    Each(choice, static (ref walker, at) => walker.Token(TextPlaces.Alternative, at));
                    break;
                case ChatMember.Logprob when _reader.TokenType == JsonTokenType.Number:
                    break;
                case ChatMember.Bytes:
                    Leaves(TextPlaces.Other, choice);
                    break;
                default:
                    Unknown(TextPlaces.Other, choice);
                    break;
            }
        }
    }
}
