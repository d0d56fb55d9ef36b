using Gateway.Core.Telemetry;
using Prometheus;

namespace Gateway.Telemetry;

/// <summary>Where the measurements of one instrument go.</summary>
internal interface IBridgedMetric
{
    /// <summary>Takes one measurement.</summary>
    void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Creates at 0 the series that hold <paramref name="slot"/> of <paramref name="table"/>, or the closed ones when there is no table.</summary>
    void Create(LabelTable? table, int slot);
}

/// <summary>A scraped counter.</summary>
internal sealed class BridgedCounter : IBridgedMetric
{
    private readonly SeriesIndex _index;
    private readonly Counter _counter;
    private readonly Counter.Child?[] _series;
    private readonly ExemplarRule _exemplars;

    public BridgedCounter(MetricDefinition metric, GatewayMetrics metrics, MetricFactory factory, ExemplarRule exemplars)
    {
        _index = new SeriesIndex(metric, metrics);
        _counter = factory.CreateCounter(metric.PrometheusName, metric.Help, [.. _index.Names]);
        _series = new Counter.Child?[_index.Count];
        _exemplars = exemplars;
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var index = _index.Of(tags, out var last);
        if (index >= 0)
        {
            Series(index).Inc(value, _exemplars.For(value, last));
        }
    }

    public void Create(LabelTable? table, int slot)
    {
        foreach (var index in _index.Combinations(table, slot))
        {
            Series(index);
        }
    }

    // Two threads may both ask for a new series: the factory gives both the same one.
    private Counter.Child Series(int index) => _series[index] ??= _counter.WithLabels(_index.Values(index));
}

/// <summary>A scraped histogram.</summary>
internal sealed class BridgedHistogram : IBridgedMetric
{
    private readonly SeriesIndex _index;
    private readonly Histogram _histogram;
    private readonly Histogram.Child?[] _series;
    private readonly ExemplarRule _exemplars;

    public BridgedHistogram(MetricDefinition metric, GatewayMetrics metrics, MetricFactory factory, ExemplarRule exemplars)
    {
        _index = new SeriesIndex(metric, metrics);
        _histogram = factory.CreateHistogram(
            metric.PrometheusName, metric.Help, [.. _index.Names], new HistogramConfiguration { Buckets = [.. metric.Buckets] });
        _series = new Histogram.Child?[_index.Count];
        _exemplars = exemplars;
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var index = _index.Of(tags, out var last);
        if (index >= 0)
        {
            Series(index).Observe(value, _exemplars.For(value, last));
        }
    }

    public void Create(LabelTable? table, int slot)
    {
        foreach (var index in _index.Combinations(table, slot))
        {
            Series(index);
        }
    }

    private Histogram.Child Series(int index) => _series[index] ??= _histogram.WithLabels(_index.Values(index));
}

/// <summary>A scraped gauge: read before each scrape. A series that was not read this time is gone.</summary>
internal sealed class BridgedGauge(MetricDefinition metric, MetricFactory factory) : IBridgedMetric
{
    private readonly Gauge _gauge = factory.CreateGauge(metric.PrometheusName, metric.Help, [.. metric.Labels.Select(label => label.Name)]);
    private readonly HashSet<string[]> _seen = new(LabelValues.Comparer);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            values[i] = tags[i].Value as string ?? string.Empty;
        }

        _seen.Add(values);
        _gauge.WithLabels(values).Set(value);
    }

    public void Create(LabelTable? table, int slot)
    {
    }

    /// <summary>Removes what was not recorded since the last call.</summary>
    public void Sweep()
    {
        foreach (var values in _gauge.GetAllLabelValues().Where(values => values.Length > 0 && !_seen.Contains(values)).ToArray())
        {
            _gauge.RemoveLabelled(values);
        }

        _seen.Clear();
    }
}

/// <summary>Compares label values by content.</summary>
internal static class LabelValues
{
    public static IEqualityComparer<string[]> Comparer { get; } = EqualityComparer<string[]>.Create(
        (left, right) => left.AsSpan().SequenceEqual(right),
        values => values.Aggregate(0, HashCode.Combine));
}
