using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gateway.Proxy;

/// <summary>
/// Sends the exchange upstream through YARP, over destinations and, where the policy names fallbacks, over models. Another attempt is made only
/// while nothing was sent to the client, and never after a policy decision.
/// </summary>
internal sealed class Forwarding(ProviderCatalog providers, IProxyStateLookup state, ExchangeCompletion completion)
{
    public async ValueTask ForwardAsync(HttpContext context, ExchangeFeature feature, RequestDelegate next)
    {
        var exchange = feature.Exchange;
        if (providers.For(feature.Endpoint) is not { } provider || !state.TryGetCluster(provider.Name, out var cluster))
        {
            var error = new GatewayError(ErrorCode.ModelNotFound, "No provider is configured for this path.", exchange.Id);
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Refused, error, "no_provider").ConfigureAwait(false);
            return;
        }

        feature.Provider = provider;
        exchange.Provider = provider.Name;
        var models = Models(exchange);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        for (var model = 0; ;)
        {
            exchange.ModelSent = models[model];
            var left = Destinations(cluster, tried);
            var isLast = exchange.Attempts + 1 >= provider.Options.MaxAttempts || (left.Count <= 1 && model + 1 >= models.Length);
            feature.MayRetry = !isLast;
            await AttemptAsync(context, feature, cluster, left, next).ConfigureAwait(false);
            if (!WantsAnother(context, feature))
            {
                break;
            }

            if (context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is { } failed)
            {
                tried.Add(failed.DestinationId);
            }

            if (left.Count <= 1)
            {
                model++;
                tried.Clear();
            }
        }

        await ConcludeAsync(context, feature).ConfigureAwait(false);
    }

    private static ImmutableArray<string> Models(Exchange exchange)
    {
        var first = exchange.Guards!.Model;
        return [first, .. exchange.Policy!.Models.FallbacksOf(first)];
    }

    private static IReadOnlyList<DestinationState> Destinations(ClusterState cluster, HashSet<string> tried)
    {
        var available = cluster.DestinationsState.AvailableDestinations;
        return tried.Count == 0 ? available : [.. available.Where(destination => !tried.Contains(destination.DestinationId))];
    }

    private async ValueTask AttemptAsync(
        HttpContext context, ExchangeFeature feature, ClusterState cluster, IReadOnlyList<DestinationState> destinations, RequestDelegate next)
    {
        var exchange = feature.Exchange;
        feature.WantsRetry = false;
        feature.Error = null;
        feature.UpstreamBody = UpstreamBody(exchange, feature.Format);
        exchange.UpstreamStatus = null;
        if (exchange.Attempts++ == 0)
        {
            exchange.Ledger.Deliver(TrafficDirection.Request, TextCounts.Of(exchange.Request!.Content));
        }

        context.Features.Set<IForwarderErrorFeature>(null);

        // YARP forwards only while the response is untouched; a failed attempt has left its status.
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
        context.Request.Body = new ReadOnlyBodyStream(feature.UpstreamBody);
        context.ReassignProxyRequest(cluster);
        context.GetReverseProxyFeature().AvailableDestinations = destinations;
        var attempt = completion.AttemptStarted(feature);
        await next(context).ConfigureAwait(false);
        exchange.MarkUpstreamEnd();
        exchange.Destination = context.GetReverseProxyFeature().ProxiedDestination?.DestinationId ?? exchange.Destination;
        completion.AttemptEnded(attempt, feature, context.Features.Get<IForwarderErrorFeature>()?.Error);
    }

    /// <summary>The client's own bytes, with the edits that the policy asks for: the model's real name, usage in the stream, no to what it denies, its
    /// system prompt.</summary>
    private static ReadOnlyMemory<byte> UpstreamBody(Exchange exchange, IWireFormat format)
    {
        var request = exchange.Request!;
        var renamed = !string.Equals(request.Model, exchange.ModelSent, StringComparison.Ordinal);
        var denials = exchange.Policy?.ModeOf(GuardId.Capability) == GuardMode.Enforce ? request.DenialEdits : [];
        var preamble = Preamble(exchange, format);
        if (!renamed && request.UsageEdits.Count == 0 && denials.Count == 0 && preamble.Count == 0)
        {
            return request.Body;
        }

        List<BodyEdit> edits = [.. request.UsageEdits, .. denials, .. preamble];
        if (renamed && request.ModelToken.Length > 0)
        {
            edits.Add(new BodyEdit(request.ModelToken, Quoted(exchange.ModelSent!)));
        }

        if (renamed)
        {
            edits.AddRange(request.ModelRepeats.Select(token => new BodyEdit(token, Quoted(request.ModelPrefix + exchange.ModelSent))));
        }

        return edits.Count == 0 ? request.Body : BodyEdit.Apply(request.Body.Span, edits);
    }

    private static IReadOnlyList<BodyEdit> Preamble(Exchange exchange, IWireFormat format)
    {
        if (exchange.Policy?.SystemPrompt is not { } prompt)
        {
            return [];
        }

        var edits = format.PrependSystem(exchange.Request!.Body.Span, prompt.Prepend);
        exchange.SystemPromptVersion = edits.Count == 0 ? null : prompt.Version;
        return edits;
    }

    private static byte[] Quoted(string name) => JsonSerializer.SerializeToUtf8Bytes(name, HostJson.Default.String);

    private static bool WantsAnother(HttpContext context, ExchangeFeature feature)
    {
        if (!feature.MayRetry || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || feature.Stream is not null)
        {
            return false;
        }

        // Not after a time-out: the provider may still be at work on it, and the client has waited long enough.
        return feature.WantsRetry || context.Features.Get<IForwarderErrorFeature>()?.Error is ForwarderError.Request or ForwarderError.NoAvailableDestinations;
    }

    private static async ValueTask ConcludeAsync(HttpContext context, ExchangeFeature feature)
    {
        var exchange = feature.Exchange;
        var failure = context.Features.Get<IForwarderErrorFeature>()?.Error;
        exchange.Status = context.Response.StatusCode;
        if (feature.Stream is { } stream)
        {
            StreamOutcome.Apply(stream, exchange, context.RequestAborted.IsCancellationRequested);
        }

        if (exchange.Outcome is null && (context.RequestAborted.IsCancellationRequested || failure is ForwarderError.RequestCanceled or ForwarderError.ResponseBodyClient))
        {
            exchange.Conclude(Outcome.Cancelled, "client_closed");
            return;
        }

        if (feature.Error is { } error)
        {
            var outcome = exchange.Outcome ?? Outcome.UpstreamFailed;
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, outcome, error).ConfigureAwait(false);
        }
        else if (failure is { } kind && exchange.Outcome is null)
        {
            var fault = UpstreamErrors.From(kind, exchange);
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.UpstreamFailed, fault, kind.ToString()).ConfigureAwait(false);
        }
        else
        {
            exchange.ResponseBytes = feature.Stream?.Delivered ?? context.Response.ContentLength ?? 0;
            exchange.Conclude(Outcome.Allowed);
        }
    }
}

/// <summary>Reads the outcome of an exchange off its stream.</summary>
internal static class StreamOutcome
{
    public static void Apply(InspectedSseStream stream, Exchange exchange, bool clientIsGone)
    {
        var inspector = stream.Inspector;
        exchange.Response = new ResponseFacts(inspector.ResponseId, inspector.Model, inspector.FinishReasons, inspector.Usage);
        exchange.CalledTools = inspector.CalledTools;
        exchange.Ledger.Inspect(TrafficDirection.Response, GuardId.Content, inspector.Scanned);
        exchange.Ledger.Deliver(TrafficDirection.Response, inspector.Delivered);
        exchange.ResponseBytes = stream.Delivered;
        switch (inspector.End)
        {
            case StreamEnd.None:
                exchange.Conclude(clientIsGone ? Outcome.Cancelled : Outcome.UpstreamFailed, clientIsGone ? "client_closed" : "broken_off");
                break;
            case StreamEnd.Complete:
                exchange.Conclude(Outcome.Allowed);
                break;
            case StreamEnd.Violation:
                exchange.Conclude(stream.Delivered == 0 ? Outcome.Blocked : Outcome.Cut, inspector.Block?.Rule, ErrorCode.PolicyBlocked);
                break;
            case StreamEnd.GuardError:
                exchange.Conclude(Outcome.Cut, "guard_error", ErrorCode.GuardFailed);
                break;
            case StreamEnd.ShuttingDown:
                exchange.Conclude(Outcome.Cut, "shutting_down", ErrorCode.ShuttingDown);
                break;
            default:
                var code = inspector.End == StreamEnd.UpstreamTimeout ? ErrorCode.UpstreamTimeout : ErrorCode.UpstreamFailed;
                exchange.Conclude(Outcome.UpstreamFailed, inspector.Fault, code);
                break;
        }
    }
}
