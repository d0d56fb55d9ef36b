using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>What a canary must fulfil before it may begin.</summary>
internal static class CanaryRules
{
    private const int MaxTenants = 1_000;

    /// <summary>All mistakes of <paramref name="canary"/>.</summary>
    public static IReadOnlyList<PolicyError> Check(Canary canary, ControlState state)
    {
        var errors = new List<PolicyError>();
        var tenants = canary.Tenants.IsDefault ? 0 : canary.Tenants.Length;
        Require(state.Version is not null, "canary", "there is no active version to compare with");
        Require(canary.Percent is >= 0 and <= 100, "percent", "the percentage must be 0 to 100");
        Require(canary.Percent > 0 || tenants > 0, "percent", "without a percentage the canary must name tenants");
        Require(tenants <= MaxTenants, "tenants", $"at most {MaxTenants} tenants can be named");
        Require(canary.Limits.BlockRate is >= 0 and <= 1, "limits.blockRate", "the limit must be 0 to 1");
        Require(canary.Limits.ErrorRate is >= 0 and <= 1, "limits.errorRate", "the limit must be 0 to 1");
        Require(canary.Limits.LatencyRatio is >= 1 and <= 1_000, "limits.latencyRatio", "the limit must be 1 to 1000");
        Require(canary.Limits.FalsePositives >= 0, "limits.falsePositives", "the limit must not be negative");
        Require(canary.Limits.MinimumExchanges >= 1, "limits.minimumExchanges", "the number must be at least 1");
        return errors;

        void Require(bool fulfilled, string source, string message)
        {
            if (!fulfilled)
            {
                errors.Add(new PolicyError(new PolicySource(source, 0, 0), message));
            }
        }
    }
}
