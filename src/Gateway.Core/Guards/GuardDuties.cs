using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>Which guards run under a policy. The policy's mode decides, and an override over it.</summary>
public static class GuardDuties
{
    /// <summary>Whether <paramref name="guard"/> runs.</summary>
    public static bool Runs(this TenantPolicy policy, GuardId guard) => policy.ModeOf(guard) != GuardMode.Off || policy.IsForced(guard);

    /// <summary>Whether an override needs <paramref name="guard"/>: it then runs in every mode, and its failure stops the exchange.</summary>
    public static bool IsForced(this TenantPolicy policy, GuardId guard) => !policy.Emergency.IsEmpty && guard switch
    {
        GuardId.Override => policy.Emergency.NeedsGuard,
        GuardId.Tools => !policy.Emergency.Tools.IsEmpty,
        GuardId.Content => policy.Content.IsForced,
        _ => false,
    };
}
