using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Gateway.Proxy;

/// <summary>Shows the metrics what is so at the moment: the health of every destination, as YARP sees it, and the overrides in force.</summary>
internal static class UpstreamState
{
    public static void ShowUpstreamState(this IServiceProvider services, ProviderCatalog providers)
    {
        var state = services.GetRequiredService<IProxyStateLookup>();
        var metrics = services.GetRequiredService<GatewayMetrics>();
        metrics.ClustersLoaded(providers.All.Select(provider => provider.Name));
        var policies = services.GetRequiredService<PolicyStore>();
        var time = services.GetRequiredService<TimeProvider>();
        metrics.ObserveOverrides(() => policies.Current?.Overrides.InForce(time.GetUtcNow()) ?? []);
        metrics.ObserveUpstreamHealth(() => providers.All
            .SelectMany(provider => state.TryGetCluster(provider.Name, out var cluster) ? cluster.Destinations.Values : [], (provider, destination) =>
                new UpstreamHealth(provider.Name, destination.DestinationId, IsHealthy(destination))));
    }

    private static bool IsHealthy(DestinationState destination) =>
        destination.Health.Active != DestinationHealth.Unhealthy && destination.Health.Passive != DestinationHealth.Unhealthy;
}
