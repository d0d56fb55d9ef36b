using System.Buffers;
using System.Globalization;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Models;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy;

/// <summary>
/// Answers requests for models from the tenant's policy: the list shows what the tenant may use and nothing else, so that nobody learns the operator's
/// account from it. The answer is read by the output rules like any other, since ids and names are the provider's words.
/// </summary>
internal sealed class ModelListAnswers(ProviderModels providers)
{
    public async ValueTask AnswerAsync(HttpContext context, ExchangeFeature feature, IModelListFormat format, TenantPolicy policy)
    {
        var exchange = feature.Exchange;
        if (Refusal(context, feature.Endpoint) is var (code, reason, message))
        {
            var error = new GatewayError(code, message, exchange.Id);
            await ErrorResponses.RefuseAsync(context, format, exchange, Outcome.Refused, error, reason).ConfigureAwait(false);
            return;
        }

        var known = await providers.OfAsync(format, context.RequestAborted).ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>(1024);
        if (Named(context) is not { } name)
        {
            format.WriteList(UsableModels.Of(policy.Models, known), Page(context.Request.Query), body);
        }
        else
        {
            exchange.Request = new ExchangeRequest { Body = default, PathModel = name };
            format.ReadRequest(exchange.Request);
            if (UsableModels.Find(policy.Models, name, known) is not { } model)
            {
                var error = Notices.UnknownModel(exchange);
                await ErrorResponses.RefuseAsync(context, format, exchange, Outcome.Blocked, error, Core.Guards.ModelGuard.Rule).ConfigureAwait(false);
                return;
            }

            format.WriteOne(model, body);
        }

        await SendAsync(context, feature, body.WrittenMemory).ConfigureAwait(false);
    }

    private static async ValueTask SendAsync(HttpContext context, ExchangeFeature feature, ReadOnlyMemory<byte> body)
    {
        var exchange = feature.Exchange;
        using var content = new MessageContent();
        if (!feature.Format.TryReadResponse(body, content))
        {
            throw new InvalidOperationException("The gateway does not understand its own list of models.");
        }

        if (ResponseGuard.Judge(content, body.Span, exchange) is { } block)
        {
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Blocked, Notices.Error(exchange, block), block.Rule).ConfigureAwait(false);
            return;
        }

        exchange.Ledger.Deliver(TrafficDirection.Response, TextCounts.Of(content));
        await ErrorResponses.SendOwnAsync(context, exchange, body).ConfigureAwait(false);
        exchange.Conclude(Outcome.Allowed);
    }

    private static (ErrorCode Code, string Reason, string Message)? Refusal(HttpContext context, WireEndpoint endpoint)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            return (ErrorCode.InvalidRequest, RequestFaultReasons.BodyNotTaken, "This path takes no body.");
        }

        return RequestEnvelope.CheckHeaders(context.Request, endpoint) ?? RequestEnvelope.CheckQuery(context.Request, endpoint);
    }

    // The server leaves escaped slashes in paths as they are, and SDKs escape those in names.
    private static string? Named(HttpContext context) =>
        context.Request.RouteValues[WireEndpoint.ModelParameter] is string { Length: > 0 } name ? name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : null;

    private static ModelPage Page(IQueryCollection query) => new(
        int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null,
        query["after_id"],
        query["before_id"]);
}
