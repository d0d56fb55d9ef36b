using Gateway.Core.Telemetry;
using Serilog;
using Serilog.Events;

namespace Gateway.Telemetry;

/// <summary>The log pipeline: Serilog to the console and, when configured, to Seq.</summary>
internal static class LogRegistration
{
    // An event takes about 1.5 KB in memory until it is written.
    private const int QueueCapacity = 10_000;

    public static void AddLog(IServiceCollection services, TelemetrySettings settings, Stream console) =>
        services.AddSerilog(
            (provider, logger) =>
            {
                var metrics = provider.GetRequiredService<GatewayMetrics>();
                logger
                    .MinimumLevel.Is(settings.Level)
                    .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                    .MinimumLevel.Override("System", LogEventLevel.Warning)
                    .MinimumLevel.Override("Yarp", LogEventLevel.Warning)
                    // Logs paths and queries; while it is enabled at all, every request also gets an activity and a scope that nobody reads.
                    .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                    .Destructure.ToMaximumDepth(4)
                    .Destructure.ToMaximumStringLength(256)
                    .Destructure.ToMaximumCollectionCount(20)
                    .WriteTo.Sink(new BoundedLogSink(new StreamLogWriter(console), metrics, QueueCapacity));
                if (settings.SeqUrl is { } seq)
                {
                    var writer = new SeqLogWriter(seq, settings.SeqApiKey, provider.GetRequiredService<TimeProvider>());
                    logger.WriteTo.Sink(new BoundedLogSink(writer, metrics, QueueCapacity));
                }
            },
            preserveStaticLogger: true);
}
