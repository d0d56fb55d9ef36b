using System.Runtime.InteropServices;

namespace Gateway.Core.Detection.Patterns.Automaton;

/// <summary>Compares the keys of DFA states by content, and lets a key be looked up before it is copied.</summary>
internal sealed class StateKeyComparer : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
{
    public static readonly StateKeyComparer Instance = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<int> alternate, int[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(int[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<int> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(MemoryMarshal.AsBytes(alternate));
        return hash.ToHashCode();
    }

    public int[] Create(ReadOnlySpan<int> alternate) => alternate.ToArray();
}
