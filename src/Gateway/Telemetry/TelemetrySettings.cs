using Gateway.Core.Telemetry;
using Serilog.Events;

namespace Gateway.Telemetry;

/// <summary>What configuration says about telemetry. Read once at start; a value that cannot be used ends the start with its key.</summary>
internal sealed record TelemetrySettings
{
    /// <summary><c>Gateway:Otlp:Endpoint</c> or <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; null: nothing is exported and spans cost nothing.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary><c>Gateway:Otlp:Protocol</c> or <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>: <c>grpc</c> (default) or <c>http/protobuf</c>.</summary>
    public bool OtlpOverHttp { get; init; }

    /// <summary><c>OTEL_METRIC_EXPORT_INTERVAL</c>, in milliseconds.</summary>
    public int MetricIntervalMs { get; init; } = 60_000;

    /// <summary><c>OTEL_BSP_SCHEDULE_DELAY</c>, in milliseconds.</summary>
    public int SpanDelayMs { get; init; } = 5_000;

    /// <summary><c>OTEL_BSP_MAX_QUEUE_SIZE</c>, in spans.</summary>
    public int SpanQueue { get; init; } = 2_048;

    /// <summary><c>OTEL_SERVICE_NAME</c>.</summary>
    public string ServiceName { get; init; } = "gateway";

    /// <summary><c>Gateway:Tracing:Ratio</c>, 0 to 1: which share of ordinary exchanges is traced.</summary>
    public double TraceRatio { get; init; } = 0.1;

    /// <summary><c>Gateway:Seq:ServerUrl</c>; null: no Seq.</summary>
    public Uri? SeqUrl { get; init; }

    /// <summary><c>Gateway:Seq:ApiKey</c>.</summary>
    public string? SeqApiKey { get; init; }

    /// <summary><c>Gateway:Log:Exchanges</c>: <c>All</c> or <c>NotAllowed</c>.</summary>
    public ExchangeLogging Exchanges { get; init; }

    /// <summary><c>Gateway:Log:Level</c>: the lowest level that is written.</summary>
    public LogEventLevel Level { get; init; } = LogEventLevel.Information;

    /// <summary>Reads the settings.</summary>
    public static TelemetrySettings From(IConfiguration configuration)
    {
        var defaults = new TelemetrySettings();
        return new TelemetrySettings
        {
            OtlpEndpoint = Address(configuration, "Gateway:Otlp:Endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT"),
            OtlpOverHttp = OverHttp(configuration["Gateway:Otlp:Protocol"] ?? configuration["OTEL_EXPORTER_OTLP_PROTOCOL"]),
            MetricIntervalMs = configuration.GetValue("OTEL_METRIC_EXPORT_INTERVAL", defaults.MetricIntervalMs),
            SpanDelayMs = configuration.GetValue("OTEL_BSP_SCHEDULE_DELAY", defaults.SpanDelayMs),
            SpanQueue = configuration.GetValue("OTEL_BSP_MAX_QUEUE_SIZE", defaults.SpanQueue),
            ServiceName = configuration["OTEL_SERVICE_NAME"] ?? defaults.ServiceName,
            TraceRatio = Ratio(configuration.GetValue("Gateway:Tracing:Ratio", defaults.TraceRatio)),
            SeqUrl = Address(configuration, "Gateway:Seq:ServerUrl"),
            SeqApiKey = configuration["Gateway:Seq:ApiKey"],
            Exchanges = configuration.GetValue("Gateway:Log:Exchanges", defaults.Exchanges),
            Level = configuration.GetValue("Gateway:Log:Level", defaults.Level),
        };
    }

    private static Uri? Address(IConfiguration configuration, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (configuration[key] is { Length: > 0 } text)
            {
                return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                    ? uri
                    : throw new InvalidOperationException($"{key} must be an absolute http or https address.");
            }
        }

        return null;
    }

    private static bool OverHttp(string? protocol) => protocol switch
    {
        null or "" or "grpc" => false,
        "http/protobuf" => true,
        _ => throw new InvalidOperationException("Gateway:Otlp:Protocol must be grpc or http/protobuf."),
    };

    private static double Ratio(double value) =>
        value is >= 0 and <= 1 ? value : throw new InvalidOperationException("Gateway:Tracing:Ratio must be between 0 and 1.");
}
