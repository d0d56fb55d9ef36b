using System.Diagnostics.Metrics;
using Gateway.Core.Decisions;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Telemetry;

/// <summary>Changes of policies, as measurements.</summary>
internal sealed class PolicyMeasurements
{
    private readonly Counter<long> _loads;
    private readonly Histogram<double> _propagation;
    private readonly Counter<long> _overrides;
    private readonly Counter<long> _canary;
    private volatile bool _drift;

    public PolicyMeasurements(Meter meter)
    {
        _loads = meter.Counter(M.PolicyLoads);
        _propagation = meter.Histogram(M.PolicyPropagation);
        _overrides = meter.Counter(M.OverrideChanges);
        _canary = meter.Counter(M.CanaryExchanges);
        meter.Gauge(M.PolicyDrift, () => [new(_drift ? 1 : 0)]);
    }

    public void Load(PolicyLoadResult result) => _loads.Add(1, M.PolicyLoads.Tag(0, TelemetryTerms.Of(result)));

    public void Propagated(PolicyOrigin origin, TimeSpan elapsed) =>
        _propagation.Record(Math.Max(0, elapsed.TotalSeconds), M.PolicyPropagation.Tag(0, PolicyTerms.Of(origin)));

    public void Changed(PolicyOverride item, OverrideChange change) =>
        _overrides.Add(1, M.OverrideChanges.Tag(0, TelemetryTerms.Of(OverrideClasses.Of(item))), M.OverrideChanges.Tag(1, PolicyTerms.Of(change)));

    public void Drift(bool drift) => _drift = drift;

    public void Completed(DecisionRecord record)
    {
        if (record.PolicyVariant is { } variant)
        {
            _canary.Add(1, M.CanaryExchanges.Tag(0, PolicyTerms.Of(variant)), M.CanaryExchanges.Tag(1, TelemetryNames.Of(record.Outcome)));
        }
    }
}
