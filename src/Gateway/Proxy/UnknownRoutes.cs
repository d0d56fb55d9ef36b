using Gateway.Core.Decisions;
using Gateway.Core.Formats;

namespace Gateway.Proxy;

/// <summary>
/// Answers what the traffic listener does not serve: an exchange of its own with a record, since a request to an unknown surface is worth
/// knowing about. The shape is that of the format whose paths come nearest.
/// </summary>
internal sealed class UnknownRoutes(ExchangeCompletion completion)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var known = WireFormats.All.FirstOrDefault(format => Routes(format).Any(route => WireEndpoint.IsRoute(route, path)));
        var format = known ?? WireFormats.All.MaxBy(format => Routes(format).Max(route => CommonStart(WireEndpoint.FixedStart(route), path)))!;
        var exchange = completion.Begin(known?.Id ?? FormatId.Unknown);
        context.Features.Set(new ExchangeFeature(exchange, format, format.Endpoints[0]));
        context.Response.Headers[ErrorResponses.DecisionHeader] = exchange.Id;
        try
        {
            var error = known is null
                ? new GatewayError(ErrorCode.UnknownUrl, "The gateway does not serve this path.", exchange.Id)
                : new GatewayError(ErrorCode.MethodNotAllowed, "This path takes POST only.", exchange.Id);
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

    private static IEnumerable<string> Routes(IWireFormat format) => format.Endpoints.SelectMany(endpoint => endpoint.Routes);

    // Of several that are equally near the first counts.
    private static int CommonStart(string route, string path)
    {
        var length = 0;
        while (length < route.Length && length < path.Length && char.ToUpperInvariant(route[length]) == char.ToUpperInvariant(path[length]))
        {
            length++;
        }

        return length;
    }
}
