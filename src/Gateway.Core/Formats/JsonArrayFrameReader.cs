using System.Buffers;

namespace Gateway.Core.Formats;

/// <summary>
/// Cuts a JSON array of objects, sent element by element, into frames: what stands before an element and the element, at last what stands before the
/// closing bracket and the bracket. Only the array is read here; whether an element is JSON is for its reader to say.
/// </summary>
/// <param name="maxFrameBytes">The largest frame, in bytes; a larger one is a fault.</param>
public sealed class JsonArrayFrameReader(int maxFrameBytes = 1024 * 1024) : IFrameReader
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _scan;
    private int _element;
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private Place _place;

    private enum Place : byte
    {
        BeforeArray,
        BeforeFirst,
        BeforeElement,
        Element,
        AfterElement,
        AfterArray,
    }

    /// <inheritdoc/>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public bool HasUnfinishedFrame => _place != Place.AfterArray || _buffer.AsSpan(_start, _end - _start).ContainsAnyExcept(" \t\r\n"u8);

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
        {
            MakeRoom(bytes.Length);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <inheritdoc/>
    public void Complete()
    {
    }

    /// <inheritdoc/>
    public bool TryRead(out SseFrame frame)
    {
        frame = default;
        while (Fault is null && _scan < _end)
        {
            var value = _buffer[_scan++];
            if (_place == Place.Element ? EndsElement(value) : EndsArray(value))
            {
                return TryCut(out frame);
            }
        }

        CheckBound();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        _start = _end = _scan = 0;
    }

    private bool EndsElement(byte value)
    {
        if (_inString)
        {
            _inString = _escaped || value != '"';
            _escaped = !_escaped && value == '\\';
            return false;
        }

        _inString = value == '"';
        _depth += value is (byte)'{' or (byte)'[' ? 1 : value is (byte)'}' or (byte)']' ? -1 : 0;
        return _depth == 0;
    }

    private bool EndsArray(byte value)
    {
        if (value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            return false;
        }

        var next = (_place, value) switch
        {
            (Place.BeforeArray, (byte)'[') => Place.BeforeFirst,
            (Place.BeforeFirst or Place.BeforeElement, (byte)'{') => Place.Element,
            (Place.AfterElement, (byte)',') => Place.BeforeElement,
            (Place.BeforeFirst or Place.AfterElement, (byte)']') => Place.AfterArray,
            _ => _place,
        };
        if (next == _place)
        {
            Fault = _place == Place.AfterArray ? StreamFaults.AfterTerminator : StreamFaults.NotJson;
            return false;
        }

        _place = next;
        _element = _scan - 1;
        _depth = 1;
        return next == Place.AfterArray;
    }

    private bool TryCut(out SseFrame frame)
    {
        frame = default;
        if (!CheckBound())
        {
            return false;
        }

        var raw = _buffer.AsSpan(_start, _scan - _start);
        var isElement = _place == Place.Element;
        frame = new SseFrame(raw, default, isElement ? raw[(_element - _start)..] : default, isElement);
        _place = isElement ? Place.AfterElement : _place;
        _start = _scan;
        return true;
    }

    private bool CheckBound()
    {
        if (_scan - _start > maxFrameBytes)
        {
            Fault ??= StreamFaults.FrameTooLarge;
        }

        return Fault is null;
    }

    private void MakeRoom(int size)
    {
        var used = _end - _start;
        var target = _buffer.Length - used >= size && _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(Math.Max(used + size, 4096));
        _buffer.AsSpan(_start, used).CopyTo(target);
        if (target != _buffer && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = target;
        _element -= _start;
        _scan -= _start;
        _end = used;
        _start = 0;
    }
}
