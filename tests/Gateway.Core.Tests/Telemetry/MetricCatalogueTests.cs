using System.Text.RegularExpressions;
using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Telemetry;

public sealed partial class MetricCatalogueTests
{
    // Instrument | scraped name | kind | unit | labels: the contract with dashboards, rules and alerts.
    private const string Contract = """
        gateway.exchanges | gateway_exchanges_total | Counter | {exchange} | tenant,outcome
        gateway.exchange.duration | gateway_exchange_duration_seconds | Histogram | s | format,outcome
        gateway.exchanges.active | gateway_exchanges_active | Gauge | {exchange} | format
        gateway.overhead.duration | gateway_overhead_duration_seconds | Histogram | s | phase
        gateway.tenant.info | gateway_tenant_info | Gauge | 1 | tenant,risk_tier
        gateway.violations | gateway_violations_total | Counter | {violation} | threat,surface,action,mode
        gateway.tenant.violations | gateway_tenant_violations_total | Counter | {violation} | tenant,threat,mode
        gateway.violating.exchanges | gateway_violating_exchanges_total | Counter | {exchange} | tenant,mode
        gateway.capability.uses | gateway_capability_uses_total | Counter | {use} | capability,action,mode
        gateway.guard.duration | gateway_guard_duration_seconds | Histogram | s | guard,verdict
        gateway.guard.fail_open | gateway_guard_fail_open_total | Counter | {exchange} | guard,reason
        gateway.guard.skipped | gateway_guard_skipped_total | Counter | {check} | guard,reason
        gateway.limit.decisions | gateway_limit_decisions_total | Counter | {decision} | limit,decision
        gateway.tenant.limit.denials | gateway_tenant_limit_denials_total | Counter | {decision} | tenant,limit
        gateway.tokens | gateway_tokens_total | Counter | {token} | model,type
        gateway.tenant.tokens | gateway_tenant_tokens_total | Counter | {token} | tenant,direction
        gateway.usage.missing | gateway_usage_missing_total | Counter | {exchange} | format,reason
        gateway.policy.snapshot.info | gateway_policy_snapshot_info | Gauge | 1 | snapshot
        gateway.policy.loads | gateway_policy_loads_total | Counter | {load} | result
        gateway.policy.last_success | gateway_policy_last_success_timestamp_seconds | Gauge | s |
        gateway.policy.propagation | gateway_policy_propagation_seconds | Histogram | s | source
        gateway.policy.drift | gateway_policy_drift | Gauge | 1 |
        gateway.overrides.active | gateway_overrides_active | Gauge | {override} | kind
        gateway.override.changes | gateway_override_changes_total | Counter | {change} | kind,change
        gateway.canary.exchanges | gateway_canary_exchanges_total | Counter | {exchange} | variant,outcome
        gateway.stream.holdback | gateway_stream_holdback_seconds | Histogram | s | reason
        gateway.stream.first_release | gateway_stream_first_release_seconds | Histogram | s | format
        gateway.stream.cuts | gateway_stream_cuts_total | Counter | {stream} | reason
        gateway.upstream.attempts | gateway_upstream_attempts_total | Counter | {attempt} | cluster,result
        gateway.upstream.healthy | gateway_upstream_healthy | Gauge | 1 | cluster,destination
        gateway.upstream.first_chunk | gateway_upstream_first_chunk_seconds | Histogram | s | cluster
        gateway.coverage.bytes | gateway_coverage_bytes_total | Counter | By | direction,state
        gateway.coverage.gap.exchanges | gateway_coverage_gap_exchanges_total | Counter | {exchange} | format,direction
        gateway.records | gateway_records_total | Counter | {record} | sink,result
        gateway.records.queue.length | gateway_records_queue_length | Gauge | {record} | sink
        gateway.telemetry.dropped | gateway_telemetry_dropped_total | Counter | {item} | signal,reason
        gateway.telemetry.label_overflow | gateway_telemetry_label_overflow_total | Counter | {measurement} | label
        gateway.build.info | gateway_build_info | Gauge | 1 | version,commit
        gen_ai.client.operation.duration | gen_ai_client_operation_duration_seconds | Histogram | s | gen_ai.operation.name,gen_ai.provider.name,gen_ai.request.model,error.type
        gen_ai.client.operation.time_to_first_chunk | gen_ai_client_operation_time_to_first_chunk_seconds | Histogram | s | gen_ai.operation.name,gen_ai.provider.name,gen_ai.request.model
        gen_ai.client.token.usage | gen_ai_client_token_usage | Histogram | {token} | gen_ai.operation.name,gen_ai.provider.name,gen_ai.request.model,gen_ai.token.type
        """;

    [Fact]
    public void All_is_the_contract() => Assert.Equal(
        Contract.Split('\n').Select(line => line.Trim()),
        MetricCatalogue.All.Select(metric =>
            $"{metric.Name} | {metric.PrometheusName} | {metric.Kind} | {metric.Unit} | {string.Join(',', metric.Labels.Select(label => label.Name))}".Trim()));

    [Fact]
    public void GatewayMetrics_creates_every_instrument_of_the_catalogue_and_no_other()
    {
        using var log = new MeasurementLog();

        Assert.Equal(
            MetricCatalogue.All.Select(metric => (metric.Name, metric.Unit)).Order(),
            log.Instruments.Select(instrument => (instrument.Name, instrument.Unit!)).Order());
    }

    [Fact]
    public void Name_follows_the_kind()
    {
        Assert.All(MetricCatalogue.All, metric =>
        {
            Assert.Equal(metric.Kind == MetricKind.Counter, metric.PrometheusName.EndsWith("_total", StringComparison.Ordinal));
            Assert.Equal(metric.Kind == MetricKind.Histogram, metric.Buckets.Length > 0);
            Assert.Matches(PrometheusNames(), metric.PrometheusName);
        });
    }

    [Fact]
    public void Buckets_ascend() => Assert.All(
        MetricCatalogue.All, metric => Assert.Equal(metric.Buckets.Distinct().Order(), metric.Buckets));

    [Fact]
    public void Buckets_of_overhead_hold_the_objective() => Assert.Contains(0.05, MetricCatalogue.OverheadDuration.Buckets);

    [Fact]
    public void Histogram_has_no_tenant_or_model() => Assert.All(
        MetricCatalogue.All.Where(metric => metric is { Kind: MetricKind.Histogram, Scraped: true }),
        metric => Assert.DoesNotContain(metric.Labels, label => label.Source is LabelSource.Tenant or LabelSource.Model));

    [Fact]
    public void Series_stay_below_twenty_thousand_at_the_bound() => Assert.InRange(MetricCatalogue.All.Where(metric => metric.Scraped).Sum(Bound), 1, 20_000);

    private static int Bound(MetricDefinition metric)
    {
        var series = metric.Labels.Aggregate(1, (bound, label) => bound * label.Source switch
        {
            LabelSource.Closed => label.Values.Length,
            LabelSource.Tenant => 202,
            LabelSource.Model => 52,
            LabelSource.Cluster => 22,
            _ => 3,
        });

        // One tenant has one risk tier.
        series = metric == MetricCatalogue.TenantInfo ? 202 : series;
        return metric.Kind == MetricKind.Histogram ? series * (metric.Buckets.Length + 3) : series;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex PrometheusNames();
}
