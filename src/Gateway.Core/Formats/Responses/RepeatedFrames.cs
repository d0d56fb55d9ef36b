using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Responses;

/// <summary>Where a running text stood in the bytes of a frame, for <see cref="RepeatedFrames"/>.</summary>
/// <param name="Start">Offset of the text in the frame's data.</param>
/// <param name="Length">Its length in bytes; 0: nothing that can be repeated.</param>
internal readonly record struct AppendedText(int Start, int Length);

/// <summary>
/// Reads a frame that repeats the one before byte for byte but for one piece of running text, as almost all frames of a stream do, without
/// parsing it again. Equal bytes around one plain JSON string mean equal JSON, so what is found is what the parser would find. Whatever differs
/// in any other way goes to the parser, and the parser's next plain frame becomes the model. Texts that stand for themselves are reported with the
/// model only: the guards have seen these very bytes.
/// </summary>
internal sealed class RepeatedFrames
{
    /// <summary>What cannot stand in a JSON string without an escape, and the escape itself.</summary>
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private byte[] _frame = [];
    private int _length;
    private int _textStart;
    private int _textEnd;
    private StreamDelta _delta;
    private int _lane;

    /// <summary>Reads <paramref name="raw"/> into <paramref name="frame"/>, which is empty. False: it is another kind of frame.</summary>
    public bool TryRead(ReadOnlySpan<byte> raw, StreamFrame frame)
    {
        if (_length == 0)
        {
            return false;
        }

        var after = _frame.AsSpan(_textEnd, _length - _textEnd);
        if (raw.Length <= _textStart + after.Length || !raw.StartsWith(_frame.AsSpan(0, _textStart)) || !raw.EndsWith(after))
        {
            return false;
        }

        var text = raw[_textStart..^after.Length];
        if (text.ContainsAny(NotPlain)
            || Utf8.ToUtf16(text, frame.Reserve(text.Length), out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            return false;
        }

        frame.Add(_delta.Kind, _delta.Channel, _delta.Surface, _delta.Trust, length, _delta.Flags, _delta.Token);
        frame.IsMeaningful = true;
        frame.Lane = _lane;
        return true;
    }

    /// <summary>Takes the frame that was just parsed as the model of those to come, if it holds one piece of running text and nothing else.</summary>
    public void Learn(in SseFrame sse, StreamFrame frame, AppendedText text)
    {
        _length = 0;
        var isPlain = frame is { Fault: null, FinishReason: null, Usage: null, IsTerminal: false, IsProviderError: false, Withhold: false };
        if (!isPlain || text.Length == 0 || OnlyRunningText(frame) is not { } delta || !sse.Raw.Overlaps(sse.Data, out var dataStart))
        {
            return;
        }

        if (_frame.Length < sse.Raw.Length)
        {
            _frame = new byte[sse.Raw.Length];
        }

        sse.Raw.CopyTo(_frame);
        _length = sse.Raw.Length;
        _textStart = dataStart + text.Start;
        _textEnd = _textStart + text.Length;
        _delta = delta;
        _lane = frame.Lane;
    }

    private static StreamDelta? OnlyRunningText(StreamFrame frame)
    {
        StreamDelta? running = null;
        foreach (var delta in frame.Deltas)
        {
            if (delta.Kind == DeltaKind.Append && running is null)
            {
                running = delta;
            }
            else if (delta.Kind != DeltaKind.Whole || frame.EveryText)
            {
                return null;
            }
        }

        return running;
    }
}
