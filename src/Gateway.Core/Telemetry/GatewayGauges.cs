using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Gateway.Core.Formats;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Telemetry;

/// <summary>Whether one destination of a cluster takes traffic.</summary>
/// <param name="Cluster">Cluster.</param>
/// <param name="Destination">Destination in it.</param>
/// <param name="Healthy">Whether it takes traffic.</param>
public readonly record struct UpstreamHealth(string Cluster, string Destination, bool Healthy);

/// <summary>The metrics that are read when somebody looks.</summary>
internal sealed class GatewayGauges
{
    private readonly ConcurrentDictionary<RecordSink, Func<long>> _queues = new();
    private readonly long[] _active = new long[Enum.GetValues<FormatId>().Length];
    private readonly LabelTable _tenants;
    private volatile Func<IEnumerable<UpstreamHealth>> _health = () => [];
    private volatile PolicySnapshot? _snapshot;
    private volatile Func<IEnumerable<PolicyOverride>> _overrides = () => [];

    public GatewayGauges(Meter meter, LabelTable tenants, BuildIdentity build)
    {
        _tenants = tenants;
        meter.Gauge(M.ExchangesActive, Active);
        meter.Gauge(M.TenantInfo, TenantInfo);
        meter.Gauge(M.PolicySnapshotInfo, SnapshotInfo);
        meter.Gauge(M.PolicyLastSuccess, LastSuccess);
        meter.Gauge(M.OverridesActive, Overrides);
        meter.Gauge(M.UpstreamHealthy, Health);
        meter.Gauge(M.RecordsQueueLength, Queues);
        meter.Gauge(M.BuildInfo, () => [new(1, M.BuildInfo.Tag(0, build.Version), M.BuildInfo.Tag(1, build.Commit))]);
    }

    public void Started(FormatId format) => Interlocked.Increment(ref _active[(int)format]);

    public void Ended(FormatId format) => Interlocked.Decrement(ref _active[(int)format]);

    public void Use(PolicySnapshot snapshot) => _snapshot = snapshot;

    public void Observe(Func<IEnumerable<UpstreamHealth>> health) => _health = health;

    public void Observe(Func<IEnumerable<PolicyOverride>> overrides) => _overrides = overrides;

    public void Observe(RecordSink sink, Func<long> queueLength) => _queues[sink] = queueLength;

    private IEnumerable<Measurement<double>> Active() =>
        Enum.GetValues<FormatId>().Select(format =>
            new Measurement<double>(Interlocked.Read(ref _active[(int)format]), M.ExchangesActive.Tag(0, TelemetryNames.Of(format))));

    private IEnumerable<Measurement<double>> TenantInfo() =>
        _snapshot is not { } snapshot
            ? []
            : snapshot.NamedTenants
                .Where(tenant => _tenants.SlotOf(tenant) != 0)
                .Select(tenant => new Measurement<double>(
                    1,
                    M.TenantInfo.Tag(0, tenant),
                    M.TenantInfo.Tag(1, snapshot.Attached(new PolicySubject(tenant))!.RiskTier.ToString(CultureInfo.InvariantCulture))));

    private IEnumerable<Measurement<double>> SnapshotInfo() =>
        _snapshot is { } snapshot ? [new(1, M.PolicySnapshotInfo.Tag(0, snapshot.Version))] : [];

    private IEnumerable<Measurement<double>> LastSuccess() =>
        _snapshot is { } snapshot ? [new(snapshot.LoadedAt.ToUnixTimeMilliseconds() / 1000.0)] : [];

    private IEnumerable<Measurement<double>> Overrides()
    {
        var counts = _overrides().CountBy(OverrideClasses.Of).ToDictionary();
        return Enum.GetValues<OverrideClass>().Select(kind =>
            new Measurement<double>(counts.GetValueOrDefault(kind), M.OverridesActive.Tag(0, TelemetryTerms.Of(kind))));
    }

    private IEnumerable<Measurement<double>> Health() =>
        _health().Select(item => new Measurement<double>(
            item.Healthy ? 1 : 0, M.UpstreamHealthy.Tag(0, item.Cluster), M.UpstreamHealthy.Tag(1, item.Destination)));

    private IEnumerable<Measurement<double>> Queues() =>
        Enum.GetValues<RecordSink>().Select(sink => new Measurement<double>(
            _queues.TryGetValue(sink, out var length) ? length() : 0, M.RecordsQueueLength.Tag(0, TelemetryTerms.Of(sink))));
}
