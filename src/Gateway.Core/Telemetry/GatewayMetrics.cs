using System.Diagnostics.Metrics;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Telemetry;

/// <summary>
/// The only way to record a measurement: one typed method for each thing that can happen. Recording allocates nothing, never blocks and
/// never throws. Tenants, models and clusters pass through a <see cref="LabelTable"/> first, so every exporter sees a bounded set.
/// </summary>
public sealed class GatewayMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Gateway";

    private readonly GatewayGauges _gauges;
    private readonly ExchangeMeasurements _exchanges;
    private readonly UpstreamMeasurements _upstream;
    private readonly LabelOverflow _labels;
    private readonly Histogram<double> _overhead;
    private readonly Counter<long> _limits;
    private readonly Counter<long> _limitDenials;
    private readonly PolicyMeasurements _policies;
    private readonly Histogram<double> _holdback;
    private readonly Histogram<double> _firstRelease;
    private readonly Counter<long> _cuts;
    private readonly CoverageMeasurements _coverage;
    private readonly Counter<long> _records;
    private readonly Counter<long> _dropped;

    /// <summary>Creates the meter and its instruments.</summary>
    /// <param name="factory">Where the meter comes from, so that tests can tell theirs apart.</param>
    /// <param name="build">What <c>gateway.build.info</c> says.</param>
    public GatewayMetrics(IMeterFactory factory, BuildIdentity build)
    {
        Meter = factory.Create(new MeterOptions(MeterName) { Version = build.Version });
        _labels = new LabelOverflow(Meter);
        _gauges = new GatewayGauges(Meter, _labels.Tenants, build);
        _exchanges = new ExchangeMeasurements(Meter, _labels);
        _upstream = new UpstreamMeasurements(Meter, _labels);
        _overhead = Meter.Histogram(M.OverheadDuration);
        _limits = Meter.Counter(M.LimitDecisions);
        _limitDenials = Meter.Counter(M.TenantLimitDenials);
        _policies = new PolicyMeasurements(Meter);
        _holdback = Meter.Histogram(M.StreamHoldback);
        _firstRelease = Meter.Histogram(M.StreamFirstRelease);
        _cuts = Meter.Counter(M.StreamCuts);
        _coverage = new CoverageMeasurements(Meter);
        _records = Meter.Counter(M.Records);
        _dropped = Meter.Counter(M.TelemetryDropped);
    }

    /// <summary>The meter; unique to this instance.</summary>
    public Meter Meter { get; }

    /// <summary>Tenants that have series of their own.</summary>
    public LabelTable Tenants => _labels.Tenants;

    /// <summary>Models that have series of their own.</summary>
    public LabelTable Models => _labels.Models;

    /// <summary>Clusters that have series of their own.</summary>
    public LabelTable Clusters => _labels.Clusters;

    /// <summary>An exchange began. Every call is paired with one of <see cref="ExchangeCompleted"/> with the same format.</summary>
    public void ExchangeStarted(FormatId format) => _gauges.Started(format);

    /// <summary>An exchange ended: counts everything its record tells (exchange, duration, findings, guards, tokens, ledger).</summary>
    public void ExchangeCompleted(FormatId format, DecisionRecord record)
    {
        _gauges.Ended(format);
        _exchanges.Record(format, record);
        _upstream.Record(format, record);
        _coverage.Record(format, record);
        _policies.Completed(record);
    }

    /// <summary>Time the gateway itself spent in a phase of one exchange.</summary>
    public void Overhead(OverheadPhase phase, TimeSpan duration) =>
        _overhead.Record(duration.TotalSeconds, M.OverheadDuration.Tag(0, TelemetryTerms.Of(phase)));

    /// <summary>A limit was asked for <paramref name="tenant"/>.</summary>
    public void Limit(LimitKind limit, LimitDecision decision, string? tenant)
    {
        var name = TelemetryTerms.Of(limit);
        _limits.Add(1, M.LimitDecisions.Tag(0, name), M.LimitDecisions.Tag(1, TelemetryTerms.Of(decision)));
        if (decision == LimitDecision.Denied)
        {
            _limitDenials.Add(1, M.TenantLimitDenials.Tag(0, _labels.Tenant(tenant)), M.TenantLimitDenials.Tag(1, name));
        }
    }

    /// <summary>An attempt at a provider ended.</summary>
    public void UpstreamAttempt(string cluster, UpstreamResult result) => _upstream.Attempt(cluster, result);

    /// <summary>The first chunk of an answer came <paramref name="elapsed"/> after the request was sent.</summary>
    /// <param name="cluster">Provider.</param>
    /// <param name="model">Model sent to it.</param>
    /// <param name="elapsed">Since the request was sent.</param>
    public void UpstreamFirstChunk(string cluster, string? model, TimeSpan elapsed) => _upstream.FirstChunk(cluster, model, elapsed);

    /// <summary>Streamed bytes waited in the hold-back.</summary>
    public void StreamHoldback(HoldbackReason reason, TimeSpan held) =>
        _holdback.Record(held.TotalSeconds, M.StreamHoldback.Tag(0, TelemetryTerms.Of(reason)));

    /// <summary>The first byte of a stream left for the client <paramref name="elapsed"/> after the provider's first chunk.</summary>
    public void StreamFirstRelease(FormatId format, TimeSpan elapsed) =>
        _firstRelease.Record(elapsed.TotalSeconds, M.StreamFirstRelease.Tag(0, TelemetryNames.Of(format)));

    /// <summary>The gateway ended a stream.</summary>
    public void StreamCut(CutReason reason) => _cuts.Add(1, M.StreamCuts.Tag(0, TelemetryTerms.Of(reason)));

    /// <summary>Counts bytes by what happened to them.</summary>
    public void CoverageBytes(TrafficDirection direction, CoverageState state, long bytes) => _coverage.Bytes(direction, state, bytes);

    /// <summary>An exchange delivered bytes that no guard saw and no rule exempts.</summary>
    public void CoverageGap(FormatId format, TrafficDirection direction) => _coverage.Gap(format, direction);

    /// <summary>Documents were loaded, and <paramref name="snapshot"/> is in force.</summary>
    public void PolicyLoaded(PolicySnapshot snapshot)
    {
        PolicyInForce(snapshot);
        _policies.Load(PolicyLoadResult.Success);
    }

    /// <summary>
    /// A snapshot came into force: creates the series of the tenants and models it names, so that the first violation of a tenant is a step
    /// from 0 to 1 and not a series born at 1.
    /// </summary>
    public void PolicyInForce(PolicySnapshot snapshot)
    {
        _labels.Reserve(snapshot);
        _gauges.Use(snapshot);
    }

    /// <summary>A load was refused; the last good snapshot stays.</summary>
    public void PolicyRejected() => _policies.Load(PolicyLoadResult.Rejected);

    /// <summary>A change is enforced on this instance <paramref name="elapsed"/> after it was made.</summary>
    public void PolicyPropagated(PolicyOrigin origin, TimeSpan elapsed) => _policies.Propagated(origin, elapsed);

    /// <summary>Whether the policies folder is something other than what is in force.</summary>
    public void PolicyDrift(bool drift) => _policies.Drift(drift);

    /// <summary>An override was made, removed or expired.</summary>
    public void OverrideChanged(PolicyOverride item, OverrideChange change) => _policies.Changed(item, change);

    /// <summary>Says where <c>gateway.overrides.active</c> is read: the overrides that are in force at that moment.</summary>
    public void ObserveOverrides(Func<IEnumerable<PolicyOverride>> inForce) => _gauges.Observe(inForce);

    /// <summary>Gives the configured clusters their series.</summary>
    public void ClustersLoaded(IEnumerable<string> clusters)
    {
        foreach (var cluster in clusters)
        {
            _labels.Clusters.Reserve(cluster);
        }
    }

    /// <summary>Counts decision records by what became of them.</summary>
    public void Records(RecordSink sink, RecordResult result, long count = 1) =>
        _records.Add(count, M.Records.Tag(0, TelemetryTerms.Of(sink)), M.Records.Tag(1, TelemetryTerms.Of(result)));

    /// <summary>Counts telemetry that was lost.</summary>
    public void TelemetryDropped(TelemetrySignal signal, DropReason reason, long count = 1) =>
        _dropped.Add(count, M.TelemetryDropped.Tag(0, TelemetryTerms.Of(signal)), M.TelemetryDropped.Tag(1, TelemetryTerms.Of(reason)));

    /// <summary>Says where <c>gateway.records.queue.length</c> is read.</summary>
    public void ObserveRecordQueue(RecordSink sink, Func<long> length) => _gauges.Observe(sink, length);

    /// <summary>Says where <c>gateway.upstream.healthy</c> is read. The names are those of the configuration.</summary>
    public void ObserveUpstreamHealth(Func<IEnumerable<UpstreamHealth>> health) => _gauges.Observe(health);
}
