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
internal sealed class StreamChannels(
    ContentRuleSet rules, GuardMode mode, Action<Finding> report, StreamRedactions redactions, AnswerOverrides overrides)
{
    /// <summary>The longest running text, in UTF-16 units: more than any answer, and far from where positions overflow.</summary>
    private const int LongestText = 1 << 30;

    /// <summary>The most running texts and tool calls of one stream; more is a fault (a client could ask for any number to exhaust memory).</summary>
    private const int MostChannels = 4096;

    private readonly Dictionary<int, StreamChannel> _channels = [];
    private readonly List<Barrier> _barriers = [];
    private StreamChannel? _last;
    private int _lastId;
    private int _lane;

    /// <summary>Where the running texts of the last frame read stand in it; only where a guard redacts.</summary>
    public List<(ChannelPlace Place, TextToken Token)> Places { get; } = [];

    /// <summary>The edits of texts of the last frame read that stand for themselves.</summary>
    public List<(TextToken Token, List<TextEdit> Edits)> WholeEdits { get; } = [];

    /// <summary>What the last frame read has to wait for.</summary>
    public IReadOnlyCollection<Barrier> Barriers => _barriers;

    /// <summary>Whether the last frame read has nothing to wait for.</summary>
    public bool FrameIsSafe => _barriers.Count == 0;

    /// <summary>UTF-16 units read.</summary>
    public long InspectedText { get; private set; }

    /// <summary>Text that was given to the content rules.</summary>
    public TextCounts Scanned { get; } = new();

    /// <summary>The tools called; null: none.</summary>
    public ToolNames? CalledTools { get; private set; }

    /// <summary>Why the stream cannot be followed any more.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the pieces of a frame; takes its lane back where it would tear a running text apart.</summary>
    public void Read(StreamFrame frame)
    {
        _barriers.Clear();
        Places.Clear();
        WholeEdits.Clear();
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
            channel.IsOver = true;
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
        overrides.Text(delta.Surface, delta.Trust, text.Length);
        switch (delta.Kind)
        {
            case DeltaKind.Whole:
                ScanWhole(text, delta.Surface);
                RedactWhole(delta, text);
                break;
            case DeltaKind.Append:
            case DeltaKind.AppendAgain:
                if (Open(delta) is { } running)
                {
                    Append(running, delta, text);
                }

                break;
            case DeltaKind.ToolOpen:
                ScanWhole(text, delta.Surface);
                RedactWhole(delta, text);
                Hold(delta, []);
                Name(delta, text.ToString());
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
    private static void KeepTogether(StreamChannel channel, StreamFrame frame)
    {
        if (channel.Lane == frame.Lane)
        {
            return;
        }

        if (channel.Lane == StreamFrame.AnyOrder || frame.Lane == StreamFrame.AnyOrder)
        {
            // A frame of comments passes others: none of the comments before its own may then stand in one of those.
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

    private void Append(StreamChannel channel, in StreamDelta delta, ReadOnlySpan<char> text)
    {
        Extend(channel, delta, text);
        if (channel.Scanner is { } scanner && !text.IsEmpty)
        {
            scanner.Feed(text);
            Scanned.Add(channel.Surface, delta.Kind == DeltaKind.AppendAgain ? 0 : text.Length);
            ReportNew(channel, scanner);
        }

        // Half a character waits for the other half: a stream cut between the two would leave the client with half of it.
        var end = channel.Length + delta.Token.Trail;
        if (channel.SafePosition < end)
        {
            _barriers.Add(new Barrier(delta.Channel, end));
        }
    }

    private void Extend(StreamChannel channel, in StreamDelta delta, ReadOnlySpan<char> text)
    {
        if (redactions.Any)
        {
            var (token, start) = (delta.Token, channel.Length + delta.Token.Lead);
            channel.IsFixed |= !token.IsKnown && !text.IsEmpty;
            Places.Add((new ChannelPlace(channel, start, text.Length - token.Lead + token.Trail, 0, token.IsValue, token.Trail != 0), token));
            if (channel.Tool is null)
            {
                channel.Redact(redactions, text);
            }
        }

        channel.Length += text.Length;
        if (channel.Length > LongestText)
        {
            Fault = "too_much_text";
        }
    }

    // The name of a tool is a word of the request, not text that may be rewritten.
    private void RedactWhole(in StreamDelta delta, ReadOnlySpan<char> text)
    {
        if (redactions.Any && !text.IsEmpty)
        {
            var editable = delta.Token.IsKnown && delta.Kind == DeltaKind.Whole;
            var edits = redactions.Whole(text, delta.Surface, delta.Trust, delta.Flags, editable);
            if (edits.Count > 0)
            {
                WholeEdits.Add((delta.Token, edits));
            }
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
        Extend(channel, delta, text);
        _barriers.Add(new Barrier(delta.Channel, long.MaxValue));
    }

    // A name is enough for most overrides, and nothing of the call has been released.
    private void Name(in StreamDelta delta, string name)
    {
        (CalledTools ??= new ToolNames()).Add(name);
        overrides.Call(name, arguments: null, IsProviderSide(delta.Flags));
        if (_channels.TryGetValue(delta.Channel, out var channel))
        {
            channel.ToolName = name;
        }
    }

    private static bool IsProviderSide(SegmentFlags flags) => (flags & SegmentFlags.ProviderSide) != 0;

    private StreamChannel? Open(in StreamDelta delta)
    {
        // Almost every piece of a stream continues the one before.
        if (_last is not null && _lastId == delta.Channel)
        {
            return _last;
        }

        return _last = Find(delta);
    }

    private StreamChannel? Find(in StreamDelta delta)
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

        var here = rules.For(delta.Surface);
        channel = new StreamChannel
        {
            Surface = delta.Surface,
            Trust = delta.Trust,
            Flags = delta.Flags,
            Lane = _lane,
            Rules = here,
            Scanner = here?.Patterns.CreateScanner(),
        };
        _channels.Add(delta.Channel, channel);
        return channel;
    }

    private void Complete(StreamChannel channel)
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
        else
        {
            channel.EndRedaction(redactions);
            if (channel.Scanner is not { } scanner)
            {
                return;
            }

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
    private void Judge(string arguments, StreamChannel channel)
    {
        if (channel.ToolName is { } name)
        {
            overrides.Call(name, arguments, IsProviderSide(channel.Flags));
        }

        using var content = new MessageContent();
        var isJson = !channel.IsFreeText && arguments.Length > 0 && ToolArgumentsReader.TryRead(arguments, content);
        if (!isJson && !channel.IsFreeText && arguments.Length > 0 && mode == GuardMode.Enforce)
        {
            Fault = "tool_arguments";
            return;
        }

        ScanWhole(arguments, channel.Surface);
        ContentScan.Run(content, default, rules, report);
        if (redactions.Any)
        {
            Redact(arguments, isJson, channel);
        }
    }

    private void Redact(string arguments, bool isJson, StreamChannel channel)
    {
        var edits = isJson
            ? ToolArgumentsRedaction.Run(arguments, channel, redactions)
            : redactions.Whole(arguments, channel.Surface, channel.Trust, channel.Flags, channel.IsEditable);
        if (edits is null)
        {
            Fault = StreamInspector.RedactionFailed;
            return;
        }

        channel.Edit(edits);
    }

    private void ScanWhole(ReadOnlySpan<char> text, Surface surface)
    {
        if (rules.For(surface) is not { } here || text.IsEmpty)
        {
            return;
        }

        Span<PatternMatch> matches = here.Rules.Length <= 64 ? stackalloc PatternMatch[here.Rules.Length] : new PatternMatch[here.Rules.Length];
        var count = here.Patterns.MatchesAny(text, matches);
        Scanned.Add(surface, text.Length);
        for (var i = 0; i < count; i++)
        {
            report(ContentScan.ToFinding(here.Rules[matches[i].Pattern], surface, null, matches[i]));
        }
    }

    private void ReportNew(StreamChannel channel, PatternScanner scanner)
    {
        for (; channel.Reported < scanner.Matches.Length; channel.Reported++)
        {
            var match = scanner.Matches[channel.Reported];
            report(ContentScan.ToFinding(channel.Rules!.Rules[match.Pattern], channel.Surface, null, match));
        }
    }
}
