using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Gemini;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Formats.OpenAIResponses;
using Gateway.Core.Tests.Formats.Responses;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>A stream read to its end the way the gateway does it: no further than a terminator, a provider's error or a fault.</summary>
internal sealed class StreamRun
{
    private readonly SortedDictionary<int, (StreamDelta First, StringBuilder Text)> _channels = [];
    private readonly StreamFrame _frame = new();

    public StreamRun(IStreamReader reader) => Reader = reader;

    public IStreamReader Reader { get; }

    public List<(StreamDelta Delta, string Text)> Deltas { get; } = [];

    public List<string> Finishes { get; } = [];

    public List<string> Raw { get; } = [];

    public List<StreamPosition> Positions { get; } = [];

    public List<int> Withheld { get; } = [];

    public TokenUsage? Usage { get; private set; }

    public string? Model { get; private set; }

    public string? ResponseId { get; private set; }

    public string? Fault { get; private set; }

    public string? ErrorCode { get; private set; }

    public bool IsTerminal { get; private set; }

    public bool IsProviderError { get; private set; }

    public bool HasUnfinishedFrame { get; private set; }

    public bool HasEnded => IsTerminal || IsProviderError || Fault is not null;

    public static ExchangeRequest Request(bool wantsUsage = true, int choices = 2, StreamFraming framing = StreamFraming.Events) =>
        new() { Body = default, Model = "asked-model", ClientWantsStreamUsage = wantsUsage, ChoiceCount = choices, Framing = framing };

    public static StreamRun Chat(string stream, bool wantsUsage = true, int choices = 2) =>
        new StreamRun(new OpenAIChatStreamReader(Request(wantsUsage, choices))).Feed(Encoding.UTF8.GetBytes(stream));

    public static StreamRun Anthropic(string stream) => new StreamRun(new AnthropicStreamReader(Request())).Feed(Encoding.UTF8.GetBytes(stream));

    public static StreamRun Responses(string stream) => new StreamRun(new OpenAIResponsesStreamReader(Request())).Feed(Encoding.UTF8.GetBytes(stream));

    public static StreamRun Golden(string file) => new StreamRun(ReaderFor(file)).Feed(GoldenAnswers.Bytes(file));

    public static StreamRun Completions(string stream, bool wantsUsage = true, int choices = 2) =>
        new StreamRun(SampleFormats.Of("openai-completions.").CreateStreamReader(Request(wantsUsage, choices))).Feed(Encoding.UTF8.GetBytes(stream));

    public static IStreamReader ReaderFor(string file) => SampleFormats.Of(file).CreateStreamReader(Request(framing: FramingOf(file)));

    public static StreamRun Gemini(string stream, StreamFraming framing = StreamFraming.Events, int choices = 2) =>
        new StreamRun(new GeminiStreamReader(Request(choices: choices, framing: framing))).Feed(Encoding.UTF8.GetBytes(stream));

    private static StreamFraming FramingOf(string file) =>
        file.EndsWith(".json", StringComparison.Ordinal) ? StreamFraming.JsonArray : StreamFraming.Events;

    public StreamRun Feed(ReadOnlySpan<byte> bytes)
    {
        using var frames = Reader.CreateFrames();
        frames.Append(bytes);
        frames.Complete();
        while (!HasEnded && frames.TryRead(out var sse))
        {
            Reader.Read(sse, _frame);
            Raw.Add(Encoding.UTF8.GetString(sse.Raw));
            Positions.Add(Reader.Position);
            Take();
        }

        HasUnfinishedFrame = !HasEnded && frames.HasUnfinishedFrame;
        Fault ??= HasEnded ? null : frames.Fault;
        IsTerminal |= !HasEnded && Reader.MayEnd && !HasUnfinishedFrame;
        return this;
    }

    /// <summary>Texts as they came together: one entry for a channel, one for a whole text.</summary>
    public IEnumerable<(StreamDelta Delta, string Text)> Texts() => _channels.Values.Select(one => (one.First, one.Text.ToString()))
        .Concat(Deltas.Where(one => one.Delta.Kind == DeltaKind.Whole));

    /// <summary>The running text on the given surface.</summary>
    public string Text(Surface surface) => string.Concat(Texts().Where(one => one.Delta.Surface == surface && one.Delta.Kind == DeltaKind.Append).Select(one => one.Text));

    /// <summary>Calls by channel: name, arguments, whether complete, whether the provider has run it.</summary>
    public IReadOnlyList<(string Name, string Arguments, bool Complete, bool ProviderSide)> Calls() =>
        [.. Deltas.Where(one => one.Delta.Kind == DeltaKind.ToolOpen).Select(open => (
            open.Text,
            string.Concat(Deltas.Where(one => one.Delta.Kind == DeltaKind.ToolArguments && one.Delta.Channel == open.Delta.Channel).Select(one => one.Text)),
            Deltas.Count(one => one.Delta.Kind == DeltaKind.ToolComplete && one.Delta.Channel == open.Delta.Channel) == 1,
            open.Delta.Flags.HasFlag(SegmentFlags.ProviderSide)))];

    public bool Holds(string marker) => Texts().Any(one => one.Text.Contains(marker, StringComparison.Ordinal))
        || Deltas.Any(one => one.Text.Contains(marker, StringComparison.Ordinal));

    private void Take()
    {
        foreach (var delta in _frame.Deltas)
        {
            var text = _frame.TextOf(delta).ToString();
            Deltas.Add((delta, text));
            if (delta.Kind == DeltaKind.Append)
            {
                if (!_channels.TryGetValue(delta.Channel, out var channel))
                {
                    _channels[delta.Channel] = channel = (delta, new StringBuilder());
                }

                channel.Text.Append(text);
            }
        }

        if (_frame.FinishReason is not null)
        {
            Finishes.Add(_frame.FinishReason);
        }

        if (_frame.Withhold)
        {
            Withheld.Add(Raw.Count - 1);
        }

        Usage = _frame.Usage ?? Usage;
        Model = _frame.Model ?? Model;
        ResponseId = _frame.ResponseId ?? ResponseId;
        Fault ??= _frame.Fault;
        ErrorCode ??= _frame.ErrorCode;
        IsTerminal |= _frame.IsTerminal;
        IsProviderError |= _frame.IsProviderError;
    }
}
