using System.Buffers;

namespace Gateway.Core.Exchanges;

/// <summary>
/// What a format's reader found in one JSON body, request or response: segments over a text arena, tools, usage, finish reasons.
/// Arena and segment list are pooled; the owner disposes. Not thread-safe.
/// </summary>
public sealed class MessageContent : IDisposable
{
    private char[] _text = [];
    private Segment[] _segments = [];
    private int _textLength;
    private int _segmentCount;

    /// <summary>Tools declared anywhere in the body.</summary>
    public List<ToolDeclaration> Tools { get; } = [];

    /// <summary>Tool calls, in history or in a response.</summary>
    public List<ToolCall> ToolCalls { get; } = [];

    /// <summary>Finish reasons in the wire's own words, one per choice in order; null where none was given.</summary>
    public List<string?> FinishReasons { get; } = [];

    /// <summary>Usage the provider reported, if any.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>The model the body names.</summary>
    public string? Model { get; set; }

    /// <summary>The response id the provider gave.</summary>
    public string? ResponseId { get; set; }

    /// <summary>True when the body is the format's error object, whatever the status said.</summary>
    public bool IsError { get; set; }

    /// <summary>The error code or type of an error body.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>The text of an error body.</summary>
    public string? ErrorMessage { get; set; }

    /// <summary>All segments in body order.</summary>
    public ReadOnlySpan<Segment> Segments => _segments.AsSpan(0, _segmentCount);

    /// <summary>The unescaped text of all segments, one after the other.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _textLength);

    /// <summary>The unescaped text of <paramref name="segment"/>.</summary>
    public ReadOnlySpan<char> TextOf(in Segment segment) => _text.AsSpan(segment.TextStart, segment.TextLength);

    /// <summary>Room for at least <paramref name="length"/> more UTF-16 units at the end of the arena; commit with <see cref="Add"/>.</summary>
    public Span<char> Reserve(int length)
    {
        if (_text.Length - _textLength < length)
        {
            Grow(ref _text, _textLength, _textLength + length);
        }

        return _text.AsSpan(_textLength, length);
    }

    /// <summary>Adds a segment whose text was just written to the span that <see cref="Reserve"/> returned.</summary>
    public void Add(Surface surface, Trust trust, SegmentFlags flags, int group, int tokenStart, int textLength)
    {
        if (_segmentCount == _segments.Length)
        {
            Grow(ref _segments, _segmentCount, Math.Max(16, _segmentCount * 2));
        }

        _segments[_segmentCount++] = new Segment(surface, trust, flags, group, tokenStart, _textLength, textLength);
        _textLength += textLength;
    }

    /// <summary>Forgets everything read so far and keeps the buffers.</summary>
    public void Clear()
    {
        _textLength = 0;
        _segmentCount = 0;
        Tools.Clear();
        ToolCalls.Clear();
        FinishReasons.Clear();
        Usage = null;
        Model = null;
        ResponseId = null;
        IsError = false;
        ErrorCode = null;
        ErrorMessage = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(ref _text);
        Return(ref _segments);
        _textLength = 0;
        _segmentCount = 0;
    }

    private static void Grow<T>(ref T[] array, int used, int wanted)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(wanted, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        Return(ref array);
        array = larger;
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<T>.Shared.Return(array);
        }

        array = [];
    }
}
