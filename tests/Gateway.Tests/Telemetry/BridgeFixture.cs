using System.Diagnostics.Metrics;
using System.Text;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;
using Gateway.Telemetry;
using Prometheus;

namespace Gateway.Tests.Telemetry;

/// <summary>Metrics with their bridge, and the page a scraper would get.</summary>
internal sealed class BridgeFixture : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public BridgeFixture(TraceRetention? retention = null)
    {
        Metrics = new GatewayMetrics(this, new BuildIdentity("1.2.3", "abcdef012345"));
        Bridge = new PrometheusBridge(Metrics, retention);
    }

    public static DecisionRecord Allowed { get; } = new()
    {
        Id = "0193b1c0-0000-7000-8000-000000000001",
        Time = DateTimeOffset.UnixEpoch,
        Outcome = Outcome.Allowed,
        Format = "openai_chat",
        Tenant = "acme",
        ModelRequested = "gpt-4o-mini",
        ModelSent = "gpt-4o-mini",
        Provider = "openai",
        Status = 200,
        Attempts = 1,
        UpstreamStatus = 200,
        Usage = new TokenUsage(100, 50),
        DurationMs = 250,
        UpstreamMs = 240,
        Guards = [new GuardRun(GuardId.Protocol, Verdict.Allowed, null, 12), new GuardRun(GuardId.Content, Verdict.Allowed, null, 30)],
    };

    public static DecisionRecord Blocked { get; } = Allowed with
    {
        Outcome = Outcome.Blocked,
        Attempts = 0,
        UpstreamStatus = null,
        Usage = null,
        Findings =
        [
            new Finding(GuardId.Content, "no-legal-advice", Threat.Content, Surface.User, PolicyAction.Block, Severity.Medium, GuardMode.Enforce),
        ],
        Guards = [new GuardRun(GuardId.Content, Verdict.Blocked, null, 30)],
    };

    public GatewayMetrics Metrics { get; }

    public PrometheusBridge Bridge { get; }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public async Task<string> ScrapeAsync(ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        using var page = new MemoryStream();
        await Bridge.Registry.CollectAndExportAsTextAsync(page, format);
        return Encoding.UTF8.GetString(page.ToArray());
    }

    /// <summary>The samples of a scrape, without comments.</summary>
    public async Task<string[]> SamplesAsync() =>
        [.. (await ScrapeAsync()).Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    public void Dispose()
    {
        Bridge.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }
}
