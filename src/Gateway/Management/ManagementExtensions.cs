using Gateway.Hosting;

namespace Gateway.Management;

/// <summary>Registers and maps the management API.</summary>
public static class ManagementExtensions
{
    /// <summary>Adds what the endpoints need. The decision store, the traffic authentication and the policy store are added by their own methods.</summary>
    public static WebApplicationBuilder AddGatewayManagement(this WebApplicationBuilder builder, GatewayOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(new AdminAccess(Listeners.IsLoopback(options.ManagementUrl), options.ManagementToken));
        services.AddSingleton<IReadinessCheck, PolicyCheck>();
        services.AddSingleton<IReadinessCheck, KeyCheck>();
        services.AddSingleton<IReadinessCheck, StoreCheck>();
        services.AddSingleton<IReadinessCheck, RecordQueueCheck>();
        return builder;
    }

    /// <summary>
    /// Maps <c>/healthz</c> and <c>/admin</c>. To be mapped on the management listener only; the group returned takes the convention that ensures it. A
    /// rule by the request's <c>Host</c> does not: the client writes that header.
    /// </summary>
    public static RouteGroupBuilder MapGatewayManagement(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        HealthEndpoints.Map(group.MapGroup("/healthz"));

        var admin = group.MapGroup("/admin").AddEndpointFilter<RouteGroupBuilder, AdminFilter>();
        DecisionEndpoints.Map(admin);
        PolicyEndpoints.Map(admin);
        CoverageEndpoints.Map(admin);
        KeyEndpoints.Map(admin);
        admin.Map("/{**rest}", NoSuchEndpoint);
        return group;
    }

    private static IResult NoSuchEndpoint(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            return Problems.NotFound("There is no such management endpoint.");
        }

        context.Response.Headers.Allow = HttpMethods.Get;
        return Problems.Of(StatusCodes.Status405MethodNotAllowed, "The management API is read with GET.");
    }
}
