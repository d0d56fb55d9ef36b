using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>
/// The table of text-bearing fields of legacy Completions answers and chunks, which have the same members, as a walk. What no case knows is output of
/// the model inside a choice, elsewhere metadata.
/// </summary>
internal ref struct OpenAICompletionsWalker
{
    private static readonly NameTable s_names = WireNames.Of<Member>();
    private static readonly TextPlace s_alternative = TextPlaces.Alternative with { Flags = SegmentFlags.Key };

    private readonly IResponseSink _sink;
    private MemberWalk _walk;
    private ChatShape _shape;

    private OpenAICompletionsWalker(ReadOnlySpan<byte> json, IResponseSink sink)
    {
        _sink = sink;
        _walk = new MemberWalk(json, s_names, sink);
    }

    // Fewer than 64: one bit each.
    private enum Member
    {
        Id,
        Object,
        Created,
        Model,
        Choices,
        Usage,
        Error,
        ServiceTier,
        SystemFingerprint,
        Index,
        Text,
        Logprobs,
        FinishReason,
        ContentFilterResults,
        Tokens,
        TokenLogprobs,
        TopLogprobs,
        TextOffset,
    }

    /// <summary>Reports all of <paramref name="json"/>, valid UTF-8, to <paramref name="sink"/>. Never throws.</summary>
    public static ChatShape Walk(ReadOnlySpan<byte> json, IResponseSink sink)
    {
        var walker = new OpenAICompletionsWalker(json, sink);
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
        if (!_walk.Open())
        {
            return;
        }

        ulong seen = 0;
        while (_walk.Next(ref seen, out var member))
        {
            RootMember((Member)member);
        }

        _walk.Close();
    }

    private void RootMember(Member member)
    {
        switch (member)
        {
            case Member.Id when _walk.IsString:
                _sink.ResponseId(_walk.Here);
                break;
            case Member.Model when _walk.IsString:
                _sink.Model(_walk.Here);
                break;
            case Member.Object when _walk.IsString:
                ObjectName();
                break;
            case Member.ServiceTier or Member.SystemFingerprint when _walk.IsString:
                _sink.Text(TextPlaces.Envelope, -1, _walk.Here, Envelope(member));
                break;
            case Member.Created when JsonMembers.TryCount(in _walk.Reader, out _shape.Created):
                break;
            case Member.Choices when _walk.Reader.TokenType == JsonTokenType.StartArray:
                Choices();
                break;
            case Member.Choices when !_walk.IsNull:
                _walk.Misshapen(-1);
                break;
            case Member.Usage:
                _shape.HasUsage = OpenAIChatResponseUsage.Read(ref _walk.Reader, _sink);
                break;
            case Member.Error when !_walk.IsNull:
                _shape.IsError = true;
                _walk.Error();
                break;
            default:
                _walk.Everything(TextPlaces.Metadata, -1);
                break;
        }
    }

    // Older vLLM sends its errors flat, marked only by this member.
    private void ObjectName()
    {
        if (_walk.Here.Is("error"u8))
        {
            _shape.IsError = true;
            _sink.Error(null);
        }
        else if (!_walk.Here.Is("text_completion"u8))
        {
            _sink.Text(TextPlaces.Envelope, -1, _walk.Here, Envelope(Member.Object));
        }
    }

    private void Choices()
    {
        _shape.HasChoices = true;
        for (var position = 0; _walk.NextItem(); position++)
        {
            _shape.Choices++;
            if (_walk.Reader.TokenType == JsonTokenType.StartObject)
            {
                Choice(position);
            }
            else
            {
                _walk.Misshapen(position);
            }
        }
    }

    private void Choice(int position)
    {
        var choice = Index(position);
        _sink.OpenChoice(choice);
        string? finish = null;
        ulong seen = 0;
        while (_walk.Next(ref seen, out var member))
        {
            if ((Member)member == Member.FinishReason && _walk.IsString)
            {
                finish = Finish(choice);
            }
            else
            {
                ChoiceMember((Member)member, choice);
            }
        }

        _sink.EndChoice(choice, finish);
    }

    private void ChoiceMember(Member member, int choice)
    {
        switch (member)
        {
            case Member.Index when _walk.Reader.TokenType == JsonTokenType.Number:
                break;
            case Member.Text:
                _walk.Leaves(TextPlaces.Prose, choice);
                break;
            case Member.Logprobs when _walk.Reader.TokenType == JsonTokenType.StartObject:
                Logprobs(choice);
                break;
            case Member.ContentFilterResults or Member.FinishReason:
                _walk.Leaves(TextPlaces.Metadata, choice);
                break;
            default:
                _walk.Everything(TextPlaces.Other, choice);
                break;
        }
    }

    private void Logprobs(int choice)
    {
        ulong seen = 0;
        while (_walk.Next(ref seen, out var member))
        {
            switch ((Member)member)
            {
                case Member.Tokens:
                    _walk.Leaves(TextPlaces.LogprobContent, choice);
                    break;
                case Member.TokenLogprobs or Member.TextOffset:
                    _walk.Leaves(TextPlaces.Other, choice);
                    break;
                case Member.TopLogprobs when _walk.Reader.TokenType == JsonTokenType.StartArray:
                    Alternatives(choice);
                    break;
                default:
                    _walk.Everything(TextPlaces.Other, choice);
                    break;
            }
        }
    }

    // One object a position, keyed by the text of the token.
    private void Alternatives(int choice)
    {
        while (_walk.NextItem())
        {
            if (_walk.Reader.TokenType != JsonTokenType.StartObject)
            {
                _walk.Leaves(TextPlaces.Alternative, choice);
                continue;
            }

            ulong seen = 0;
            while (_walk.Next(ref seen, out _))
            {
                _sink.Text(s_alternative, choice, _walk.Name);
                _walk.Leaves(TextPlaces.Alternative, choice);
            }
        }
    }

    private readonly int Index(int position)
    {
        if (!JsonMembers.TryFind(_walk.Reader, "index"u8, out var value) || value.TokenType == JsonTokenType.Null)
        {
            return position;
        }

        // Out of any range: the sink refuses it.
        return value.TokenType == JsonTokenType.Number && value.TryGetInt32(out var index) ? index : -1;
    }

    private readonly string? Finish(int choice)
    {
        var word = ErrorWords.FinishReason(_walk.Here);
        if (word is null && !_walk.Here.IsEmpty)
        {
            _sink.Text(TextPlaces.Metadata, choice, _walk.Here);
            word = _walk.Here.ToString();
        }

        return word;
    }

    private static ulong Envelope(Member member) => 64 + (ulong)member;
}
