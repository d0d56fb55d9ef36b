using Prometheus;

namespace Gateway.Telemetry;

/// <summary>Serves <c>/metrics</c>. The page names tenants, so it belongs on the management listener.</summary>
internal static class MetricsEndpoint
{
    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>Answers a scrape: OpenMetrics (with exemplars) for those that ask for it, else the text format 0.0.4.</summary>
    public static async Task WriteAsync(HttpContext context, PrometheusBridge bridge)
    {
        var openMetrics = context.Request.Headers.Accept.Any(value => value?.Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase) == true);
        context.Response.ContentType = openMetrics
            ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await bridge.Registry.CollectAndExportAsTextAsync(
            context.Response.Body,
            openMetrics ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText,
            context.RequestAborted);
    }
}
