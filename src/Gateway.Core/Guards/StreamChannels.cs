using System.Text;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>
/// The running texts and tool calls of one stream, each under its channel, and what of them is still undecided. Running text is matched as it
/// comes; a tool call is collected and judged whole.
/// </summary>
internal sealed class StreamChannels(ContentRuleSet rules, GuardMode mode, Action<Finding> report)
{
    /// <summary>The most running texts and tool calls of one stream; more is a fault (a client could ask for any number to exhaust memory).</summary>
    private const int MostChannels = 4096;

    private readonly Dictionary<int, Channel> _channels = [];
    private readonly List<Barrier> _barriers = [];
    private Channel? _last;
    private int _lastId;
    private int _lane;

    /// <summary>What the last frame read has to wait for.</summary>
    public IReadOnlyCollection<Barrier> Barriers => _barriers;

    /// <summary>Whether the last frame read has nothing to wait for.</summary>
    public bool FrameIsSafe => _barriers.Count == 0;

    /// <summary>Whether the last frame read goes on with a text that stands in frames of <see cref="StreamFrame.AnyOrder"/> too.</summary>
    public bool FrameFollowsLoose { get; private set; }

    /// <summary>UTF-16 units read.</summary>
    public long InspectedText { get; private set; }

    /// <summary>Why the stream cannot be followed any more.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the pieces of a frame; takes its lane back where it would tear a running text apart.</summary>
    public void Read(StreamFrame frame)
    {
        _barriers.Clear();
        FrameFollowsLoose = false;
        _lane = frame.Lane;
        foreach (var delta in frame.Deltas)
        {
            Read(delta, frame.TextOf(delta));
            if (_last is not null && delta.Channel == _lastId)
            {
                KeepTogether(_last, frame);
            }
        }
    }

    /// <summary>The stream is over: what is still open is judged as it stands.</summary>
    public void CompleteAll()
    {
        foreach (var channel in _channels.Values)
        {
            Complete(channel);
        }

        _barriers.Clear();
    }

    /// <summary>Whether nothing in <paramref name="barriers"/> is undecided any more.</summary>
    public bool AreSafe(IReadOnlyList<Barrier> barriers)
    {
        foreach (var barrier in barriers)
        {
            if (_channels[barrier.Channel].SafePosition < barrier.Position)
            {
                return false;
            }
        }

        return true;
    }

    private void Read(in StreamDelta delta, ReadOnlySpan<char> text)
    {
        InspectedText += delta.Kind == DeltaKind.AppendAgain ? 0 : text.Length;
        switch (delta.Kind)
        {
            case DeltaKind.Whole:
                ScanWhole(text, delta.Surface);
                break;
            case DeltaKind.Append:
            case DeltaKind.AppendAgain:
                if (Open(delta) is { } running)
                {
                    Append(running, delta.Channel, text);
                }

                break;
            case DeltaKind.ToolOpen:
                ScanWhole(text, delta.Surface);
                Hold(delta, []);
                break;
            case DeltaKind.ToolArguments:
            case DeltaKind.ToolText:
                Hold(delta, text);
                break;
            case DeltaKind.ToolComplete:
            case DeltaKind.ChannelEnd:
                if (_channels.TryGetValue(delta.Channel, out var ended))
                {
                    Complete(ended);
                }

                break;
        }
    }

    /// <summary>
    /// Text is judged in the order in which it is read, so the client must get it in that order: a running text belongs to one lane, and a frame of
    /// another lane that goes on with it keeps its place.
    /// </summary>
    private void KeepTogether(Channel channel, StreamFrame frame)
    {
        if (channel.Lane == frame.Lane)
        {
            return;
        }

        if (channel.Lane == StreamFrame.AnyOrder || frame.Lane == StreamFrame.AnyOrder)
        {
            FrameFollowsLoose |= channel.Lane == StreamFrame.AnyOrder;
            channel.Lane = frame.Lane = StreamFrame.InOrder;
        }
        else if (channel.Lane == StreamFrame.InOrder)
        {
            channel.Lane = frame.Lane;
        }
        else
        {
            frame.Lane = StreamFrame.InOrder;
        }
    }

    private void Append(Channel channel, int id, ReadOnlySpan<char> text)
    {
        if (channel.Scanner is not { } scanner || text.IsEmpty)
        {
            return;
        }

        scanner.Feed(text);
        ReportNew(channel, scanner);
        if (scanner.SafePosition < scanner.Position)
        {
            _barriers.Add(new Barrier(id, channel.Before + scanner.Position));
        }
    }

    private void Hold(in StreamDelta delta, ReadOnlySpan<char> text)
    {
        if (Open(delta) is not { } channel)
        {
            return;
        }

        channel.Tool ??= new StringBuilder();
        channel.IsFreeText |= delta.Kind == DeltaKind.ToolText;
        channel.Tool.Append(text);
        _barriers.Add(new Barrier(delta.Channel, long.MaxValue));
    }

    private Channel? Open(in StreamDelta delta)
    {
        // Almost every piece of a stream continues the one before.
        if (_last is not null && _lastId == delta.Channel)
        {
            return _last;
        }

        return _last = Find(delta);
    }

    private Channel? Find(in StreamDelta delta)
    {
        _lastId = delta.Channel;
        if (_channels.TryGetValue(delta.Channel, out var channel))
        {
            return channel;
        }

        if (_channels.Count == MostChannels)
        {
            Fault = "too_many_channels";
            return null;
        }

        channel = new Channel { Surface = delta.Surface, Lane = _lane, Rules = rules.For(delta.Surface) };
        channel.Scanner = channel.Rules?.Patterns.CreateScanner();
        _channels.Add(delta.Channel, channel);
        return channel;
    }

    private void Complete(Channel channel)
    {
        if (channel.Ended)
        {
            return;
        }

        if (channel.Tool is { } tool)
        {
            channel.Ended = true;
            Judge(tool.ToString(), channel);
        }
        else if (channel.Scanner is { } scanner)
        {
            scanner.Complete();
            ReportNew(channel, scanner);
            channel.Before += scanner.Position;
            channel.Reported = 0;
            scanner.Reset();
        }
    }

    /// <summary>
    /// Arguments that are not JSON, or that two parsers could read in two ways, are not released: two official helpers turn them into an empty
    /// object and run the tool with nothing.
    /// </summary>
    private void Judge(string arguments, Channel channel)
    {
        using var content = new MessageContent();
        if (!channel.IsFreeText && arguments.Length > 0 && !ToolArgumentsReader.TryRead(arguments, content) && mode == GuardMode.Enforce)
        {
            Fault = "tool_arguments";
            return;
        }

        ScanWhole(arguments, channel.Surface);
        ContentScan.Run(content, default, rules, report);
    }

    private void ScanWhole(ReadOnlySpan<char> text, Surface surface)
    {
        if (rules.For(surface) is not { } here || text.IsEmpty)
        {
            return;
        }

        Span<PatternMatch> matches = here.Rules.Length <= 64 ? stackalloc PatternMatch[here.Rules.Length] : new PatternMatch[here.Rules.Length];
        var count = here.Patterns.MatchesAny(text, matches);
        for (var i = 0; i < count; i++)
        {
            report(ContentScan.ToFinding(here.Rules[matches[i].Pattern], surface, null, matches[i]));
        }
    }

    private void ReportNew(Channel channel, PatternScanner scanner)
    {
        for (; channel.Reported < scanner.Matches.Length; channel.Reported++)
        {
            var match = scanner.Matches[channel.Reported];
            report(ContentScan.ToFinding(channel.Rules!.Rules[match.Pattern], channel.Surface, null, match));
        }
    }

    private sealed class Channel
    {
        public required Surface Surface { get; init; }

        public SurfaceRules? Rules { get; init; }

        public int Lane { get; set; }

        public PatternScanner? Scanner { get; set; }

        public StringBuilder? Tool { get; set; }

        public bool IsFreeText { get; set; }

        public bool Ended { get; set; }

        public int Reported { get; set; }

        /// <summary>Length of the text that came before the scanner was last reset: positions count from the start of the channel.</summary>
        public long Before { get; set; }

        public long SafePosition => Tool is not null ? (Ended ? long.MaxValue : 0) : Before + Scanner?.SafePosition ?? long.MaxValue;
    }
}
