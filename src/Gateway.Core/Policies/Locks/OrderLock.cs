using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies.Locks;

/// <summary>The policy's own mode.</summary>
internal sealed class ModeLock : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        if (child.Policy.Mode > parent.Policy.Mode)
        {
            yield return new Loosened(["mode"], Loosened.Milder(child.Policy.Mode, parent.Policy.Mode));
        }
    }
}

/// <summary>The mode of one guard, as it takes effect under the policy's mode.</summary>
internal sealed class GuardModeLock(GuardId guard, params ImmutableArray<string> steps) : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child) => Loosened.Mode(parent.Policy, child.Policy, guard, steps);
}

/// <summary>The risk tier: a higher one is tighter, since thresholds and gates go by it.</summary>
internal sealed class RiskTierLock : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        if (child.Policy.RiskTier < parent.Policy.RiskTier)
        {
            yield return new Loosened(["riskTier"], string.Create(CultureInfo.InvariantCulture, $"is {child.Policy.RiskTier}, which is looser than {parent.Policy.RiskTier}"));
        }
    }
}

/// <summary>What happens when a guard fails: allow is looser than block, and blocking counts only in a policy that enforces.</summary>
internal sealed class OnErrorLock : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        var (was, now) = (parent.Policy, child.Policy);
        if (was.OnError == GuardFailure.Block && now.OnError == GuardFailure.Allow)
        {
            yield return new Loosened(["onError"], $"is {Vocabulary.OnError.Of(now.OnError)}, which is looser than {Vocabulary.OnError.Of(was.OnError)}");
        }
        else if (FailsClosed(was) && !FailsClosed(now))
        {
            yield return new Loosened(["mode"], Loosened.Milder(now.Mode, was.Mode));
        }
    }

    /// <summary>Whether a guard that fails stops the exchange.</summary>
    public static bool FailsClosed(TenantPolicy policy) => policy is { OnError: GuardFailure.Block, Mode: GuardMode.Enforce };
}

/// <summary>
/// The time of a guard. More time lets it finish, which loosens nothing. Less makes it fail more often: harmless where a failure blocks, and a hole where
/// it does not.
/// </summary>
internal sealed class TimeoutLock : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        var (was, now) = (parent.Policy.GuardTimeout, child.Policy.GuardTimeout);
        if (now < was && !OnErrorLock.FailsClosed(child.Policy))
        {
            yield return new Loosened(
                ["guardTimeoutMs"],
                string.Create(CultureInfo.InvariantCulture, $"is {now.TotalMilliseconds}, less than {was.TotalMilliseconds}, in a policy in which a guard that runs out of time lets the exchange pass"));
        }
    }
}
