using System.Diagnostics.Metrics;

namespace Gateway.Simulation;

/// <summary>Gives every meter of the simulated provider's server one name of its own, which nothing exports.</summary>
internal sealed class SimulatedMeterFactory : IMeterFactory
{
    private readonly Meter _meter = new("Gateway.Simulation");

    /// <inheritdoc/>
    public Meter Create(MeterOptions options) => _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
