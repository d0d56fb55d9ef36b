using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Responses;

/// <summary>
/// The running texts and tool calls of one stream. Their numbers are given out in order of appearance and are the channels of the deltas.
/// Joins a character whose two UTF-16 halves arrive in two frames.
/// </summary>
internal sealed class StreamTexts
{
    // A stream of a provider has a handful. The bound is against one that opens a channel per frame.
    private const int MaxChannels = 512;

    // A chunk has about five such members. Those beyond the bound are reported in every frame.
    private const int MaxEnvelopeMembers = 32;

    // No choice of an answer has this number.
    private const int AgainChoice = -2;

    private readonly List<(ulong Member, byte[] Text)> _envelope = [];
    private Channel[] _channels = new Channel[8];
    private readonly List<int> _again = [];
    private int _count;

    /// <summary>The frame being read.</summary>
    public StreamFrame Frame { get; private set; } = new();

    /// <summary>Where the frame's last piece of running text stood, if it was plain.</summary>
    public AppendedText Appended { get; private set; }

    /// <summary>Begins to read a frame.</summary>
    public void Begin(StreamFrame frame)
    {
        Frame = frame;
        Appended = default;
        _again.Clear();
    }

    /// <summary>Notes the first fault of the frame.</summary>
    public void Fault(string reason) => Frame.Fault ??= reason;

    /// <summary>Reports a text.</summary>
    public void Text(in TextPlace place, int choice, JsonString text, ulong variant)
    {
        if (text.IsEmpty || (place.Kind == TextKind.Envelope && !EnvelopeChanged(variant, text)))
        {
            return;
        }

        var channel = place.IsWhole ? -1 : Find(place, choice, variant);
        if (channel < 0)
        {
            Whole(DeltaKind.Whole, -1, place, text);
        }
        else
        {
            Append(DeltaKind.Append, channel, text);
        }
    }

    /// <summary>
    /// Whether a text that repeats in every frame differs from the last one of the same member. Each member has its own memory: members that shared
    /// one would look changed in every frame.
    /// </summary>
    public bool EnvelopeChanged(ulong member, JsonString text)
    {
        for (var i = 0; i < _envelope.Count && !Frame.EveryText; i++)
        {
            if (_envelope[i].Member == member)
            {
                if (text.Raw.SequenceEqual(_envelope[i].Text))
                {
                    return false;
                }

                _envelope[i] = (member, text.Raw.ToArray());
                return true;
            }
        }

        if (_envelope.Count < MaxEnvelopeMembers && !Frame.EveryText)
        {
            _envelope.Add((member, text.Raw.ToArray()));
        }

        return true;
    }

    /// <summary>
    /// Reports a text that was given in pieces once more, for guards that may change it. What one frame repeats is read joined, until
    /// <see cref="EndAgain"/>.
    /// </summary>
    public void Again(in TextPlace place, JsonString text)
    {
        var channel = Find(place, AgainChoice, 0);
        if (channel < 0)
        {
            return;
        }

        Append(DeltaKind.AppendAgain, channel, text);
        if (!_again.Contains(channel))
        {
            _again.Add(channel);
        }
    }

    /// <summary>The frame repeats nothing more: the next one begins anew.</summary>
    public void EndAgain()
    {
        foreach (var channel in _again)
        {
            if (!_channels[channel].Ended)
            {
                End(channel);
                _channels[channel].Ended = false;
            }
        }
    }

    /// <summary>Reports the arguments of the call on <paramref name="channel"/> once more, whole.</summary>
    public void ToolAgain(int channel, JsonString text, bool isText)
    {
        var copy = Add(_channels[channel].Place, AgainChoice, (ulong)_count);
        if (copy >= 0)
        {
            ToolArguments(copy, text, isText);
            End(copy);
        }
    }

    /// <summary>Opens a tool call; returns its channel, or -1 after a fault.</summary>
    public int OpenTool(int choice, JsonString name, SegmentFlags flags)
    {
        var place = new TextPlace(TextKind.ToolCall, Surface.ToolArguments, Trust.Model, flags);
        var channel = Add(place, choice, (ulong)_count);
        if (channel >= 0)
        {
            Whole(DeltaKind.ToolOpen, channel, place, name);
        }

        return channel;
    }

    /// <summary>Adds to the arguments of the call on <paramref name="channel"/>: JSON text, or free text.</summary>
    public void ToolArguments(int channel, JsonString text, bool isText = false) =>
        Append(isText ? DeltaKind.ToolText : DeltaKind.ToolArguments, channel, text);

    /// <summary>Ends the tool call, or the running text, on <paramref name="channel"/>.</summary>
    public void End(int channel)
    {
        ref var state = ref _channels[channel];
        if (state.HighHalf != 0)
        {
            state.HighHalf = '\0';
            Fault(StreamFaults.LoneSurrogate);
        }

        state.Ended = true;
        var kind = state.Place.Kind == TextKind.ToolCall ? DeltaKind.ToolComplete : DeltaKind.ChannelEnd;
        Frame.Add(kind, channel, state.Place.Surface, state.Place.Trust, 0, state.Place.Flags);
    }

    /// <summary>Ends everything of choice <paramref name="choice"/> that is still running; everything at all for null.</summary>
    public void EndAll(int? choice)
    {
        for (var i = 0; i < _count; i++)
        {
            if (!_channels[i].Ended && (choice is null || _channels[i].Choice == choice))
            {
                End(i);
            }
        }
    }

    private void Append(DeltaKind kind, int channel, JsonString text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        ref var state = ref _channels[channel];
        if (state.Ended)
        {
            Fault(StreamFaults.AfterFinish);
        }

        var room = Frame.Reserve(text.MaxLength + 1);
        var lead = 0;
        if (state.HighHalf != 0)
        {
            room[lead++] = state.HighHalf;
            state.HighHalf = '\0';
        }

        var joined = lead > 0 || text.Escaped;
        Appended = joined ? default : new AppendedText(text.TokenStart + 1, text.Raw.Length);
        var length = lead + text.Decode(room[lead..]);
        if (joined)
        {
            length = HoldBackHalf(room[..length], ref state.HighHalf);
        }

        var trail = state.HighHalf != 0 ? 1 : 0;
        if (length + trail > 0)
        {
            var token = new TextToken(text.TokenStart, text.IsValue, (byte)lead, (byte)trail);
            Frame.Add(kind, channel, state.Place.Surface, state.Place.Trust, length, state.Place.Flags, token);
        }
    }

    private int HoldBackHalf(ReadOnlySpan<char> text, ref char half)
    {
        if (char.IsHighSurrogate(text[^1]))
        {
            half = text[^1];
            text = text[..^1];
        }

        if (Surrogates.HasLone(text))
        {
            Fault(StreamFaults.LoneSurrogate);
        }

        return text.Length;
    }

    private void Whole(DeltaKind kind, int channel, in TextPlace place, JsonString text)
    {
        var room = Frame.Reserve(text.MaxLength);
        var length = text.Decode(room);
        if (text.Escaped && Surrogates.HasLone(room[..length]))
        {
            Fault(StreamFaults.LoneSurrogate);
        }

        Frame.Add(kind, channel, place.Surface, place.Trust, length, place.Flags, new TextToken(text.TokenStart, text.IsValue));
    }

    private int Find(in TextPlace place, int choice, ulong variant)
    {
        for (var i = 0; i < _count; i++)
        {
            ref readonly var channel = ref _channels[i];
            if (channel.Place.Kind == place.Kind && channel.Choice == choice && (place.Kind != TextKind.Other || channel.Variant == variant))
            {
                return i;
            }
        }

        return Add(place, choice, variant);
    }

    private int Add(in TextPlace place, int choice, ulong variant)
    {
        if (_count == MaxChannels)
        {
            Fault(StreamFaults.TooManyItems);
            return -1;
        }

        if (_count == _channels.Length)
        {
            Array.Resize(ref _channels, _count * 2);
        }

        _channels[_count] = new Channel { Place = place, Choice = choice, Variant = variant };
        return _count++;
    }

    private struct Channel
    {
        public TextPlace Place;
        public int Choice;
        public ulong Variant;
        public char HighHalf;
        public bool Ended;
    }
}
