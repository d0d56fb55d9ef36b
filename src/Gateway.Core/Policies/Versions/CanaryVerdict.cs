using System.Globalization;

namespace Gateway.Core.Policies.Versions;

/// <summary>Compares the two sides of a canary with its limits. Pure.</summary>
public static class CanaryVerdict
{
    /// <summary>
    /// Below this many milliseconds at the 95th percentile a candidate is not too slow, whatever the ratio: a tenth of the objective for what the gateway may add
    /// (50 ms), under which a ratio says more about the clock than about the policy.
    /// </summary>
    public const double SlowMs = 5;

    /// <summary>
    /// Why the candidate has to go, with the numbers; null: it may go on. Rates and latency count once both sides have the smallest number of exchanges that the
    /// limits name: without an incumbent there is nothing to compare with. False positives are counted, not compared, and count from the first on.
    /// </summary>
    /// <param name="trial">What was counted.</param>
    /// <param name="falsePositives">Exchanges that the candidate stopped and that were reviewed as benign.</param>
    public static string? Of(CanaryTrial trial, int falsePositives)
    {
        var (limits, incumbent, candidate) = (trial.Canary.Limits, trial.Incumbent, trial.Candidate);
        if (falsePositives > limits.FalsePositives)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"{falsePositives} exchanges stopped by the candidate were reviewed as benign; the limit is {limits.FalsePositives}");
        }

        if (Math.Min(incumbent.Exchanges, candidate.Exchanges) < Math.Max(1, limits.MinimumExchanges))
        {
            return null;
        }

        var (slow, usual) = (candidate.AddedMsP95, incumbent.AddedMsP95);
        return Rate("stopped", candidate.BlockRate, incumbent.BlockRate, limits.BlockRate, candidate, incumbent)
            ?? Rate("failed", candidate.ErrorRate, incumbent.ErrorRate, limits.ErrorRate, candidate, incumbent)
            ?? (slow > SlowMs && slow > usual * limits.LatencyRatio
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"the candidate adds {slow:0.##} ms at the 95th percentile of {candidate.Exchanges} exchanges, the incumbent {usual:0.##} ms of {incumbent.Exchanges}; the limit is {limits.LatencyRatio:0.##} times")
                : null);
    }

    private static string? Rate(string what, double candidate, double incumbent, double limit, CanarySide one, CanarySide other) => candidate - incumbent <= limit
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the candidate {what} {candidate:P1} of {one.Exchanges} exchanges, the incumbent {incumbent:P1} of {other.Exchanges}; the limit is a difference of {limit:P1}");
}
