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
    private readonly FrozenDictionary<string, (IWireFormat, WireEndpoint)> _endpoints;

    public GatewayRoutes(ProviderCatalog providers)
    {
        var routes = WireFormats.All
            .SelectMany(format => format.Endpoints.SelectMany(endpoint => endpoint.Routes.Select(path => (format, endpoint, path))))
            .Select((at, index) => (at.format, at.endpoint, route: Route(at.format.Id, at.endpoint, at.path, index, providers.For(at.endpoint))))
            .ToList();
        _endpoints = routes.ToFrozenDictionary(at => at.route.RouteId, at => (at.format, at.endpoint), StringComparer.Ordinal);
        Routes = [.. routes.Select(at => at.route)];
        Clusters = [.. providers.All.Select(Cluster), new ClusterConfig { ClusterId = NoCluster }];
    }

    /// <summary>The cluster of routes whose family has no provider; the middleware answers before YARP would look for a destination.</summary>
    public const string NoCluster = "none";

    public IReadOnlyList<RouteConfig> Routes { get; }

    public IReadOnlyList<ClusterConfig> Clusters { get; }

    public (IWireFormat Format, WireEndpoint Endpoint) Of(HttpContext context) => _endpoints[context.GetReverseProxyFeature().Route.Config.RouteId];

    /// <summary>Whether the endpoint is one of the proxied routes.</summary>
    public static bool IsProxied(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<RouteModel>() is not null;

    private static RouteConfig Route(FormatId format, WireEndpoint endpoint, string path, int index, Provider? provider) => new()
    {
        RouteId = string.Create(CultureInfo.InvariantCulture, $"{format}-{index}"),
        ClusterId = provider?.Name ?? NoCluster,
        Match = new RouteMatch
        {
            Path = path,
            Methods = [endpoint.Method],
            Headers = endpoint.Header is { } header ? [new RouteHeader { Name = header, Mode = HeaderMatchMode.Exists }] : null,
        },
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
