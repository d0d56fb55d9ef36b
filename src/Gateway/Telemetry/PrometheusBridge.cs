using System.Diagnostics.Metrics;
using Gateway.Core.Telemetry;
using Prometheus;

namespace Gateway.Telemetry;

/// <summary>
/// Turns the gateway's measurements into scraped series. It exists because prometheus-net's own adapter makes gauges of counters and lets a
/// series expire after five minutes without a measurement, so that exactly the rare events (a violation, a guard failing open) come back as a
/// series born at 1, which <c>increase()</c> cannot see. Here counters are counters, every closed label combination exists at 0 from the
/// start, those of a tenant as soon as a policy names it, and nothing expires.
/// </summary>
public sealed class PrometheusBridge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, IBridgedMetric> _metrics;
    private readonly Lock _scrape = new();

    internal PrometheusBridge(GatewayMetrics metrics, TraceRetention? retention)
    {
        // Nothing serves the default registry; without this its adapters would still start when something does.
        Prometheus.Metrics.SuppressDefaultMetrics();
        Registry = Prometheus.Metrics.NewCustomRegistry();
        Metrics = metrics;
        var factory = Prometheus.Metrics.WithCustomRegistry(Registry);
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _metrics = MetricCatalogue.All
            .Where(metric => metric.Scraped)
            .ToDictionary(metric => metric.Name, metric => Bridge(metric, factory, retention));
        CreateSeries();
        Listen();
        Registry.AddBeforeCollectCallback(ReadGauges);
        RuntimeStats.Register(Registry);
    }

    /// <summary>The metrics it serves.</summary>
    public GatewayMetrics Metrics { get; }

    /// <summary>What is scraped.</summary>
    public CollectorRegistry Registry { get; }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private IBridgedMetric Bridge(MetricDefinition metric, MetricFactory factory, TraceRetention? retention) => metric.Kind switch
    {
        MetricKind.Counter => new BridgedCounter(metric, Metrics, factory, new ExemplarRule(metric, retention)),
        MetricKind.Histogram => new BridgedHistogram(metric, Metrics, factory, new ExemplarRule(metric, retention)),
        _ => new BridgedGauge(metric, factory),
    };

    private void CreateSeries()
    {
        foreach (var metric in _metrics.Values)
        {
            metric.Create(null, 0);
        }

        foreach (var table in (LabelTable[])[Metrics.Tenants, Metrics.Models, Metrics.Clusters])
        {
            table.Observe(slot =>
            {
                foreach (var metric in _metrics.Values)
                {
                    metric.Create(table, slot);
                }
            });
        }
    }

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == Metrics.Meter && _metrics.TryGetValue(instrument.Name, out var metric))
            {
                listener.EnableMeasurementEvents(instrument, metric);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((IBridgedMetric)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((IBridgedMetric)state!).Record(value, tags));
        _listener.Start();
    }

    private void ReadGauges()
    {
        lock (_scrape)
        {
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // A gauge that cannot be read is absent from this scrape, which is what alerts look for; the others are served.
            }

            foreach (var gauge in _metrics.Values.OfType<BridgedGauge>())
            {
                gauge.Sweep();
            }
        }
    }
}
