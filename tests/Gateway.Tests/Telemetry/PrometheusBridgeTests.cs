using System.Diagnostics;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;
using Gateway.Telemetry;
using Prometheus;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class PrometheusBridgeTests : IDisposable
{
    private readonly BridgeFixture _fixture = new(new TraceRetention(0));

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Start_every_closed_combination_exists_at_zero()
    {
        var samples = await _fixture.SamplesAsync();

        foreach (var metric in MetricCatalogue.All.Where(metric => metric is { Scraped: true, Kind: not MetricKind.Gauge }))
        {
            var name = metric.Kind == MetricKind.Histogram ? metric.PrometheusName + "_count" : metric.PrometheusName;
            Assert.Equal(Expected(metric, name).Order(), samples.Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)).Order());
        }
    }

    [Fact]
    public async Task Start_gauges_of_closed_labels_exist()
    {
        var samples = await _fixture.SamplesAsync();

        Assert.Contains("gateway_exchanges_active{format=\"openai_chat\"} 0", samples);
        Assert.Contains("gateway_records_queue_length{sink=\"store\"} 0", samples);
        Assert.Contains("gateway_build_info{version=\"1.2.3\",commit=\"abcdef012345\"} 1", samples);
        Assert.Contains("gateway_policy_last_success_timestamp_seconds 0", samples);
    }

    [Fact]
    public async Task Counter_is_of_type_counter_and_histogram_of_type_histogram()
    {
        var page = await _fixture.ScrapeAsync();

        Assert.All(MetricCatalogue.All.Where(metric => metric.Scraped), metric =>
        {
            Assert.Contains($"# TYPE {metric.PrometheusName} {metric.Kind.ToString().ToLowerInvariant()}\n", page);
            Assert.Contains($"# HELP {metric.PrometheusName} {metric.Help}\n", page);
        });
    }

    [Fact]
    public async Task Scrape_holds_no_metric_of_prometheus_nets_own_adapters()
    {
        var page = await _fixture.ScrapeAsync();

        Assert.DoesNotContain("gateway_gateway_", page);
        Assert.DoesNotContain("prometheus_net_", page);
        Assert.DoesNotContain("gen_ai", page);
    }

    [Fact]
    public async Task PolicyLoaded_creates_the_tenants_series_at_zero()
    {
        _fixture.Metrics.Tenants.Reserve("acme");

        var samples = await _fixture.SamplesAsync();

        Assert.Contains("gateway_tenant_violations_total{tenant=\"acme\",threat=\"content\",mode=\"enforce\"} 0", samples);
        Assert.Equal(24, samples.Count(line => line.StartsWith("gateway_tenant_violations_total{tenant=\"acme\"", StringComparison.Ordinal)));
        Assert.Equal(8, samples.Count(line => line.StartsWith("gateway_exchanges_total{tenant=\"acme\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Exchange_moves_exactly_its_series()
    {
        _fixture.Metrics.Tenants.Reserve("acme");
        _fixture.Metrics.Models.Reserve("gpt-4o-mini");
        var before = await _fixture.SamplesAsync();
        _fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, BridgeFixture.Blocked);

        var changed = (await _fixture.SamplesAsync()).Except(before)
            .Where(line => line.StartsWith("gateway_", StringComparison.Ordinal) && !line.Contains("_bucket{") && !line.Contains("_active{"));

        Assert.Equal(
            [
                "gateway_exchange_duration_seconds_count{format=\"openai_chat\",outcome=\"blocked\"} 1",
                "gateway_exchange_duration_seconds_sum{format=\"openai_chat\",outcome=\"blocked\"} 0.25",
                "gateway_exchanges_total{tenant=\"acme\",outcome=\"blocked\"} 1",
                "gateway_guard_duration_seconds_count{guard=\"content\",verdict=\"blocked\"} 1",
                "gateway_guard_duration_seconds_sum{guard=\"content\",verdict=\"blocked\"} 3e-05",
                "gateway_tenant_violations_total{tenant=\"acme\",threat=\"content\",mode=\"enforce\"} 1",
                "gateway_violating_exchanges_total{tenant=\"acme\",mode=\"enforce\"} 1",
                "gateway_violations_total{threat=\"content\",surface=\"user\",action=\"block\",mode=\"enforce\"} 1",
            ],
            changed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Histogram_uses_the_catalogues_buckets()
    {
        var page = await _fixture.ScrapeAsync();

        Assert.Contains("gateway_overhead_duration_seconds_bucket{phase=\"total\",le=\"0.05\"} 0\n", page);
        Assert.Contains("gateway_exchange_duration_seconds_bucket{format=\"openai_chat\",outcome=\"allowed\",le=\"81.92\"} 0\n", page);
    }

    [Fact]
    public async Task Hostile_tenants_and_models_keep_the_series_bounded()
    {
        for (var i = 0; i < 5000; i++)
        {
            _fixture.Metrics.ExchangeCompleted(
                FormatId.OpenAIChat,
                BridgeFixture.Allowed with { Tenant = $"tenant-{i}", ModelSent = $"gpt-4o-{i % 700}", Provider = $"p{i}" });
            _fixture.Metrics.UpstreamAttempt($"cluster-{i}", UpstreamResult.Success);
        }

        var samples = await _fixture.SamplesAsync();

        Assert.InRange(samples.Length, 1, 20_000);
        Assert.Contains("gateway_exchanges_total{tenant=\"_other\",outcome=\"allowed\"} 4850", samples);
        Assert.Contains("gateway_telemetry_label_overflow_total{label=\"tenant\"} 4850", samples);
    }

    [Fact]
    public async Task Snapshot_info_has_one_series_after_a_swap()
    {
        _fixture.Metrics.PolicyLoaded(new("aaaaaaaaaaaa", DateTimeOffset.UnixEpoch, []));
        await _fixture.ScrapeAsync();
        _fixture.Metrics.PolicyLoaded(new("bbbbbbbbbbbb", DateTimeOffset.UnixEpoch, []));

        var samples = await _fixture.SamplesAsync();

        Assert.Equal(
            ["gateway_policy_snapshot_info{snapshot=\"bbbbbbbbbbbb\"} 1"],
            samples.Where(line => line.StartsWith("gateway_policy_snapshot_info", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Gauge_that_cannot_be_read_is_absent_and_the_others_are_served()
    {
        _fixture.Metrics.ObserveUpstreamHealth(() => [new UpstreamHealth("openai", "a", true)]);
        await _fixture.ScrapeAsync();
        _fixture.Metrics.ObserveUpstreamHealth(() => throw new InvalidOperationException());

        var samples = await _fixture.SamplesAsync();

        Assert.DoesNotContain(samples, line => line.StartsWith("gateway_upstream_healthy", StringComparison.Ordinal));
        Assert.Contains("gateway_exchanges_active{format=\"unknown\"} 0", samples);
    }

    [Fact]
    public async Task Concurrent_exchanges_lose_no_count()
    {
        Parallel.For(0, 10_000, _ => _fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, BridgeFixture.Allowed));

        Assert.Contains("gateway_exchanges_total{tenant=\"acme\",outcome=\"allowed\"} 10000", await _fixture.SamplesAsync());
    }

    [Fact]
    public void Exchange_allocates_nothing()
    {
        Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Exemplar_points_to_a_trace_that_is_kept()
    {
        var trace = Complete(BridgeFixture.Blocked);

        var page = await _fixture.ScrapeAsync(ExpositionFormat.OpenMetricsText);

        Assert.Contains($"gateway_exchanges_total{{tenant=\"acme\",outcome=\"blocked\"}} 1.0 # {{trace_id=\"{trace}\"}} 1.0", page);
        Assert.EndsWith("# EOF\n", page);
    }

    [Fact]
    public async Task Exemplar_never_points_to_a_trace_that_is_dropped()
    {
        Complete(BridgeFixture.Allowed with { Outcome = Outcome.Limited });

        Assert.DoesNotContain("trace_id", await _fixture.ScrapeAsync(ExpositionFormat.OpenMetricsText));
    }

    private void Measure()
    {
        for (var i = 0; i < 100; i++)
        {
            _fixture.Metrics.ExchangeStarted(FormatId.OpenAIChat);
            _fixture.Metrics.Limit(LimitKind.Requests, LimitDecision.Allowed, "acme");
            _fixture.Metrics.Overhead(OverheadPhase.Total, TimeSpan.FromMicroseconds(80));
            _fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, BridgeFixture.Allowed);
        }
    }

    private ActivityTraceId Complete(DecisionRecord record)
    {
        using var server = new Activity("POST").Start();
        server.ActivityTraceFlags = ActivityTraceFlags.None;
        server.IsAllDataRequested = true;
        GatewayTracing.CompleteServer(server, FormatId.OpenAIChat, record);
        _fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, record);
        return server.TraceId;
    }

    private static IEnumerable<string> Expected(MetricDefinition metric, string name) =>
        metric.Labels
            .Aggregate(
                (IEnumerable<string>)[string.Empty],
                (lines, label) => lines.SelectMany(line => Values(label).Select(value => $"{line},{label.Name}=\"{value}\"")))
            .Select(labels => $"{name}{{{labels[1..]}}} 0");

    private static IEnumerable<string> Values(MetricLabel label) => label.Source == LabelSource.Closed ? label.Values : ["_other", "_none"];
}
