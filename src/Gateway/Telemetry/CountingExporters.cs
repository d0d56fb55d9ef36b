using System.Diagnostics;
using Gateway.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Gateway.Telemetry;

/// <summary>Exports spans and counts those that could not be sent.</summary>
internal sealed class CountingTraceExporter(OtlpExporterOptions options, GatewayMetrics metrics) : OtlpTraceExporter(options)
{
    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        var count = activityBatch.Count;
        var result = base.Export(activityBatch);
        if (result == ExportResult.Failure)
        {
            metrics.TelemetryDropped(TelemetrySignal.Span, DropReason.ExporterError, count);
        }

        return result;
    }
}

/// <summary>Exports metrics and counts those that could not be sent. Nothing is lost for good: the next export carries the sums.</summary>
internal sealed class CountingMetricExporter(OtlpExporterOptions options, GatewayMetrics metrics) : OtlpMetricExporter(options)
{
    public override ExportResult Export(in Batch<Metric> metrics1)
    {
        var count = metrics1.Count;
        var result = base.Export(metrics1);
        if (result == ExportResult.Failure)
        {
            metrics.TelemetryDropped(TelemetrySignal.Metric, DropReason.ExporterError, count);
        }

        return result;
    }
}
