using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy;

/// <summary>
/// Answers what the traffic listener does not serve: an exchange of its own with a record, since a request to an unknown surface is worth
/// knowing about. Only who has a key learns what is served. Nothing is ever forwarded from here, whatever the policy says: there is no reader for it.
/// </summary>
internal sealed class UnknownRoutes(ExchangeCompletion completion, Admission admission)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var known = WireFormats.All.FirstOrDefault(format => format.Endpoints.Any(endpoint =>
            endpoint.Routes.Any(route => string.Equals(route, path, StringComparison.OrdinalIgnoreCase))));
        var format = known ?? UnservedPaths.NearestFormat(path, context.Request.Headers.ContainsKey);
        var exchange = completion.Begin(known?.Id ?? FormatId.Unknown);
        var feature = new ExchangeFeature(exchange, format, format.Endpoints[0]);
        context.Features.Set(feature);
        context.Response.Headers[ErrorResponses.DecisionHeader] = exchange.Id;
        try
        {
            if (await admission.AdmitAsync(context, feature).ConfigureAwait(false) is not null)
            {
                await RefuseAsync(context, feature, path, isServed: known is not null).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client is gone; the record is what matters.
        }
        finally
        {
            completion.Complete(exchange, context);
        }
    }

    private static ValueTask RefuseAsync(HttpContext context, ExchangeFeature feature, string path, bool isServed)
    {
        var exchange = feature.Exchange;
        var isSocket = IsSocket(context);
        var capability = isServed && !isSocket ? Capability.UnknownRoute : UnservedPaths.CapabilityOf(path, isSocket);
        exchange.OtherFindings.Add(CapabilityGuard.ToFinding(capability, PolicyAction.Block, path: null));
        if (CapabilityTerms.Of(capability) is { Fixed: true } && capability != Capability.UnknownRoute)
        {
            var what = $"The request {CapabilityTerms.Of(capability).What}, which the gateway cannot inspect; no policy allows it.";
            var refusal = new GatewayError(ErrorCode.PolicyBlocked, what, exchange.Id);
            return ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Blocked, refusal, TelemetryNames.Of(capability));
        }

        var error = isServed
            ? new GatewayError(ErrorCode.MethodNotAllowed, "This path takes POST only.", exchange.Id)
            : new GatewayError(ErrorCode.UnknownUrl, "The gateway does not serve this path.", exchange.Id);
        return ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Refused, error);
    }

    /// <summary>An upgrade of HTTP/1.1 or an extended CONNECT of HTTP/2: either would leave requests and answers behind.</summary>
    private static bool IsSocket(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0 || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
