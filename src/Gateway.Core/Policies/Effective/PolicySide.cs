using System.Collections.Immutable;

namespace Gateway.Core.Policies.Effective;

/// <summary>One of the two snapshots that are compared.</summary>
internal sealed class PolicySide(PolicySnapshot snapshot)
{
    private readonly Dictionary<string, TenantPolicy> _policies = snapshot.Policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyFile> _files = snapshot.Documents.ToDictionary(file => file.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<PolicySetting>> _settings = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _policies.Keys;

    public IEnumerable<string> Tenants => snapshot.NamedTenants;

    public bool Has(string policy) => _policies.ContainsKey(policy);

    /// <summary>The name of the policy that governs <paramref name="tenant"/>; <c>*</c>: any tenant that no policy names.</summary>
    public string? PolicyOf(string tenant) => snapshot.Attached(new PolicySubject(tenant))?.Name;

    /// <summary>The settings of <paramref name="policy"/>; none when there is no such policy.</summary>
    public ImmutableArray<PolicySetting> Settings(string policy)
    {
        if (!_settings.TryGetValue(policy, out var settings))
        {
            settings = _policies.TryGetValue(policy, out var compiled) ? EffectiveSettings.Of(File(compiled), compiled) : [];
            _settings.Add(policy, settings);
        }

        return settings;
    }

    /// <summary>Whether both sides have the policy in the same bytes, so that it need not be read. The bytes are compared, not a digest that was cut short.</summary>
    public bool IsWrittenAlike(string policy, PolicySide other) =>
        File(_policies[policy]).Content.Span.SequenceEqual(other.File(other._policies[policy]).Content.Span);

    private PolicyFile File(TenantPolicy policy) => _files.GetValueOrDefault(policy.Source.File)
        ?? throw new InvalidOperationException($"the snapshot has no document of the policy {policy.Name}");
}
