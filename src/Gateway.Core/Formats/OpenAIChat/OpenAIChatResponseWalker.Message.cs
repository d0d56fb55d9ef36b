using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>The message of a choice, or its delta.</summary>
internal ref partial struct OpenAIChatResponseWalker
{
    private void Message(int choice)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            if (_reader.TokenType != JsonTokenType.Null)
            {
                MessageMember(member, choice);
            }
        }
    }

    private void MessageMember(ChatMember member, int choice)
    {
        switch (member)
        {
            case ChatMember.Content:
                Content(TextPlaces.Prose, choice);
                break;
            case ChatMember.Refusal:
                Leaves(TextPlaces.Refusal, choice);
                break;
            case ChatMember.ReasoningContent:
                Content(TextPlaces.ReasoningContent, choice);
                break;
            case ChatMember.Reasoning:
                Content(TextPlaces.Reasoning, choice);
                break;
            case ChatMember.Thinking:
                Content(TextPlaces.Thinking, choice);
                break;
            case ChatMember.Role when IsString:
                Role(choice);
                break;
            case ChatMember.ToolCalls when _reader.TokenType == JsonTokenType.StartArray:
                ToolCalls(choice);
                break;
            case ChatMember.FunctionCall when _reader.TokenType == JsonTokenType.StartObject:
                FunctionCall(choice);
                break;
            case ChatMember.ToolCalls or ChatMember.FunctionCall:
                Misshapen(choice);
                break;
            case ChatMember.Annotations or ChatMember.Context:
                Leaves(TextPlaces.Document, choice);
                break;
            default:
                NestedMember(member, choice);
                break;
        }
    }

    private void NestedMember(ChatMember member, int choice)
    {
        switch (member)
        {
            case ChatMember.ReasoningDetails when _reader.TokenType == JsonTokenType.StartArray:
                Each(choice, static (ref walker, at) => walker.ReasoningDetail(at));
                break;
            case ChatMember.Audio when _reader.TokenType == JsonTokenType.StartObject:
                Audio(choice);
                break;
            default:
                Unknown(TextPlaces.Other, choice);
                break;
        }
    }

    private void Role(int choice)
    {
        if (!Here.Is("assistant"u8))
        {
            _sink.Text(TextPlaces.Metadata, choice, Here);
        }
    }

    // A string, or an array of parts as Mistral sends them; a thinking part holds parts again.
    private void Content(in TextPlace place, int choice)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Leaves(place, choice);
            return;
        }

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                Part(place, choice);
            }
            else
            {
                Leaves(place, choice);
            }
        }
    }

    private void Part(in TextPlace place, int choice)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ChatMember.Type when IsString && (Here.Is("text"u8) || Here.Is("thinking"u8)):
                    break;
                case ChatMember.Type when IsString:
                    _sink.Text(TextPlaces.Metadata, choice, Here);
                    break;
                case ChatMember.Text or ChatMember.Content:
                    Content(place, choice);
                    break;
                case ChatMember.Refusal:
                    Leaves(TextPlaces.Refusal, choice);
                    break;
                case ChatMember.Thinking:
                    Content(TextPlaces.Thinking, choice);
                    break;
                default:
                    Unknown(TextPlaces.Other, choice);
                    break;
            }
        }
    }

    private void ReasoningDetail(int choice)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ChatMember.Text:
                    Leaves(TextPlaces.ReasoningText, choice);
                    break;
                case ChatMember.Summary:
                    Leaves(TextPlaces.ReasoningSummary, choice);
                    break;
                case ChatMember.Data:
                    Leaves(TextPlaces.Redacted, choice);
                    break;
                case ChatMember.Signature:
                    Leaves(TextPlaces.Signature, choice);
                    break;
                case ChatMember.Type or ChatMember.Id or ChatMember.Index:
                    Leaves(TextPlaces.Metadata, choice);
                    break;
                default:
                    Unknown(TextPlaces.Other, choice);
                    break;
            }
        }
    }

    private void Audio(int choice)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ChatMember.Transcript:
                    Leaves(TextPlaces.Transcript, choice);
                    break;
                case ChatMember.Data:
                    Leaves(TextPlaces.AudioData, choice);
                    break;
                case ChatMember.Id:
                    Leaves(TextPlaces.Metadata, choice);
                    break;
                default:
                    Unknown(TextPlaces.Other, choice);
                    break;
            }
        }
    }

    private delegate void Element(ref OpenAIChatResponseWalker walker, int choice);

    private void Each(int choice, Element element)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                element(ref this, choice);
            }
            else
            {
                Leaves(TextPlaces.Other, choice);
            }
        }
    }
}
