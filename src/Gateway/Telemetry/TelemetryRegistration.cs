using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Core.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Telemetry;

/// <summary>Adds telemetry to the host.</summary>
public static class TelemetryRegistration
{
    /// <summary>
    /// Adds metrics, tracing and logging as configuration says: see <c>Gateway:Otlp:*</c>, <c>Gateway:Tracing:Ratio</c>, <c>Gateway:Seq:*</c>,
    /// <c>Gateway:Log:*</c> and the standard <c>OTEL_</c> variables. Makes <see cref="GatewayMetrics"/>, <see cref="GatewayTracing"/>,
    /// <see cref="GatewayLog"/> and <see cref="ExchangeTelemetry"/> available.
    /// </summary>
    public static WebApplicationBuilder AddGatewayTelemetry(this WebApplicationBuilder builder)
    {
        var settings = TelemetrySettings.From(builder.Configuration);
        var build = BuildIdentity.Of(typeof(TelemetryRegistration).Assembly);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(build);
        // Resolving the metrics makes the bridge, so that it hears the first measurement.
        builder.Services.AddSingleton(provider => new PrometheusBridge(
            new GatewayMetrics(provider.GetRequiredService<IMeterFactory>(), build), provider.GetService<TraceRetention>()));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<PrometheusBridge>().Metrics);
        builder.Services.AddSingleton(new GatewayTracing(build));
        builder.Services.AddSingleton(provider => new GatewayLog(provider.GetRequiredService<ILogger<GatewayLog>>(), settings.Exchanges));
        builder.Services.AddSingleton<ExchangeTelemetry>();
        AddTracing(builder.Services, settings, build);
        LogRegistration.AddLog(builder.Services, settings, Console.OpenStandardOutput());
        return builder;
    }

    /// <summary>Maps <c>GET /metrics</c>; for the management listener, since the page names tenants.</summary>
    public static IEndpointConventionBuilder MapGatewayMetrics(this IEndpointRouteBuilder endpoints)
    {
        var bridge = endpoints.ServiceProvider.GetRequiredService<PrometheusBridge>();
        return endpoints.MapGet("/metrics", context => MetricsEndpoint.WriteAsync(context, bridge));
    }

    /// <summary>The SERVER span of this request, or null when nobody listens. Not <see cref="Activity.Current"/>, which may be a child.</summary>
    public static Activity? ServerSpan(this HttpContext context) => context.Features.Get<IHttpActivityFeature>()?.Activity;

    private static void AddTracing(IServiceCollection services, TelemetrySettings settings, BuildIdentity build)
    {
        var propagator = new InboundTracePropagator();
        // Process-wide on purpose: no HTTP client of this process may tell others about its traces.
        DistributedContextPropagator.Current = propagator;
        services.Replace(ServiceDescriptor.Singleton<DistributedContextPropagator>(propagator));
        if (settings.OtlpEndpoint is not null)
        {
            OtlpRegistration.AddOtlp(services, settings, build);
        }
    }
}
