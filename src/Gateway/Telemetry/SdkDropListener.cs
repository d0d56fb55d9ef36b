using System.Diagnostics.Metrics;
using Gateway.Core.Telemetry;

namespace Gateway.Telemetry;

/// <summary>Brings the OpenTelemetry SDK's own count of spans that found its queue full into <c>gateway.telemetry.dropped</c>.</summary>
internal sealed class SdkDropListener : IDisposable
{
    private readonly MeterListener _listener = new();

    public SdkDropListener(GatewayMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "otel.sdk.experimental" && instrument.Name == "otel.sdk.processor.span.processed")
            {
                listener.EnableMeasurementEvents(instrument, metrics);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, count, tags, state) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "error.type", Value: "queue_full" })
                {
                    ((GatewayMetrics)state!).TelemetryDropped(TelemetrySignal.Span, DropReason.QueueFull, count);
                }
            }
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();
}
