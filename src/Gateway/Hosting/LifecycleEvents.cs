using Gateway.Core.Telemetry;
using Gateway.Proxy;

namespace Gateway.Hosting;

/// <summary>Logs start, drain and stop.</summary>
internal static class LifecycleEvents
{
    public static void Register(WebApplication app, GatewayOptions options)
    {
        var log = app.Services.GetRequiredService<GatewayLog>();
        var completion = app.Services.GetRequiredService<ExchangeCompletion>();
        var build = app.Services.GetRequiredService<BuildIdentity>();
        app.Lifetime.ApplicationStarted.Register(() => log.Started(build.Version, options.TrafficUrl, options.ManagementUrl));
        app.Lifetime.ApplicationStopping.Register(() => log.Draining(completion.Active));
        app.Services.GetRequiredService<DrainSignal>().Token.Register(() => log.DrainTimedOut(completion.Active));
        app.Lifetime.ApplicationStopped.Register(log.Stopped);
    }
}
