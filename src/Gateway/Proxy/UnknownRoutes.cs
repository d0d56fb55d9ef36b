using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Template;

namespace Gateway.Proxy;

/// <summary>
/// Answers what the traffic listener does not serve: an exchange of its own with a record, since a request to an unknown surface is worth
/// knowing about. Only who has a key learns what is served. Nothing is ever forwarded from here, whatever the policy says: there is no reader for it.
/// </summary>
internal sealed class UnknownRoutes(ExchangeCompletion completion, Admission admission)
{
    private static readonly KnownRoute[] s_routes =
    [
        .. WireFormats.All.SelectMany(format => format.Endpoints.SelectMany(endpoint => endpoint.Routes.Select(route => KnownRoute.Of(format, endpoint, route))))
            .OrderByDescending(route => route.Endpoint.Header is not null),
    ];

    public async Task AnswerAsync(HttpContext context)
    {
        var known = Array.Find(s_routes, route => route.Matches(context.Request));
        var format = known?.Format ?? UnservedPaths.NearestFormat(context.Request.Path.Value ?? "", context.Request.Headers.ContainsKey);
        var exchange = completion.Begin(known?.Format.Id ?? FormatId.Unknown);
        var feature = new ExchangeFeature(exchange, format, known?.Endpoint ?? format.Endpoints[0]);
        context.Features.Set(feature);
        context.Response.Headers[ErrorResponses.DecisionHeader] = exchange.Id;
        try
        {
            if (await admission.AdmitAsync(context, feature).ConfigureAwait(false) is not null)
            {
                await RefuseAsync(context, feature, known?.Endpoint).ConfigureAwait(false);
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

    private static ValueTask RefuseAsync(HttpContext context, ExchangeFeature feature, WireEndpoint? served)
    {
        var exchange = feature.Exchange;
        var isSocket = IsSocket(context);
        var capability = served is not null && !isSocket ? Capability.UnknownRoute : UnservedPaths.CapabilityOf(context.Request.Path.Value ?? "", isSocket);
        exchange.OtherFindings.Add(CapabilityGuard.ToFinding(capability, PolicyAction.Block, path: null));
        if (CapabilityTerms.Of(capability) is { Fixed: true } && capability != Capability.UnknownRoute)
        {
            var what = $"The request {CapabilityTerms.Of(capability).What}, which the gateway cannot inspect; no policy allows it.";
            var refusal = new GatewayError(ErrorCode.PolicyBlocked, what, exchange.Id);
            return ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Blocked, refusal, TelemetryNames.Of(capability));
        }

        context.Response.Headers.Allow = served?.Method;
        var error = served is not null
            ? new GatewayError(ErrorCode.MethodNotAllowed, $"This path takes {served.Method} only.", exchange.Id)
            : new GatewayError(ErrorCode.UnknownUrl, "The gateway does not serve this path.", exchange.Id);
        return ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Refused, error);
    }

    /// <summary>An upgrade of HTTP/1.1 or an extended CONNECT of HTTP/2: either would leave requests and answers behind.</summary>
    private static bool IsSocket(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0 || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>A route pattern of a format.</summary>
    private sealed record KnownRoute(IWireFormat Format, WireEndpoint Endpoint, TemplateMatcher Matcher)
    {
        public static KnownRoute Of(IWireFormat format, WireEndpoint endpoint, string route) =>
            new(format, endpoint, new TemplateMatcher(TemplateParser.Parse(route), []));

        public bool Matches(HttpRequest request) =>
            (Endpoint.Header is null || request.Headers.ContainsKey(Endpoint.Header)) && Matcher.TryMatch(request.Path, []);
    }
}
