using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>
/// Export by OTLP. Only the gateway's own source and ASP.NET Core's are listened to: YARP's would be a second SERVER span for each request, and
/// the HTTP client's would carry provider addresses with their query.
/// </summary>
internal static class OtlpRegistration
{
    public static void AddOtlp(IServiceCollection services, TelemetrySettings settings, BuildIdentity build)
    {
        services.AddSingleton(new TraceRetention(settings.TraceRatio));
        services.AddSingleton<SdkDropListener>();
        services.AddSingleton(provider => ExportQueue(provider, settings));
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(settings.ServiceName, serviceVersion: build.Version))
            .WithTracing(tracing => tracing
                .AddSource(GatewayTracing.SourceName)
                .AddAspNetCoreInstrumentation(options => options.RecordException = false)
                .SetSampler(new RecordOnlySampler())
                .AddProcessor(provider => provider.GetRequiredService<BatchActivityExportProcessor>())
                .AddProcessor(provider => new RetainingProcessor(
                    provider.GetRequiredService<TraceRetention>(),
                    provider.GetRequiredService<BatchActivityExportProcessor>(),
                    provider.GetRequiredService<GatewayMetrics>())))
            .WithMetrics(metrics => metrics
                .AddMeter(GatewayMetrics.MeterName)
                .AddRuntimeInstrumentation()
                .AddView(View)
                .AddReader(provider => new PeriodicExportingMetricReader(
                    new CountingMetricExporter(Options(settings, "v1/metrics"), provider.GetRequiredService<GatewayMetrics>()),
                    settings.MetricIntervalMs)));
    }

    /// <summary>The buckets and tag keys of the catalogue; a tag that is not declared is not exported.</summary>
    public static MetricStreamConfiguration? View(Instrument instrument)
    {
        if (instrument.Meter.Name != GatewayMetrics.MeterName
            || MetricCatalogue.All.FirstOrDefault(item => item.Name == instrument.Name) is not { } metric)
        {
            return null;
        }

        string[] keys = [.. metric.Labels.Select(label => label.Name)];
        return metric.Kind == MetricKind.Histogram
            ? new ExplicitBucketHistogramConfiguration { Boundaries = [.. metric.Buckets], TagKeys = keys, CardinalityLimit = Bound(metric) }
            : new MetricStreamConfiguration { TagKeys = keys, CardinalityLimit = Bound(metric) };
    }

    // The tables cap tenants at 200, models at 50 and clusters at 20; each has two fixed slots more. Own values: a handful.
    private static int Bound(MetricDefinition metric) => metric.Labels.Aggregate(1, (bound, label) => bound * label.Source switch
    {
        LabelSource.Closed => label.Values.Length,
        LabelSource.Tenant => 202,
        LabelSource.Model => 52,
        LabelSource.Cluster => 22,
        _ => 16,
    }) + 1;

    private static BatchActivityExportProcessor ExportQueue(IServiceProvider provider, TelemetrySettings settings)
    {
        provider.GetRequiredService<SdkDropListener>();
        return new BatchActivityExportProcessor(
            new CountingTraceExporter(Options(settings, "v1/traces"), provider.GetRequiredService<GatewayMetrics>()),
            maxQueueSize: settings.SpanQueue,
            scheduledDelayMilliseconds: settings.SpanDelayMs,
            maxExportBatchSize: Math.Min(settings.SpanQueue, 512));
    }

    // Headers, time-out and compression come from the standard OTEL_ variables, which the options read themselves.
    private static OtlpExporterOptions Options(TelemetrySettings settings, string path)
    {
        var address = settings.OtlpEndpoint!;
        return new OtlpExporterOptions
        {
            Protocol = settings.OtlpOverHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            Endpoint = settings.OtlpOverHttp ? new Uri(address.AbsoluteUri.TrimEnd('/') + "/" + path) : address,
        };
    }
}
