using System.Buffers;
using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;

namespace Gateway.Core.Guards;

/// <summary>A frame must wait until the text of <paramref name="Channel"/> is safe up to <paramref name="Position"/>, or its tool call is whole.</summary>
internal readonly record struct Barrier(int Channel, long Position);

/// <summary>A frame that is held back.</summary>
internal sealed record HeldFrame(byte[] Rented, int Length, StreamPosition Position, ImmutableArray<Barrier> Barriers)
{
    public ReadOnlySpan<byte> Bytes => Rented.AsSpan(0, Length);

    public int Lane { get; init; }

    /// <summary>Where its texts stand, for edits that are certain only when it goes.</summary>
    public FramePlaces Places { get; init; } = FramePlaces.None;

    /// <summary>The text it carries, by surface.</summary>
    public ImmutableArray<(Surface Surface, int Units)> Texts { get; init; } = [];

    public long Sequence { get; init; }
}

/// <summary>
/// The frames held back. Those of one lane leave in order; those of different lanes can pass each other where the caller says so, but never one that
/// keeps its place (<see cref="StreamFrame.InOrder"/>), which passes none either. Empty for almost all of a stream's life.
/// </summary>
/// <remarks>
/// Only the first frame of each lane is ever looked at: a stream that makes many frames wait must not make each of them cost time again with
/// each chunk. Everything behind a frame that keeps its place waits unsorted.
/// </remarks>
internal sealed class HeldFrames
{
    /// <summary>What a frame costs besides its bytes: without it a stream of blank lines could hold millions.</summary>
    private const int Overhead = 64;

    private readonly List<(int Lane, Queue<HeldFrame> Frames)> _lanes = [];
    private readonly Queue<HeldFrame> _behind = new();
    private long _sequence;
    private int _open;
    private bool _sealed;

    public int Count { get; private set; }

    /// <summary>Bytes held, with a charge for each frame.</summary>
    public int Bytes { get; private set; }

    /// <summary>The frame that has waited longest.</summary>
    public HeldFrame First
    {
        get
        {
            Refill();
            return _lanes.Where(lane => lane.Frames.Count > 0).Select(lane => lane.Frames.Peek()).MinBy(frame => frame.Sequence)!;
        }
    }

    public void Add(
        ReadOnlySpan<byte> raw,
        int lane,
        StreamPosition position,
        IReadOnlyCollection<Barrier> barriers,
        FramePlaces places,
        ImmutableArray<(Surface Surface, int Units)> texts)
    {
        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        raw.CopyTo(rented);
        Count++;
        Bytes += raw.Length + Overhead;
        Place(new HeldFrame(rented, raw.Length, position, [.. barriers]) 
        {
            Lane = lane,
            Places = places,
            Texts = texts,
            Sequence = _sequence++,
        });
    }

    /// <summary>
    /// The next frame to go: in order the one that has waited longest, if it is safe; where <paramref name="mayPass"/>, the first one of any lane that
    /// is. Give it back with <see cref="Return"/>.
    /// </summary>
    public HeldFrame? TryTake(bool mayPass, Func<HeldFrame, bool> isSafe)
    {
        Refill();
        Queue<HeldFrame>? chosen = null;
        foreach (var (_, frames) in _lanes)
        {
            if (frames.TryPeek(out var head)
                && (chosen is null || head.Sequence < chosen.Peek().Sequence)
                && (!mayPass || isSafe(head)))
            {
                chosen = frames;
            }
        }

        return chosen is not null && (mayPass || isSafe(chosen.Peek())) ? Take(chosen) : null;
    }

    /// <summary>Gives the memory of a frame back.</summary>
    public static void Return(HeldFrame frame) => ArrayPool<byte>.Shared.Return(frame.Rented);

    public void Clear()
    {
        foreach (var frame in _lanes.SelectMany(lane => lane.Frames).Concat(_behind))
        {
            Return(frame);
        }

        _lanes.Clear();
        _behind.Clear();
        (Count, Bytes, _open, _sealed) = (0, 0, 0, false);
    }

    private void Place(HeldFrame frame)
    {
        if (frame.Lane != StreamFrame.AnyOrder && (_behind.Count > 0 || _sealed || (frame.Lane == StreamFrame.InOrder && _open > 0)))
        {
            _behind.Enqueue(frame);
        }
        else
        {
            Open(frame);
        }
    }

    private void Open(HeldFrame frame)
    {
        var frames = _lanes.Find(lane => lane.Lane == frame.Lane).Frames;
        if (frames is null)
        {
            _lanes.Add((frame.Lane, frames = new Queue<HeldFrame>()));
        }

        frames.Enqueue(frame);
        _open += frame.Lane == StreamFrame.AnyOrder ? 0 : 1;
        _sealed |= frame.Lane == StreamFrame.InOrder;
    }

    private HeldFrame Take(Queue<HeldFrame> frames)
    {
        var frame = frames.Dequeue();
        Count--;
        Bytes -= frame.Length + Overhead;
        _open -= frame.Lane == StreamFrame.AnyOrder ? 0 : 1;
        _sealed &= frame.Lane != StreamFrame.InOrder;
        return frame;
    }

    private void Refill()
    {
        if (_open == 0)
        {
            while (_behind.TryPeek(out var next) && (_open == 0 || (next.Lane != StreamFrame.InOrder && !_sealed)))
            {
                Open(_behind.Dequeue());
            }
        }
    }
}
