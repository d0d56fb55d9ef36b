using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>Partition refinement over the 65,536 UTF-16 units: two units share a class exactly if every set holds both or neither.</summary>
internal static class Partition
{
    public static ushort[] Refine(ImmutableArray<CharSet> sets, out int classCount)
    {
        var classes = new ushort[char.MaxValue + 1];
        var sizes = new List<int> { classes.Length };
        foreach (CharSet set in sets)
        {
            Split(set, classes, sizes);
        }

        classCount = sizes.Count;
        return classes;
    }

    /// <summary>Moves the members of each class that the set cuts in two into a class of their own.</summary>
    private static void Split(CharSet set, ushort[] classes, List<int> sizes)
    {
        int before = sizes.Count;
        int[] inside = CountMembers(set, classes, before);
        var target = new ushort[before];
        for (int old = 0; old < before; old++)
        {
            target[old] = (ushort)old;
            if (inside[old] > 0 && inside[old] < sizes[old])
            {
                target[old] = (ushort)sizes.Count;
                sizes[old] -= inside[old];
                sizes.Add(inside[old]);
            }
        }

        if (sizes.Count > before)
        {
            Move(set, classes, target);
        }
    }

    private static int[] CountMembers(CharSet set, ushort[] classes, int classCount)
    {
        var inside = new int[classCount];
        for (int i = 0; i < set.RangeCount; i++)
        {
            var (first, last) = set.Range(i);
            foreach (ushort charClass in classes.AsSpan(first, last - first + 1))
            {
                inside[charClass]++;
            }
        }

        return inside;
    }

    private static void Move(CharSet set, ushort[] classes, ushort[] target)
    {
        for (int i = 0; i < set.RangeCount; i++)
        {
            var (first, last) = set.Range(i);
            foreach (ref ushort charClass in classes.AsSpan(first, last - first + 1))
            {
                charClass = target[charClass];
            }
        }
    }
}
