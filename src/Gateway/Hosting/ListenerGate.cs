using Gateway.Proxy;

namespace Gateway.Hosting;

/// <summary>
/// Keeps the listeners apart: management endpoints exist only on the management listener, proxied routes only on the traffic listener. What
/// the traffic listener does not know is answered in the shape that SDKs read.
/// </summary>
internal sealed class ListenerGate(RequestDelegate next, UnknownRoutes unknown)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (context.Features.Get<ManagementConnection>() is null)
        {
            return !GatewayRoutes.IsProxied(endpoint) ? unknown.AnswerAsync(context) : next(context);
        }

        if (endpoint is not null && endpoint.Metadata.GetMetadata<ManagementEndpoint>() is null)
        {
            context.SetEndpoint(null);
        }

        return next(context);
    }
}
