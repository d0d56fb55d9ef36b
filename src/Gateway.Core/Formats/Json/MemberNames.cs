using System.Buffers;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// Finds a name that stands twice in one object, after unescaping. Small objects are compared pair by pair; larger ones go through a table
/// hashed by the runtime's randomised string hash, so that crafted names cannot make it quadratic.
/// </summary>
internal static class MemberNames
{
    private const int PairwiseLimit = 16;

    /// <summary>Index of the name token that repeats an earlier one, or -1.</summary>
    public static int FindRepeated(JsonView view, int container, int members)
    {
        if (members > PairwiseLimit)
        {
            return FindHashed(view, container, members);
        }

        Span<int> seen = stackalloc int[PairwiseLimit];
        var count = 0;
        for (var at = container + 1; at < view[container].Next; at = view[at + 1].Next)
        {
            if (view[at].IsEscaped)
            {
                // Comparing pairs would unescape a long name once for every other name.
                return FindHashed(view, container, members);
            }

            if (Contains(view, seen[..count], at))
            {
                return at;
            }

            seen[count++] = at;
        }

        return -1;
    }

    private static bool Contains(JsonView view, ReadOnlySpan<int> names, int wanted)
    {
        var length = view[wanted].Length;
        foreach (var name in names)
        {
            if (view[name].Length == length && view.Raw(name).SequenceEqual(view.Raw(wanted)))
            {
                return true;
            }
        }

        return false;
    }

    private static int FindHashed(JsonView view, int container, int members)
    {
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)members * 2);
        var table = ArrayPool<int>.Shared.Rent(size);
        var slots = table.AsSpan(0, size);
        slots.Clear();
        var repeated = -1;
        for (var at = container + 1; at < view[container].Next && repeated < 0; at = view[at + 1].Next)
        {
            var slot = Hash(view, at) & (size - 1);
            while (slots[slot] != 0 && !AreEqual(view, slots[slot], at))
            {
                slot = (slot + 1) & (size - 1);
            }

            // Index 0 is the root, never a name, so 0 marks a free slot.
            repeated = slots[slot] != 0 ? at : -1;
            slots[slot] = at;
        }

        ArrayPool<int>.Shared.Return(table);
        return repeated;
    }

    private static bool AreEqual(JsonView view, int left, int right)
    {
        if (!view[left].IsEscaped)
        {
            return view[right].IsEscaped
                ? JsonStrings.UnescapedEquals(view.Inner(right), view.Inner(left))
                : view[left].Length == view[right].Length && view.Inner(left).SequenceEqual(view.Inner(right));
        }

        if (!view[right].IsEscaped)
        {
            return JsonStrings.UnescapedEquals(view.Inner(left), view.Inner(right));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(view[left].Length);
        var length = JsonStrings.Unescape(view.Inner(left), buffer.AsSpan());
        var equal = JsonStrings.UnescapedEquals(view.Inner(right), buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return equal;
    }

    private static int Hash(JsonView view, int name)
    {
        const int StackLimit = 128;
        var inner = view.Inner(name);
        if (inner.Length <= StackLimit)
        {
            Span<char> units = stackalloc char[StackLimit];
            return string.GetHashCode(units[..JsonStrings.Unescape(inner, units)]);
        }

        var buffer = ArrayPool<char>.Shared.Rent(inner.Length);
        var hash = string.GetHashCode(buffer.AsSpan(0, JsonStrings.Unescape(inner, buffer.AsSpan())));
        ArrayPool<char>.Shared.Return(buffer);
        return hash;
    }
}
