using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Core.Policies.Attachments;

/// <summary>
/// Finds the policy that is attached most specifically. Each attachment stands in the table of its most specific name, so that a tenant's look-up is one
/// dictionary hit and a scan of that tenant's few conditions. Immutable; looking up allocates nothing.
/// </summary>
internal sealed class AttachmentTable
{
    private readonly FrozenDictionary<string, ImmutableArray<Entry>> _byKey;
    private readonly FrozenDictionary<string, ImmutableArray<Entry>> _byApplication;
    private readonly FrozenDictionary<string, ImmutableArray<Entry>> _byTenant;
    private readonly ImmutableArray<Entry> _rest;
    private readonly bool _hasModels;

    public AttachmentTable(ImmutableArray<TenantPolicy> policies)
    {
        var entries = policies.SelectMany(policy => Of(policy).Select(attachment => new Entry(attachment, policy))).ToList();
        _byKey = Table(entries.Where(entry => entry.At.KeyId is not null), entry => entry.At.KeyId!);
        _byApplication = Table(entries.Where(entry => entry.At is { KeyId: null, Application: not null }), entry => entry.At.Application!);
        _byTenant = Table(entries.Where(entry => entry.At is { KeyId: null, Application: null, Tenant: not null }), entry => entry.At.Tenant!);
        _rest = Sorted(entries.Where(entry => entry.At is { KeyId: null, Application: null, Tenant: null }));
        _hasModels = entries.Exists(entry => entry.At.Model is not null);
        NamedTenants = [.. entries.Select(entry => entry.At.Tenant).OfType<string>().Distinct(StringComparer.Ordinal).Where(tenant => Find(new PolicySubject(tenant)) is not null)];
    }

    /// <summary>The tenants that are named somewhere and have a policy without any further condition.</summary>
    public ImmutableArray<string> NamedTenants { get; }

    /// <summary>All attachments of a policy, those by tenant first.</summary>
    public static IEnumerable<PolicyAttachment> Of(TenantPolicy policy) => policy.Tenants.Select(AttachmentCompiler.OfTenant).Concat(policy.AppliesTo);

    /// <summary>
    /// The policy of <paramref name="subject"/>. A model condition is met by the name that was asked for and by the one that would be sent, which is what the
    /// policy without model conditions makes of it: an alias is no way around a condition. Where both are met equally, the model that would be sent counts.
    /// </summary>
    public TenantPolicy? Find(in PolicySubject subject)
    {
        if (!_hasModels || subject.Model is not { } asked)
        {
            return Best(subject, null)?.Policy;
        }

        var found = Best(subject, asked);
        if (Best(subject, null) is { } general && general.Policy.Models.Resolve(asked) is var sent && !ReferenceEquals(sent, asked))
        {
            var other = Best(subject, sent);
            found = found is null || other?.At.Rank >= found.At.Rank ? other : found;
        }

        return found?.Policy;
    }

    private Entry? Best(in PolicySubject subject, string? model) =>
        In(_byKey, subject.KeyId, subject, model) ?? In(_byApplication, subject.Application, subject, model) ?? In(_byTenant, subject.Tenant, subject, model)
        ?? First(_rest, subject, model);

    private static Entry? In(FrozenDictionary<string, ImmutableArray<Entry>> table, string? name, in PolicySubject subject, string? model) =>
        name is not null && table.TryGetValue(name, out var entries) ? First(entries, subject, model) : null;

    private static Entry? First(ImmutableArray<Entry> entries, in PolicySubject subject, string? model)
    {
        foreach (var entry in entries)
        {
            if (entry.At.Matches(subject, model))
            {
                return entry;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, ImmutableArray<Entry>> Table(IEnumerable<Entry> entries, Func<Entry, string> name) =>
        entries.GroupBy(name, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, Sorted, StringComparer.Ordinal);

    // Of two model conditions the exact one is more specific, and of two prefixes the longer: what both match, the shorter one contains.
    private static ImmutableArray<Entry> Sorted(IEnumerable<Entry> entries) =>
    [
        .. entries
            .OrderByDescending(entry => entry.At.Rank)
            .ThenBy(entry => entry.At.Model?.EndsWith('*') == true)
            .ThenByDescending(entry => entry.At.Model?.Length ?? 0),
    ];

    private sealed record Entry(PolicyAttachment At, TenantPolicy Policy);
}
