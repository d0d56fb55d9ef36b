// The floor of the comparison: YARP with one route, one destination, its default HTTP client, and nothing else.
// Usage: BareProxy --urls http://127.0.0.1:PORT --upstream http://127.0.0.1:PORT
using Yarp.ReverseProxy.Configuration;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var upstream = builder.Configuration["upstream"] ?? throw new InvalidOperationException("--upstream is missing");
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "mock", Match = new RouteMatch { Path = "{**rest}" } }],
    [new ClusterConfig { ClusterId = "mock", Destinations = new Dictionary<string, DestinationConfig> { ["mock"] = new() { Address = upstream } } }]);
var app = builder.Build();
app.MapReverseProxy();
app.Run();
