using Gateway.Core.Decisions;
using Gateway.Core.Guards;
using Gateway.Core.Limits;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Proxy;

/// <summary>Registers the request path. The order of the guards is the list in here.</summary>
internal static class ProxyServiceCollectionExtensions
{
    public static IServiceCollection AddGatewayProxy(this IServiceCollection services, ProviderCatalog providers)
    {
        var routes = new GatewayRoutes(providers);
        services.AddSingleton(providers);
        services.AddSingleton(routes);
        services.AddSingleton<AdmissionLimits>();
        services.AddSingleton<RequestBodyReader>();
        services.AddSingleton<EndUsers>();
        services.AddSingleton<DrainSignal>();
        services.AddSingleton<DecisionIds>();
        services.AddSingleton<ExchangeCompletion>();
        services.AddSingleton<Forwarding>();
        services.AddSingleton<Admission>();
        services.AddSingleton<UnknownRoutes>();
        services.AddSingleton<ProviderModels>();
        services.AddSingleton<ModelListAnswers>();
        services.AddSingleton<ResponseInspectionTransform>();
        services.AddSingleton(provider => new GuardPipeline(
            Guards([.. provider.GetServices<ITextRedactor>()]),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ExchangeCompletion>().GuardFailed));
        services.AddReverseProxy()
            .LoadFromMemory(routes.Routes, routes.Clusters)
            .ConfigureHttpClient((_, handler) => Configure(handler, providers))
            .AddTransforms(builder =>
            {
                // Nothing is copied: both directions are built from an allowlist.
                builder.CopyRequestHeaders = false;
                builder.CopyResponseHeaders = false;
                builder.CopyResponseTrailers = false;
                builder.UseDefaultForwarders = false;
                builder.AddRequestTransform(UpstreamRequestTransform.ApplyAsync);
                builder.AddResponseTransform(builder.Services.GetRequiredService<ResponseInspectionTransform>().ApplyAsync);
            });
        return services;
    }

    public static void MapGatewayProxy(this IEndpointRouteBuilder endpoints) => endpoints.MapReverseProxy(proxy =>
    {
        proxy.UseMiddleware<ExchangeMiddleware>();
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });

    /// <summary>The guards in order, cheapest first.</summary>
    private static IReadOnlyList<IRequestGuard> Guards(IReadOnlyList<ITextRedactor> redactors) => redactors.Count == 0
        ? [new OverrideGuard(), new ModelGuard(), new SizeGuard(), new ToolGuard(), new CapabilityGuard(), new ContentGuard()]
        : [new OverrideGuard(), new ModelGuard(), new SizeGuard(), new RedactionGuard(redactors), new ToolGuard(), new CapabilityGuard(), new ContentGuard()];

    private static void Configure(SocketsHttpHandler handler, ProviderCatalog providers)
    {
        // A cut answer must stop the provider at once; by default the handler reads on for 2 s to save the connection.
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.ConnectTimeout = TimeSpan.FromSeconds(providers.All.Max(provider => provider.Options.ConnectTimeoutSeconds));

        // External providers learn nothing of our traces, and a handler without propagator starts no activity of its own.
        handler.ActivityHeadersPropagator = null;
    }
}
