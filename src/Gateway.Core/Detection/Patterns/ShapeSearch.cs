using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gateway.Core.Detection.Patterns.Syntax;
using CharSet = Gateway.Core.Detection.Patterns.Syntax.CharSet;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Finds in a text where one of several shapes may stand, 16 positions at a time. Each shape has one of eight bits (shapes beyond the eighth share);
/// two small tables for each place in a shape, looked up by the halves of a unit's low byte, say for which shapes the unit is right there. Finds
/// too much, never too little. Immutable.
/// </summary>
/// <remarks>The idea is that of the Teddy algorithm (G. Langdale, Hyperscan), with sets of units in place of literals.</remarks>
internal sealed class ShapeSearch
{
    private const int Step = 16;
    private const int Window = Step + RequiredShape.Length - 1;
    private const int Bits = 8;

    private readonly Vector128<byte> _low0;
    private readonly Vector128<byte> _low1;
    private readonly Vector128<byte> _low2;
    private readonly Vector128<byte> _high0;
    private readonly Vector128<byte> _high1;
    private readonly Vector128<byte> _high2;

    /// <summary>All that any shape begins with: what the tables cannot tell apart outside Latin text. Never changed once built.</summary>
    private readonly CharSetBuilder _first = new();

    public ShapeSearch(IReadOnlyList<RequiredShape> shapes)
    {
        (_low0, _high0) = TablesOf(shapes, 0);
        (_low1, _high1) = TablesOf(shapes, 1);
        (_low2, _high2) = TablesOf(shapes, 2);
        foreach (RequiredShape shape in shapes)
        {
            _first.Add(shape.Sets[0]!);
        }
    }

    public int IndexOf(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<ushort> units = MemoryMarshal.Cast<char, ushort>(text);
        int i = 0;
        for (; i <= units.Length - Window; i += Step)
        {
            uint found = Look(units.Slice(i, Window));
            if (found != 0 && FirstOf(text, i, found) is >= 0 and int index)
            {
                return index;
            }
        }

        return i < units.Length ? IndexInTail(text, i) : -1;
    }

    /// <summary>
    /// The last positions, followed by zeros. Those are no shape's required unit: a match that begins in the text has all of them in the text, and
    /// what does not matter may be zero.
    /// </summary>
    private int IndexInTail(ReadOnlySpan<char> text, int i)
    {
        Span<ushort> tail = stackalloc ushort[Step + Window];
        MemoryMarshal.Cast<char, ushort>(text[i..]).CopyTo(tail);
        int length = text.Length - i;
        for (int at = 0; at < length; at += Step)
        {
            uint found = Look(tail.Slice(at, Window));
            found = length - at >= Step ? found : found & ((1u << (length - at)) - 1);
            if (found != 0 && FirstOf(text, i + at, found) is >= 0 and int index)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>One bit for each of the first positions at which a shape may stand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Look(ReadOnlySpan<ushort> units)
    {
        Vector128<byte> right = Right(units, _low0, _high0) & Right(units[1..], _low1, _high1);
        if (right == Vector128<byte>.Zero)
        {
            return 0;
        }

        right &= Right(units[2..], _low2, _high2);
        return ~Vector128.Equals(right, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    /// <summary>For each of the first units the shapes for which it is right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Right(ReadOnlySpan<ushort> units, Vector128<byte> low, Vector128<byte> high)
    {
        Vector128<byte> bytes = Vector128.NarrowWithSaturation(Vector128.Create(units), Vector128.Create(units[8..]));
        return Vector128.ShuffleNative(low, bytes & Vector128.Create((byte)0x0F)) & Vector128.ShuffleNative(high, bytes >>> 4);
    }

    private int FirstOf(ReadOnlySpan<char> text, int from, uint found)
    {
        for (; found != 0; found &= found - 1)
        {
            int index = from + BitOperations.TrailingZeroCount(found);
            if (_first.Contains(text[index]))
            {
                return index;
            }
        }

        return -1;
    }

    private static (Vector128<byte> Low, Vector128<byte> High) TablesOf(IReadOnlyList<RequiredShape> shapes, int place)
    {
        var low = new byte[16];
        var high = new byte[16];
        for (int i = 0; i < shapes.Count; i++)
        {
            byte bit = (byte)(1 << (i % Bits));
            for (int unit = 0; unit <= byte.MaxValue; unit++)
            {
                if (CanBe(shapes[i].Sets[place], unit))
                {
                    low[unit & 0x0F] |= bit;
                    high[unit >> 4] |= bit;
                }
            }
        }

        return (Vector128.Create(low), Vector128.Create(high));
    }

    /// <summary>The last byte stands for all units from there on.</summary>
    private static bool CanBe(CharSet? set, int unit) =>
        set is null || (unit < byte.MaxValue ? set.Contains((char)unit) : set.RangeCount > 0 && set.Range(set.RangeCount - 1).Last >= byte.MaxValue);
}
