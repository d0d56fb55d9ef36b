using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>Which text a policy makes which guard read. Read off the policy alone: no guard is asked what it thinks it must see.</summary>
public static class TextDuties
{
    /// <summary>The guards that read text.</summary>
    public static ImmutableArray<GuardId> Guards { get; } = [GuardId.Content];

    /// <summary>
    /// Whether text of <paramref name="surface"/> that was delivered must have been read by <paramref name="guard"/>: only where something is enforced,
    /// by the policy or by an override. What a guard in monitor mode or one that is off did not see is no gap.
    /// </summary>
    public static bool MustRead(TenantPolicy policy, GuardId guard, Surface surface) =>
        guard == GuardId.Content && policy.Content.For(surface) is { } rules && (policy.Mode == GuardMode.Enforce ? rules.IsEnforced : rules.IsForced);
}
