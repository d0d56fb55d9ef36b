using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Core.Policies;

/// <summary>All policies in force at one moment. Immutable and swapped whole; an exchange reads it once.</summary>
public sealed class PolicySnapshot
{
    private readonly FrozenDictionary<string, TenantPolicy> _byTenant;
    private readonly TenantPolicy? _everyOther;

    /// <summary>Builds the look-up. The compiler has already refused documents that claim a tenant twice.</summary>
    public PolicySnapshot(string version, DateTimeOffset loadedAt, ImmutableArray<TenantPolicy> policies)
    {
        Version = version;
        LoadedAt = loadedAt;
        Policies = policies;
        _byTenant = policies
            .SelectMany(policy => policy.Tenants.Where(tenant => tenant != "*").Select(tenant => (tenant, policy)))
            .ToFrozenDictionary(pair => pair.tenant, pair => pair.policy, StringComparer.Ordinal);
        _everyOther = policies.FirstOrDefault(policy => policy.Tenants.Contains("*"));
    }

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of all documents: the same documents give the same version everywhere.</summary>
    public string Version { get; }

    /// <summary>When it was loaded.</summary>
    public DateTimeOffset LoadedAt { get; }

    /// <summary>All policies.</summary>
    public ImmutableArray<TenantPolicy> Policies { get; }

    /// <summary>The tenants that a policy names, without <c>*</c>.</summary>
    public IEnumerable<string> NamedTenants => _byTenant.Keys;

    /// <summary>The policy of <paramref name="tenant"/>, or null: no traffic is allowed.</summary>
    public TenantPolicy? For(string tenant) => _byTenant.GetValueOrDefault(tenant) ?? _everyOther;
}
