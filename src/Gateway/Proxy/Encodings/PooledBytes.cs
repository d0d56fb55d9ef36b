using System.Buffers;

namespace Gateway.Proxy.Encodings;

/// <summary>
/// Bytes in pooled memory that grow as they come, up to <paramref name="most"/>. It never takes memory for what was only announced: each step
/// at most doubles what is really there. Disposing returns the memory; not thread-safe.
/// </summary>
internal sealed class PooledBytes(long most, int first) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(first, 1, Math.Max(1, most)));

    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>True when nothing more fits.</summary>
    public bool IsFull => Length >= most;

    /// <summary>Room for at least one more byte and never for more than <c>most</c> in all. Empty when full.</summary>
    public Memory<byte> Room()
    {
        if (Length == _buffer.Length && !IsFull)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_buffer.Length * 2L, most));
            Written.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(Length, (int)Math.Min(_buffer.Length, most) - Length);
    }

    /// <summary>Counts <paramref name="count"/> bytes that were written to <see cref="Room"/>.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Adds <paramref name="bytes"/>. False: they do not fit; then only some of them are in.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = Room().Span;
            if (room.IsEmpty)
            {
                return false;
            }

            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }

        return true;
    }

    /// <summary>Hands the memory over to a body.</summary>
    public RequestBody Detach()
    {
        var body = new RequestBody(_buffer, Length);
        _buffer = [];
        Length = 0;
        return body;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            Length = 0;
        }
    }
}
