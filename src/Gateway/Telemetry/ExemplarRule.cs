using System.Diagnostics;
using Gateway.Core.Telemetry;
using Prometheus;

namespace Gateway.Telemetry;

/// <summary>
/// Decides whether a sample points to a trace: only when the trace will be kept, and only for what somebody wants to look at, so that an
/// ordinary exchange allocates nothing.
/// </summary>
internal sealed class ExemplarRule
{
    // The longest bucket boundary below the usual client time-out of a minute: an allowed exchange this slow is worth a look.
    private const double SlowSeconds = 10.24;

    private static readonly Exemplar.LabelKey TraceId = Exemplar.Key("trace_id");

    private readonly TraceRetention? _retention;
    private readonly bool _firstValueIsQuiet;

    public ExemplarRule(MetricDefinition metric, TraceRetention? retention)
    {
        _retention = metric.Exemplars ? retention : null;
        _firstValueIsQuiet = metric.Labels is [.., { Name: "outcome" or "verdict" }];
    }

    /// <summary>The exemplar for a measurement whose last label has <paramref name="slot"/>; null: none.</summary>
    public Exemplar? For(double value, int slot)
    {
        if (_retention is null || (_firstValueIsQuiet && slot == 0 && value < SlowSeconds))
        {
            return null;
        }

        return Activity.Current is { } activity && _retention.Keeps(activity)
            ? Exemplar.From(TraceId.WithValue(activity.TraceId.ToHexString()))
            : null;
    }
}
