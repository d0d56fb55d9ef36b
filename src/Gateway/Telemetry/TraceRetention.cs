using System.Diagnostics;
using Gateway.Core.Decisions;
using Gateway.Core.Telemetry;

namespace Gateway.Telemetry;

/// <summary>
/// Decides, when the outcome of an exchange is known, whether its trace is exported: always when the exchange was blocked, cut or failed, was
/// tainted, has a finding, let a guard fail open or was slowed down by the gateway; else by a local draw. Neither the caller's sampled flag nor
/// the trace id, both of which a client can choose, has a say. Traces without an outcome (health checks, scrapes, management) are not kept.
/// </summary>
internal sealed class TraceRetention(double ratio)
{
    private const string DecisionProperty = "gateway.trace.kept";
    private const long SlowMilliseconds = 1000;

    private static readonly object Kept = new();
    private static readonly object Dropped = new();

    private static readonly string[] AlwaysKept =
    [
        TelemetryNames.Of(Outcome.Blocked), TelemetryNames.Of(Outcome.Cut), TelemetryNames.Of(Outcome.Failed), TelemetryNames.Of(Outcome.UpstreamFailed),
    ];

    /// <summary>Whether the trace of <paramref name="activity"/> is kept, as far as its outcome is known now.</summary>
    public bool Keeps(Activity activity) => Decide(LocalRoot(activity)) == true;

    /// <summary>The decision for a local root: null while its outcome is not known. Once made it stays.</summary>
    public bool? Decide(Activity root)
    {
        if (root.GetCustomProperty(DecisionProperty) is { } made)
        {
            return made == Kept;
        }

        if (root.GetTagItem(TraceAttributes.Outcome) is not string outcome)
        {
            return null;
        }

        var keep = IsNotable(root, outcome) || Random.Shared.NextDouble() < ratio;
        root.SetCustomProperty(DecisionProperty, keep ? Kept : Dropped);
        return keep;
    }

    /// <summary>The topmost activity of this process.</summary>
    public static Activity LocalRoot(Activity activity)
    {
        while (activity.Parent is { } parent)
        {
            activity = parent;
        }

        return activity;
    }

    private static bool IsNotable(Activity root, string outcome) =>
        AlwaysKept.Contains(outcome)
        || root.GetTagItem(TraceAttributes.ViolationThreat) is not null
        || root.GetTagItem(TraceAttributes.Tainted) is true
        || root.GetTagItem(TraceAttributes.FailOpen) is true
        || root.GetTagItem(TraceAttributes.AddedLatencyMs) is long and >= SlowMilliseconds;
}
