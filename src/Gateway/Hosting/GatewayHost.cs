using Gateway.Authentication;
using Gateway.Core.Policies;
using Gateway.Management;
using Gateway.Policies;
using Gateway.Proxy;
using Gateway.Simulation;
using Gateway.Storage;
using Gateway.Telemetry;

namespace Gateway.Hosting;

/// <summary>Puts the gateway together. Everything it consists of can be read off this file.</summary>
public static class GatewayHost
{
    /// <summary>Builds the gateway; it listens once started.</summary>
    /// <exception cref="OptionsException">The configuration cannot be used.</exception>
    public static async Task<WebApplication> CreateAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        var options = Read(builder.Configuration);
        Directory.CreateDirectory(options.DataFolder);
        var simulation = await SimulateAsync(builder, options).ConfigureAwait(false);
        var providers = ProviderCatalog.Create(options, Environment.GetEnvironmentVariable, simulation?.BaseAddress);

        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + 10));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddGatewayTelemetry();
        builder.Services.AddDecisionStore(DecisionStore(builder.Configuration, options));
        builder.AddTrafficAuthentication(options, providers.IsSimulated);
        builder.Services.AddPolicies(options, builder.Configuration[$"{GatewayOptions.Section}:{nameof(GatewayOptions.PoliciesFolder)}"] is null);
        builder.AddGatewayManagement(options);
        builder.Services.AddGatewayProxy(providers);

        var app = builder.Build();
        app.UseMiddleware<ListenerGate>();
        app.MapGatewayProxy();
        var management = app.MapGroup("").WithMetadata(ManagementEndpoint.Instance);
        management.MapGatewayManagement();
        management.MapGatewayMetrics();
        LifecycleEvents.Register(app, options);
        app.Services.ShowUpstreamState(providers);
        app.Lifetime.ApplicationStarted.Register(() => StartupNotice.Print(app, options, providers));
        return app;
    }

    private static GatewayOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new GatewayOptions();
        var errors = Listeners.Check(options).ToList();
        if (options.DrainSeconds < 0)
        {
            errors.Add("Gateway:DrainSeconds: must not be negative.");
        }

        return errors.Count == 0 ? options : throw new OptionsException(errors);
    }

    private static DecisionStoreOptions DecisionStore(IConfiguration configuration, GatewayOptions options) =>
        (configuration.GetSection($"{GatewayOptions.Section}:Records").Get<DecisionStoreOptions>() ?? new DecisionStoreOptions { Folder = options.DataFolder })
        with { Folder = options.DataFolder };

    private static async Task<SimulatedProvider?> SimulateAsync(WebApplicationBuilder builder, GatewayOptions options)
    {
        if (ProviderCatalog.AnyConfigured(options, Environment.GetEnvironmentVariable))
        {
            return null;
        }

        // Started before anything else, since its address goes into the routes; registered first, so that it stops last.
        var simulation = new SimulatedProvider(TimeProvider.System);
        await simulation.StartAsync(CancellationToken.None).ConfigureAwait(false);
        builder.Services.AddSingleton(simulation);
        builder.Services.AddHostedService(services => services.GetRequiredService<SimulatedProvider>());
        return simulation;
    }
}
