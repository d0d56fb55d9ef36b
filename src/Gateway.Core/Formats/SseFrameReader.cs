using System.Buffers;

namespace Gateway.Core.Formats;

/// <summary>
/// Cuts a byte stream into server-sent event frames (WHATWG HTML, section 9.2) whatever the chunking. The raw bytes of all frames, and
/// <see cref="Remainder"/> at the end, are the input again, byte for byte. Not thread-safe; one per stream.
/// <para>
/// A frame is refused where two clients would read it in two ways: larger than the bound, or with a byte order mark at the start of any line
/// but the first (decoders that work line by line drop it, others take the field name for an unknown one).
/// </para>
/// </summary>
/// <param name="maxFrameBytes">The largest frame, in bytes; a larger one is a fault.</param>
public sealed class SseFrameReader(int maxFrameBytes = 1024 * 1024) : IFrameReader
{
    private const byte CR = (byte)'\r';
    private const byte LF = (byte)'\n';

    private byte[] _buffer = [];
    private byte[] _joined = [];
    private int _start;
    private int _end;
    private int _line;
    private int _scan;
    private bool _afterFirstLine;
    private bool _completed;

    /// <summary>Why no more frames can be read, a closed word; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the stream broke a rule; no more frames come out.</summary>
    public bool Faulted => Fault is not null;

    /// <summary>What stands after the last whole frame. Valid until the next append.</summary>
    public ReadOnlySpan<byte> Remainder => _buffer.AsSpan(_start, _end - _start);

    /// <summary>
    /// Whether the remainder holds more than line ends: at the end of a stream, a frame that never ended. Some SDKs would dispatch it and some
    /// drop it, so it must not be passed on.
    /// </summary>
    public bool HasUnfinishedFrame => Remainder.ContainsAnyExcept(CR, LF);

    /// <summary>Adds received bytes. Invalidates spans given out before.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetMemory(bytes.Length).Span);
        Advance(bytes.Length);
    }

    /// <summary>Room to receive at least <paramref name="size"/> bytes into, to save a copy; commit with <see cref="Advance"/>. Invalidates spans.</summary>
    public Memory<byte> GetMemory(int size)
    {
        if (_buffer.Length - _end < size)
        {
            MakeRoom(size);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Commits bytes received into the memory that <see cref="GetMemory"/> returned.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _end));
        _end += count;
    }

    /// <summary>Says that no more bytes come: a CR at the very end is then known to be a whole line end.</summary>
    public void Complete() => _completed = true;

    /// <summary>The next whole frame, comment-only frames and bare blank lines included. Its spans stay valid until the next append.</summary>
    public bool TryRead(out SseFrame frame)
    {
        frame = default;
        while (!Faulted && TryEndLine(out var lineLength, out var next))
        {
            var line = _buffer.AsSpan(_line, lineLength);
            var isFrameEnd = lineLength == 0;
            if (StartsWithMark(line))
            {
                isFrameEnd = !_afterFirstLine && lineLength == 3;
                Fault = _afterFirstLine ? StreamFaults.ByteOrderMark : null;
            }

            _afterFirstLine = true;
            _line = _scan = next;
            if (isFrameEnd && !Faulted)
            {
                return TryCut(out frame);
            }
        }

        CheckBound(_end - _start);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(ref _buffer);
        Return(ref _joined);
        _start = _end = _line = _scan = 0;
    }

    private bool TryCut(out SseFrame frame)
    {
        var raw = _buffer.AsSpan(_start, _line - _start);
        frame = default;
        if (!CheckBound(raw.Length))
        {
            return false;
        }

        _start = _line;
        frame = SseFields.Read(raw, ref _joined);
        return true;
    }

    // A line ends at LF, CRLF or CR. A CR that is the last byte so far may be half of a CRLF: wait, unless the line before ended with a bare
    // CR, which shows how this stream ends its lines. The LF of such a pair then starts the next frame's raw bytes, under every chunking.
    private bool TryEndLine(out int length, out int next)
    {
        length = next = 0;
        var found = _buffer.AsSpan(_scan, _end - _scan).IndexOfAny(CR, LF);
        if (found < 0)
        {
            _scan = _end;
            return false;
        }

        var at = _scan + found;
        length = at - _line;
        next = at + 1;
        if (_buffer[at] == LF || (length == 0 && EndsWithBareCR()))
        {
            return true;
        }

        if (next == _end && !_completed)
        {
            _scan = at;
            return false;
        }

        next += next < _end && _buffer[next] == LF ? 1 : 0;
        return true;
    }

    private bool EndsWithBareCR() => _line > _start && _buffer[_line - 1] == CR;

    private bool CheckBound(int length)
    {
        if (length > maxFrameBytes)
        {
            Fault ??= StreamFaults.FrameTooLarge;
        }

        return !Faulted;
    }

    private static bool StartsWithMark(ReadOnlySpan<byte> line) => line.StartsWith("\uFEFF"u8);

    private void MakeRoom(int size)
    {
        var used = _end - _start;
        var target = _buffer.Length - used >= size && _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(Math.Max(used + size, 4096));
        _buffer.AsSpan(_start, used).CopyTo(target);
        if (target != _buffer)
        {
            Return(ref _buffer);
            _buffer = target;
        }

        _line -= _start;
        _scan -= _start;
        _end = used;
        _start = 0;
    }

    private static void Return(ref byte[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        array = [];
    }
}
