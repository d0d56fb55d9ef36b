using System.Collections.Immutable;

namespace Gateway.Core.Telemetry;

/// <summary>What kind of instrument a metric is.</summary>
public enum MetricKind : byte
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Counts values in fixed buckets.</summary>
    Histogram,

    /// <summary>Read at the moment of a scrape.</summary>
    Gauge,
}

/// <summary>Where the values of a label come from, and so what bounds them.</summary>
public enum LabelSource : byte
{
    /// <summary>Closed at compile time: all values exist at 0 from the start.</summary>
    Closed,

    /// <summary>A capped table of tenants.</summary>
    Tenant,

    /// <summary>A capped table of models.</summary>
    Model,

    /// <summary>A capped table of clusters.</summary>
    Cluster,

    /// <summary>Text the gateway makes itself, on gauges only; a series lives as long as its value is current.</summary>
    Own,
}

/// <summary>One label of a metric.</summary>
/// <param name="Name">Its key, the same in Prometheus and OpenTelemetry.</param>
/// <param name="Source">Where its values come from.</param>
/// <param name="Values">All values, when closed.</param>
public sealed record MetricLabel(string Name, LabelSource Source, ImmutableArray<string> Values)
{
    /// <summary>A closed label with one value for each member of <typeparamref name="T"/> that <paramref name="except"/> does not name.</summary>
    public static MetricLabel Of<T>(string name, Func<T, string> word, params T[] except)
        where T : struct, Enum =>
        new(name, LabelSource.Closed, [.. Enum.GetValues<T>().Except(except).Select(word)]);

    /// <summary>A label whose values are not closed.</summary>
    public static MetricLabel From(string name, LabelSource source) => new(name, source, []);
}

/// <summary>
/// One metric, declared once: the instrument, the scraped series, the export view and the tests all read this.
/// </summary>
/// <param name="Name">Instrument name.</param>
/// <param name="PrometheusName">Name of the scraped family, with unit and <c>_total</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Unit">UCUM unit: <c>s</c>, <c>By</c>, <c>{token}</c>, <c>1</c>.</param>
/// <param name="Help">The question it answers.</param>
/// <param name="Labels">Its labels; measurements carry them all, in this order.</param>
public sealed record MetricDefinition(
    string Name, string PrometheusName, MetricKind Kind, string Unit, string Help, ImmutableArray<MetricLabel> Labels)
{
    /// <summary>Upper bounds of a histogram's buckets.</summary>
    public ImmutableArray<double> Buckets { get; init; } = [];

    /// <summary>False: exported by OTLP only.</summary>
    public bool Scraped { get; init; } = true;

    /// <summary>Whether samples may point to a trace.</summary>
    public bool Exemplars { get; init; }
}

/// <summary>Bucket boundaries. A and B are those the OpenTelemetry GenAI conventions recommend.</summary>
public static class MetricBuckets
{
    /// <summary>Seconds of a model call: 10 ms to 82 s.</summary>
    public static ImmutableArray<double> Call { get; } =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    /// <summary>Tokens: 1 to 67 million.</summary>
    public static ImmutableArray<double> Tokens { get; } =
        [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    /// <summary>Seconds of the gateway's own work, which takes 10 µs to 100 ms; holds the objective of 50 ms as a boundary.</summary>
    public static ImmutableArray<double> Overhead { get; } =
        [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
}
