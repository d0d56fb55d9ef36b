using System.Diagnostics.Metrics;

namespace Gateway.Core.Telemetry;

/// <summary>Makes instruments from the catalogue, so that name, unit, help and buckets are written once.</summary>
internal static class MeterInstruments
{
    public static Counter<long> Counter(this Meter meter, MetricDefinition metric) =>
        meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Help);

    public static Histogram<double> Histogram(this Meter meter, MetricDefinition metric) =>
        meter.CreateHistogram(metric.Name, metric.Unit, metric.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = metric.Buckets });

    public static void Gauge(this Meter meter, MetricDefinition metric, Func<IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableGauge(metric.Name, read, metric.Unit, metric.Help);

    /// <summary>The tag for label number <paramref name="label"/> of <paramref name="metric"/>.</summary>
    public static KeyValuePair<string, object?> Tag(this MetricDefinition metric, int label, string value) => new(metric.Labels[label].Name, value);
}
