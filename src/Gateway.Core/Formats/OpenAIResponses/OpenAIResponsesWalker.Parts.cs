using System.Text.Json;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>The parts of messages and of reasoning.</summary>
internal ref partial struct OpenAIResponsesWalker
{
    private void Parts()
    {
        var start = _reader;
        _hasLogprobs = false;
        var index = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                Part(index);
            }
            else
            {
                Misshapen();
            }

            index++;
        }

        if (_hasLogprobs && _items is null)
        {
            LogprobsOf(start);
        }
    }

    private void Part(int index)
    {
        var (text, place) = PartPlace();
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ResponsesMember.Text or ResponsesMember.Refusal when member == text:
                    FullText(place, index);
                    break;
                case ResponsesMember.Type when IsString:
                    Leaves(TextPlaces.Metadata);
                    break;
                case ResponsesMember.Annotations:
                    Leaves(TextPlaces.Document);
                    break;
                case ResponsesMember.Logprobs when _reader.TokenType == JsonTokenType.StartArray:
                    PartLogprobs();
                    break;
                default:
                    Unknown(TextPlaces.Other, 0);
                    break;
            }
        }
    }

    private readonly (ResponsesMember Text, TextPlace Place) PartPlace()
    {
        var type = JsonMembers.FindString(_reader, "type"u8);
        return type.Is("output_text"u8) ? (ResponsesMember.Text, TextPlaces.Prose)
            : type.Is("refusal"u8) ? (ResponsesMember.Refusal, TextPlaces.Refusal)
            : type.Is("reasoning_text"u8) ? (ResponsesMember.Text, TextPlaces.ReasoningText)
            : type.Is("summary_text"u8) ? (ResponsesMember.Text, TextPlaces.ReasoningSummary)
            : (ResponsesMember.Unknown, TextPlaces.Other);
    }

    /// <summary>A text that stands whole: in a stream it repeats, or completes, what came in pieces.</summary>
    private void FullText(in TextPlace place, int index)
    {
        if (_items is not null && IsString)
        {
            _items.FullText(place, index, Here);
        }
        else
        {
            Leaves(place);
        }
    }

    // In a whole body the tokens must not stand among the texts, which would be read joined with them between.
    private void PartLogprobs()
    {
        if (_items is null)
        {
            var after = _reader;
            after.Read();
            _hasLogprobs |= after.TokenType != JsonTokenType.EndArray;
            _reader.Skip();
        }
        else
        {
            Logprobs(TextPlaces.Other);
        }
    }

    private void LogprobsOf(Utf8JsonReader content)
    {
        var after = _reader;
        _reader = content;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            var part = _reader;
            if (JsonMembers.TryFind(part, "logprobs"u8, out var tokens) && tokens.TokenType == JsonTokenType.StartArray)
            {
                _reader = tokens;
                Logprobs(TextPlaces.LogprobContent);
            }

            part.Skip();
            _reader = part;
        }

        _reader = after;
    }

    private void Logprobs(TextPlace place)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                Token(place);
            }
            else
            {
                Leaves(TextPlaces.Other);
            }
        }
    }

    private void Token(TextPlace place)
    {
        ulong seen = 0;
        while (Next(ref seen, out var member))
        {
            switch (member)
            {
                case ResponsesMember.Token when IsString:
                    _sink.Text(place, 0, Here);
                    break;
                case ResponsesMember.TopLogprobs when _reader.TokenType == JsonTokenType.StartArray:
                    Logprobs(TextPlaces.Alternative);
                    break;
                case ResponsesMember.Logprob when _reader.TokenType == JsonTokenType.Number:
                    break;
                case ResponsesMember.Bytes:
                    Leaves(TextPlaces.Other);
                    break;
                default:
                    Unknown(TextPlaces.Other, 0);
                    break;
            }
        }
    }
}
