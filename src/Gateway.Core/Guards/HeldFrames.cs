using System.Buffers;
using System.Collections.Immutable;
using Gateway.Core.Formats;

namespace Gateway.Core.Guards;

/// <summary>A frame must wait until the text of <paramref name="Channel"/> is safe up to <paramref name="Position"/>, or its tool call is whole.</summary>
internal readonly record struct Barrier(int Channel, long Position);

/// <summary>A frame that is held back.</summary>
internal readonly record struct HeldFrame(int Length, StreamPosition Position, ImmutableArray<Barrier> Barriers);

/// <summary>The frames held back, first in, first out. Empty for almost all of a stream's life.</summary>
internal sealed class HeldFrames
{
    private readonly Queue<HeldFrame> _frames = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _start;

    public int Count => _frames.Count;

    public int Bytes => _bytes.WrittenCount - _start;

    public HeldFrame First => _frames.Peek();

    public ReadOnlySpan<byte> FirstBytes => _bytes.WrittenSpan.Slice(_start, First.Length);

    public void Add(ReadOnlySpan<byte> raw, StreamPosition position, IReadOnlyCollection<Barrier> barriers)
    {
        _bytes.Write(raw);
        _frames.Enqueue(new HeldFrame(raw.Length, position, [.. barriers]));
    }

    public void RemoveFirst()
    {
        _start += _frames.Dequeue().Length;
        if (_frames.Count == 0)
        {
            Clear();
        }
    }

    public void Clear()
    {
        _frames.Clear();
        _bytes.ResetWrittenCount();
        _start = 0;
    }
}
