using System.Collections.Immutable;
using Gateway.Core.Policies.Attachments;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Policies;

/// <summary>All policies in force at one moment. Immutable and swapped whole; an exchange reads it once.</summary>
public sealed class PolicySnapshot
{
    private readonly AttachmentTable _attachments;

    /// <summary>Builds the look-up. The compiler has already refused documents that claim the same twice.</summary>
    public PolicySnapshot(string version, DateTimeOffset loadedAt, ImmutableArray<TenantPolicy> policies)
    {
        Version = version;
        LoadedAt = loadedAt;
        Policies = policies;
        _attachments = new AttachmentTable(policies);
    }

    private PolicySnapshot(PolicySnapshot other, long revision, OverrideSet overrides)
    {
        (Version, LoadedAt, Policies, _attachments) = (other.Version, other.LoadedAt, other.Policies, other._attachments);
        Documents = other.Documents;
        Revision = revision;
        Overrides = overrides;
    }

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of all documents: the same documents give the same version everywhere.</summary>
    public string Version { get; }

    /// <summary>The revision of the state this snapshot was made for; 0: none. Changes with every override, where <see cref="Version"/> does not.</summary>
    public long Revision { get; }

    /// <summary>When it was loaded.</summary>
    public DateTimeOffset LoadedAt { get; }

    /// <summary>All policies.</summary>
    public ImmutableArray<TenantPolicy> Policies { get; }

    /// <summary>What they were compiled from, in ordinal order of the names; empty when they were not. Kept to tell where a setting was written.</summary>
    public ImmutableArray<PolicyFile> Documents { get; init; } = [];

    /// <summary>The overrides on top of them.</summary>
    public OverrideSet Overrides { get; } = OverrideSet.None;

    /// <summary>The tenants that a policy names, without <c>*</c>; each has a policy by its name alone.</summary>
    public IEnumerable<string> NamedTenants => _attachments.NamedTenants;

    /// <summary>The policy of <paramref name="subject"/>, tightened by the overrides of <paramref name="now"/>; null: no traffic is allowed.</summary>
    public TenantPolicy? For(in PolicySubject subject, DateTimeOffset now) =>
        Attached(subject) is { } policy ? Overrides.Tighten(policy, subject, now) : null;

    /// <summary>
    /// The policy that the documents attach to <paramref name="subject"/> most specifically, before any override: by key before application before tenant
    /// before <c>*</c>, then by model, then by format. Conditions on the model match nothing while it is not known.
    /// </summary>
    public TenantPolicy? Attached(in PolicySubject subject) => _attachments.Find(subject);

    /// <summary>The same policies for another state.</summary>
    public PolicySnapshot With(long revision, OverrideSet overrides) => new(this, revision, overrides);
}
