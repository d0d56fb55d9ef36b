using System.Buffers;
using System.Numerics;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Remembers which of the last units fed were high surrogates (one bit each, in a ring), so that a position in text that is no longer at hand can be
/// moved off the middle of a pair. Text without surrogates costs one vectorised search.
/// </summary>
internal sealed class SurrogateHistory
{
    /// <summary>Not <c>ContainsAnyInRange</c>, which boxes its bounds until the runtime has optimised it: 96 bytes a call.</summary>
    private static readonly SearchValues<char> s_highSurrogates = SearchValues.Create([.. Enumerable.Range('\uD800', 0x400).Select(c => (char)c)]);

    private readonly ulong[] _bits;
    private readonly int _capacity;
    private long _lastHigh = -1;

    /// <summary><paramref name="window"/>: how many units back from the last fed one a position can be asked for.</summary>
    public SurrogateHistory(int window)
    {
        _capacity = (int)BitOperations.RoundUpToPowerOf2((uint)window + 64);
        _bits = new ulong[_capacity / 64];
    }

    public void Clear()
    {
        _bits.AsSpan().Clear();
        _lastHigh = -1;
    }

    public bool IsHigh(long position) => position >= 0 && (Word(position) & Bit(position)) != 0;

    /// <summary>Takes in <paramref name="text"/>, which begins at <paramref name="position"/> of the stream.</summary>
    public void Append(ReadOnlySpan<char> text, long position)
    {
        int skipped = Math.Max(0, text.Length - _capacity);
        text = text[skipped..];
        position += skipped;
        bool clean = !text.ContainsAny(s_highSurrogates);
        if (clean && (_lastHigh < 0 || _lastHigh < position - _capacity))
        {
            return;
        }

        for (int i = 0; i < text.Length; i++)
        {
            Record(position + i, char.IsHighSurrogate(text[i]));
        }
    }

    private void Record(long position, bool high)
    {
        ref ulong word = ref Word(position);
        word = high ? word | Bit(position) : word & ~Bit(position);
        _lastHigh = high ? position : _lastHigh;
    }

    private ref ulong Word(long position) => ref _bits[(int)(position & (_capacity - 1)) >> 6];

    private static ulong Bit(long position) => 1UL << (int)(position & 63);
}
