using System.Collections.Concurrent;

namespace Gateway.Core.Policies.Overrides;

/// <summary>Which overrides of a set are meant, by their numbers, together with the policy they are to tighten.</summary>
internal readonly ref struct OverrideMask(TenantPolicy policy, ReadOnlySpan<ulong> bits)
{
    public TenantPolicy Policy { get; } = policy;

    public ReadOnlySpan<ulong> Bits { get; } = bits;
}

/// <summary>The same, kept.</summary>
internal readonly record struct OverrideSelection(TenantPolicy Policy, ulong[] Bits);

/// <summary>Policies are told apart by reference: comparing their values would cost more than what is looked up.</summary>
internal sealed class OverrideSelectionComparer : IEqualityComparer<OverrideSelection>, IAlternateEqualityComparer<OverrideMask, OverrideSelection>
{
    public static OverrideSelectionComparer Instance { get; } = new();

    public bool Equals(OverrideSelection x, OverrideSelection y) => ReferenceEquals(x.Policy, y.Policy) && x.Bits.AsSpan().SequenceEqual(y.Bits);

    public int GetHashCode(OverrideSelection obj) => GetHashCode(new OverrideMask(obj.Policy, obj.Bits));

    public bool Equals(OverrideMask alternate, OverrideSelection other) =>
        ReferenceEquals(alternate.Policy, other.Policy) && alternate.Bits.SequenceEqual(other.Bits);

    public int GetHashCode(OverrideMask alternate)
    {
        var hash = new HashCode();
        hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(alternate.Policy));
        foreach (var word in alternate.Bits)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }

    public OverrideSelection Create(OverrideMask alternate) => new(alternate.Policy, alternate.Bits.ToArray());
}

/// <summary>
/// What was made for a selection of overrides, bounded: when it is full it is emptied, since what is needed will be made again. Looking up allocates
/// nothing. Thread-safe; two threads may make the same value, and one of them is kept.
/// </summary>
internal sealed class OverrideCache<T>(int most)
    where T : class
{
    private readonly ConcurrentDictionary<OverrideSelection, T> _values = new(OverrideSelectionComparer.Instance);

    public T GetOrAdd(in OverrideMask mask, Func<OverrideSelection, T> make)
    {
        if (_values.GetAlternateLookup<OverrideMask>().TryGetValue(mask, out var known))
        {
            return known;
        }

        if (_values.Count >= most)
        {
            _values.Clear();
        }

        return _values.GetOrAdd(OverrideSelectionComparer.Instance.Create(mask), make);
    }
}
