using System.Diagnostics.Metrics;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Tests.Telemetry;

/// <summary>One measurement as an exporter sees it: <c>name{key=value,...} amount</c>.</summary>
internal sealed record Seen(string Name, string Tags, double Value)
{
    public override string ToString() => $"{Name}{{{Tags}}} {Value}";
}

/// <summary>Metrics of one test, with everything they measured.</summary>
internal sealed class MeasurementLog : IDisposable
{
    private readonly TestMeterFactory _factory = new();
    private readonly MeterListener _listener = new();
    private readonly List<Seen> _seen = [];

    public MeasurementLog()
    {
        Metrics = new GatewayMetrics(_factory, new BuildIdentity("1.2.3", "abcdef012345"));
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == Metrics.Meter)
            {
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public GatewayMetrics Metrics { get; }

    public List<Instrument> Instruments { get; } = [];

    public IReadOnlyList<Seen> All => _seen;

    public IEnumerable<string> Of(MetricDefinition metric) => _seen.Where(seen => seen.Name == metric.Name).Select(seen => $"{seen.Tags} {seen.Value}");

    public void ReadGauges() => _listener.RecordObservableInstruments();

    public void Clear() => _seen.Clear();

    public void Dispose()
    {
        _listener.Dispose();
        _factory.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen.Add(new Seen(instrument.Name, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")), value));
}
