using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Microsoft.AspNetCore.Routing.Template;

namespace Gateway.Proxy;

/// <summary>
/// Answers what the traffic listener does not serve: an exchange of its own with a record, since a request to an unknown surface is worth
/// knowing about. The shape is that of the format whose paths come nearest.
/// </summary>
internal sealed class UnknownRoutes(ExchangeCompletion completion)
{
    private static readonly KnownRoute[] s_routes =
    [
        .. WireFormats.All.SelectMany(format => format.Endpoints.SelectMany(endpoint => endpoint.Routes.Select(route => KnownRoute.Of(format, endpoint, route))))
            .OrderByDescending(route => route.Endpoint.Header is not null),
    ];

    public async Task AnswerAsync(HttpContext context)
    {
        var known = Array.Find(s_routes, route => route.Matches(context.Request));
        var format = (known ?? Nearest(context.Request.Path.Value ?? ""))?.Format ?? WireFormats.All[0];
        var exchange = completion.Begin(known?.Format.Id ?? FormatId.Unknown);
        context.Features.Set(new ExchangeFeature(exchange, format, known?.Endpoint ?? format.Endpoints[0]));
        context.Response.Headers[ErrorResponses.DecisionHeader] = exchange.Id;
        try
        {
            var error = known is null
                ? new GatewayError(ErrorCode.UnknownUrl, "The gateway does not serve this path.", exchange.Id)
                : new GatewayError(ErrorCode.MethodNotAllowed, $"This path takes {known.Endpoint.Method} only.", exchange.Id);
            context.Response.Headers.Allow = known?.Endpoint.Method;
            await ErrorResponses.RefuseAsync(context, format, exchange, Outcome.Refused, error).ConfigureAwait(false);
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

    private static KnownRoute? Nearest(string path) =>
        s_routes.Where(route => path.StartsWith(route.Prefix, StringComparison.OrdinalIgnoreCase)).MaxBy(route => route.Prefix.Length);

    /// <summary>A route pattern of a format, and what stands before its first parameter.</summary>
    private sealed record KnownRoute(IWireFormat Format, WireEndpoint Endpoint, TemplateMatcher Matcher, string Prefix)
    {
        public static KnownRoute Of(IWireFormat format, WireEndpoint endpoint, string route) =>
            new(format, endpoint, new TemplateMatcher(TemplateParser.Parse(route), []), route.Split('{')[0]);

        public bool Matches(HttpRequest request) =>
            (Endpoint.Header is null || request.Headers.ContainsKey(Endpoint.Header)) && Matcher.TryMatch(request.Path, []);
    }
}
