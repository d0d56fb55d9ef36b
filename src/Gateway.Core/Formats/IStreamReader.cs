using System.Buffers;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats;

/// <summary>Reads the frames of one streamed response in order. Stateful, one per attempt, not thread-safe.</summary>
public interface IStreamReader
{
    /// <summary>What the client would have seen if every frame read so far had been released; goes back in to <see cref="WriteCut"/>.</summary>
    StreamPosition Position { get; }

    /// <summary>Reads one frame into <paramref name="frame"/>, which it clears first. Never throws for any input.</summary>
    void Read(in SseFrame sse, StreamFrame frame);

    /// <summary>
    /// Writes the end of a stream of which the client has seen everything up to <paramref name="released"/>: an error that the official SDKs
    /// raise on, or a refusal that completes normally.
    /// </summary>
    void WriteCut(in CutNotice notice, StreamPosition released, IBufferWriter<byte> output);

    /// <summary>Bytes that keep a connection alive and that every SDK ignores at this point of the stream.</summary>
    ReadOnlySpan<byte> KeepAlive { get; }

    /// <summary>
    /// Whether the format has event names and the reader answers for them: each is a word of the format or was reported. Where it does not, names
    /// are read as text that the model could have written.
    /// </summary>
    bool AnswersForEventNames => false;

    /// <summary>
    /// Whether the stream may end after what was read so far, without a terminator. Only a format that has none says so, and only once the answer
    /// says of itself that it is finished.
    /// </summary>
    bool MayEnd => false;

    /// <summary>A reader that cuts this stream's bytes into frames.</summary>
    IFrameReader CreateFrames() => new SseFrameReader();
}

/// <summary>How far a stream has come, as far as its ending depends on it. The meaning of the members is the format's own.</summary>
/// <param name="Started">Whether the first event of the format was read.</param>
/// <param name="OpenBlock">The index of the content block that is open, or -1.</param>
/// <param name="Choices">One more than the highest choice index seen.</param>
/// <param name="Blocks">Number of blocks seen.</param>
public readonly record struct StreamPosition(bool Started, int OpenBlock, int Choices, int Blocks)
{
    /// <summary>Nothing was read.</summary>
    public static StreamPosition None => new(false, -1, 0, 0);
}

/// <summary>What a piece of a frame is.</summary>
public enum DeltaKind : byte
{
    /// <summary>The next piece of a running text: joined with what came before on the same channel.</summary>
    Append,

    /// <summary>The next piece of a running text that was given already, joined in another way: judged like any text, counted once.</summary>
    AppendAgain,

    /// <summary>A text that stands for itself and arrives whole.</summary>
    Whole,

    /// <summary>A tool call opens on the channel; the text is the tool's name.</summary>
    ToolOpen,

    /// <summary>The next piece of a tool call's arguments, raw JSON text.</summary>
    ToolArguments,

    /// <summary>The next piece of the input of a tool that takes free text.</summary>
    ToolText,

    /// <summary>The tool call on the channel is whole.</summary>
    ToolComplete,

    /// <summary>The running text on the channel has ended.</summary>
    ChannelEnd,
}

/// <summary>
/// Where the text of a piece stands in the data of its frame, for a guard that replaces part of it. Unknown (the default): it cannot be replaced.
/// </summary>
/// <param name="Start">Offset, in the frame's data, of the opening quote of the JSON string, or of the JSON value. 0: unknown.</param>
/// <param name="IsValue">The text is a JSON value as it stands, not what a JSON string spells.</param>
/// <param name="Lead">1 where the piece begins with half a character that an earlier frame's string ended with; else 0.</param>
/// <param name="Trail">1 where the string ends with half a character that a later piece will begin with; else 0.</param>
public readonly record struct TextToken(int Start, bool IsValue = false, byte Lead = 0, byte Trail = 0)
{
    /// <summary>Whether the place is known.</summary>
    public bool IsKnown => Start > 0;
}

/// <summary>
/// One piece of a frame. <paramref name="Channel"/> identifies the running text or the tool call within the stream: texts that the client
/// would show one after the other share a channel, so a phrase cannot hide in the seam of two blocks. A piece that belongs to no running
/// text has channel -1. <paramref name="Flags"/> mean what they mean on a <see cref="Segment"/>.
/// </summary>
public readonly record struct StreamDelta(
    DeltaKind Kind,
    int Channel,
    Surface Surface,
    Trust Trust,
    int TextStart,
    int TextLength,
    SegmentFlags Flags = SegmentFlags.None,
    TextToken Token = default);

/// <summary>What one SSE frame carries. Reused for every frame of a stream.</summary>
public sealed class StreamFrame
{
    /// <summary>The <see cref="Lane"/> of a frame that keeps its place among all others. The default.</summary>
    public const int InOrder = -1;

    /// <summary>
    /// The <see cref="Lane"/> of a frame that means nothing to any client wherever it comes: it may pass all frames but its own kind, and they it.
    /// </summary>
    public const int AnyOrder = int.MaxValue;

    private char[] _text = new char[1024];
    private int _textLength;

    /// <summary>The pieces, in order.</summary>
    public List<StreamDelta> Deltas { get; } = [];

    /// <summary>
    /// Frames of one lane keep their order; frames of different lanes (0 and up) may pass each other while one waits for a verdict. A reader sets a
    /// lane only where every official client reads the same answer in either order, and where the frame does not change its
    /// <see cref="IStreamReader.Position"/>.
    /// </summary>
    public int Lane { get; set; } = InOrder;

    /// <summary>
    /// Set by whoever owns the frame: every text of every frame is wanted, those that repeat unchanged in each frame too, because a guard may
    /// change them. Survives <see cref="Clear"/>.
    /// </summary>
    public bool EveryText { get; init; }

    /// <summary>Usage so far, when the frame reports it.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>The model the provider names.</summary>
    public string? Model { get; set; }

    /// <summary>The response id the provider gives.</summary>
    public string? ResponseId { get; set; }

    /// <summary>The finish reason, in the wire's own word, when the frame carries one.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The frame is the format's terminator: nothing that follows may reach the client.</summary>
    public bool IsTerminal { get; set; }

    /// <summary>The frame is the provider's error: the stream has failed.</summary>
    public bool IsProviderError { get; set; }

    /// <summary>The provider's error code or type.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>The frame exists only because the gateway asked for it (usage) and is not passed on.</summary>
    public bool Withhold { get; set; }

    /// <summary>Why the frame cannot be understood, one of the closed reasons; the stream is cut.</summary>
    public string? Fault { get; set; }

    /// <summary>True when the frame carries anything besides comments and keep-alives.</summary>
    public bool IsMeaningful { get; set; }

    /// <summary>The text of a piece.</summary>
    public ReadOnlySpan<char> TextOf(in StreamDelta delta) => _text.AsSpan(delta.TextStart, delta.TextLength);

    /// <summary>Room for <paramref name="length"/> UTF-16 units; commit with <see cref="Add"/>.</summary>
    public Span<char> Reserve(int length)
    {
        if (_text.Length - _textLength < length)
        {
            Array.Resize(ref _text, Math.Max(_textLength + length, _text.Length * 2));
        }

        return _text.AsSpan(_textLength, length);
    }

    /// <summary>Adds a piece whose text was just written to the span that <see cref="Reserve"/> returned.</summary>
    public void Add(DeltaKind kind, int channel, Surface surface, Trust trust, int textLength, SegmentFlags flags = SegmentFlags.None, TextToken token = default)
    {
        Deltas.Add(new StreamDelta(kind, channel, surface, trust, _textLength, textLength, flags, token));
        _textLength += textLength;
    }

    /// <summary>Adds a piece without text, or with the text given.</summary>
    public void Add(DeltaKind kind, int channel, Surface surface, Trust trust, ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        Add(kind, channel, surface, trust, text.Length);
    }

    /// <summary>Makes the frame empty.</summary>
    public void Clear()
    {
        _textLength = 0;
        Deltas.Clear();
        Lane = InOrder;
        Usage = null;
        Model = null;
        ResponseId = null;
        FinishReason = null;
        IsTerminal = false;
        IsProviderError = false;
        ErrorCode = null;
        Withhold = false;
        Fault = null;
        IsMeaningful = false;
    }
}
