using System.Collections.Frozen;

namespace Gateway.Core.Policies.Versions;

/// <summary>
/// Which keys a canary covers. A key's place in 0 to 9,999 comes from a hash of candidate, tenant and key id, the same on every instance; it is covered when its
/// place is below the percentage, so one that is in at 10 % is in at 20 %. The candidate is part of the hash so that not always the same keys go first.
/// </summary>
internal sealed class CanaryShare(string candidate, int percent, IEnumerable<string> tenants)
{
    // FNV-1a, 64 bit (isthe.com/chongo/tech/comp/fnv), with the last mixing step of MurmurHash3: FNV alone leaves the low bits of short, similar keys too alike.
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const int Places = 10_000;

    private readonly FrozenSet<string> _tenants = tenants.ToFrozenSet(StringComparer.Ordinal);
    private readonly ulong _seed = Add(Offset, candidate);

    /// <summary>Whether the candidate governs this key. Allocates nothing.</summary>
    public bool Covers(string tenant, string? keyId) =>
        _tenants.Contains(tenant) || (percent > 0 && PlaceOf(tenant, keyId) < percent * (Places / 100));

    private int PlaceOf(string tenant, string? keyId) => (int)(Mix(Add(Add(_seed, tenant), keyId ?? "")) % Places);

    // The separator keeps "ab" + "c" apart from "a" + "bc"; names hold no such unit.
    private static ulong Add(ulong hash, string text)
    {
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * Prime;
        }

        return (hash ^ 0xFFFF) * Prime;
    }

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
