using System.Collections.Immutable;

namespace Gateway.Core.Policies.Overrides;

/// <summary>The overrides of a snapshot, ready to tighten policies. Immutable.</summary>
public sealed class OverrideSet(ImmutableArray<PolicyOverride> overrides)
{
    /// <summary>No overrides.</summary>
    public static OverrideSet None { get; } = new([]);

    /// <summary>All of them, expired ones included.</summary>
    public ImmutableArray<PolicyOverride> Overrides { get; } = overrides;

    /// <summary><paramref name="policy"/> tightened by every override that <paramref name="subject"/> is in the scope of at <paramref name="now"/>.</summary>
    public TenantPolicy Tighten(TenantPolicy policy, in PolicySubject subject, DateTimeOffset now) =>
        Overrides.IsEmpty ? policy : throw new NotSupportedException("Overrides are not applied yet.");
}
