using System.Collections.Frozen;
using System.Globalization;
using Gateway.Core.Formats;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gateway.Proxy;

/// <summary>YARP's routes and clusters, made from the formats and the configured providers. Clients choose none of it.</summary>
internal sealed class GatewayRoutes
{
    private readonly FrozenDictionary<string, IWireFormat> _formats;

    public GatewayRoutes(ProviderCatalog providers)
    {
        var routes = WireFormats.All
            .SelectMany(format => format.Routes.Select((path, index) => (format, route: Route(format, path, index, providers))))
            .ToList();
        _formats = routes.ToFrozenDictionary(pair => pair.route.RouteId, pair => pair.format, StringComparer.Ordinal);
        Routes = [.. routes.Select(pair => pair.route)];
        Clusters = [.. providers.All.Select(Cluster), new ClusterConfig { ClusterId = NoCluster }];
    }

    /// <summary>The cluster of routes whose family has no provider; the middleware answers before YARP would look for a destination.</summary>
    public const string NoCluster = "none";

    public IReadOnlyList<RouteConfig> Routes { get; }

    public IReadOnlyList<ClusterConfig> Clusters { get; }

    public IWireFormat FormatOf(HttpContext context) => _formats[context.GetReverseProxyFeature().Route.Config.RouteId];

    /// <summary>Whether the endpoint is one of the proxied routes.</summary>
    public static bool IsProxied(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<RouteModel>() is not null;

    private static RouteConfig Route(IWireFormat format, string path, int index, ProviderCatalog providers) => new()
    {
        RouteId = string.Create(CultureInfo.InvariantCulture, $"{format.Id}-{index}"),
        ClusterId = providers.For(format)?.Name ?? NoCluster,
        Match = new RouteMatch { Path = path, Methods = ["POST"] },
    };

    private static ClusterConfig Cluster(Provider provider) => new()
    {
        ClusterId = provider.Name,
        LoadBalancingPolicy = "FirstAlphabetical",
        Destinations = provider.Destinations
            .Select((destination, order) => (destination, order))
            .ToDictionary(
                item => string.Create(CultureInfo.InvariantCulture, $"{item.order:00}-{item.destination.Key}"),
                item => new DestinationConfig { Address = item.destination.Value.AbsoluteUri }),
        HttpRequest = new ForwarderRequestConfig
        {
            ActivityTimeout = TimeSpan.FromSeconds(provider.Options.TimeoutSeconds),
        },
        HealthCheck = Health(provider),
    };

    private static HealthCheckConfig Health(Provider provider) => new()
    {
        AvailableDestinationsPolicy = "HealthyOrPanic",
        Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(10) },
        Active = new ActiveHealthCheckConfig
        {
            Enabled = !string.IsNullOrEmpty(provider.Options.HealthPath),
            Path = provider.Options.HealthPath,
            Interval = TimeSpan.FromSeconds(provider.Options.HealthIntervalSeconds),
            Timeout = TimeSpan.FromSeconds(Math.Min(10, provider.Options.HealthIntervalSeconds)),
            Policy = "ConsecutiveFailures",
        },
    };
}
