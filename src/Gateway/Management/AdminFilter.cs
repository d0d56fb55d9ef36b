using Gateway.Storage;
using Gateway.Telemetry;

namespace Gateway.Management;

/// <summary>Wraps every endpoint under <c>/admin</c>: access first, then faults as problem details; nothing it answers may be cached.</summary>
internal sealed class AdminFilter(AdminAccess access, ILogger<AdminFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (access.Refuse(http) is { } refusal)
        {
            ManagementLog.Refused(logger, http.Request.Path, http.Connection.RemoteIpAddress);
            return refusal;
        }

        try
        {
            return await next(context);
        }
        catch (DecisionReadException exception)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            ManagementLog.Failed(logger, exception, http.Request.Path);
            return Problems.Of(StatusCodes.Status500InternalServerError, "The gateway failed to answer; its log says why.");
        }
    }
}
