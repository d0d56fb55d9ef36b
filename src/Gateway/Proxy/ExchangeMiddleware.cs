using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Models;
using Gateway.Core.Guards;
using Gateway.Core.Limits;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Gateway.Proxy.Encodings;

namespace Gateway.Proxy;

/// <summary>
/// The one path of a request, in order: who, which policy, may it enter, what does it say, do the guards let it pass, forward. Each step either
/// goes on or answers and ends the exchange; whatever happens, the exchange is completed exactly once.
/// </summary>
internal sealed class ExchangeMiddleware(
    RequestDelegate next,
    GatewayRoutes routes,
    Admission admission,
    AdmissionLimits limits,
    RequestBodyReader bodies,
    GuardPipeline guards,
    EndUsers endUsers,
    ModelListAnswers models,
    Forwarding forwarding,
    ExchangeCompletion completion,
    TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var (format, endpoint) = routes.Of(context);
        var exchange = completion.Begin(format.Id);
        var feature = new ExchangeFeature(exchange, format, endpoint);
        context.Features.Set(feature);
        context.Response.Headers[ErrorResponses.DecisionHeader] = exchange.Id;
        RequestBody? body = null;
        try
        {
            body = await AdmitAsync(context, feature).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            exchange.Conclude(Outcome.Cancelled, "client_closed");
        }
        catch (Exception exception) when (exception is IOException or BadHttpRequestException && context.RequestAborted.IsCancellationRequested)
        {
            exchange.Conclude(Outcome.Cancelled, "client_closed");
        }
        catch (Exception exception)
        {
            completion.Faulted(exchange, exception);
            await FailAsync(context, feature).ConfigureAwait(false);
        }
        finally
        {
            completion.Complete(exchange, context);
            exchange.Request?.Dispose();
            if (exchange.Outcome is Outcome.Allowed or Outcome.Blocked)
            {
                body?.Dispose();
            }
        }
    }

    private static async ValueTask FailAsync(HttpContext context, ExchangeFeature feature)
    {
        var error = new GatewayError(ErrorCode.InternalError, "The gateway failed.", feature.Exchange.Id);
        try
        {
            await ErrorResponses.RefuseAsync(context, feature.Format, feature.Exchange, Outcome.Failed, error).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client is gone as well; the record says what happened.
        }
    }

    /// <summary>Steps 1 to 4: tenant, policy, lease. What needs the lease runs inside its scope.</summary>
    private async ValueTask<RequestBody?> AdmitAsync(HttpContext context, ExchangeFeature feature)
    {
        var exchange = feature.Exchange;
        if (await admission.AdmitAsync(context, feature).ConfigureAwait(false) is not { } policy)
        {
            return null;
        }

        using var lease = limits.TryEnter(exchange.Tenant!, policy.Limits, out var denial);
        completion.Limited(exchange, denial, lease is not null);
        if (lease is null)
        {
            await LimitAsync(context, feature, denial).ConfigureAwait(false);
            return null;
        }

        if (feature.Format is IModelListFormat list)
        {
            await models.AnswerAsync(context, feature, list, policy).ConfigureAwait(false);
            return null;
        }

        return await ReadAsync(context, feature, policy).ConfigureAwait(false);
    }

    /// <summary>Step 5: the envelope and the body, read once and strictly.</summary>
    private async ValueTask<RequestBody?> ReadAsync(HttpContext context, ExchangeFeature feature, TenantPolicy policy)
    {
        var exchange = feature.Exchange;
        if (RequestEnvelope.Check(context.Request, feature.Endpoint, out var encoding) is var (code, reason, message))
        {
            await RefuseAsync(context, feature, code, message, reason).ConfigureAwait(false);
            return null;
        }

        var started = time.GetTimestamp();
        var (body, unread) = await bodies.ReadAsync(context, encoding, policy.Limits.Size.BodyBytes).ConfigureAwait(false);
        if (body is null)
        {
            (code, reason, message) = BodyFaults.Describe(unread, policy.Limits.Size.BodyBytes);
            await RefuseAsync(context, feature, code, message, reason).ConfigureAwait(false);
            return null;
        }

        exchange.RequestBytes = body.Bytes.Length;
        var read = completion.Phase(OverheadPhase.Read, started);
        exchange.Request = Request(context, feature, body.Bytes);
        var fault = feature.Format.ReadRequest(exchange.Request);
        completion.Phase(OverheadPhase.Parse, read);
        if (fault is not null)
        {
            exchange.OtherFindings.Add(ProtocolGuard.ToFinding(fault));
            var error = new GatewayError(ErrorCode.InvalidRequest, ProtocolGuard.Explain(fault), exchange.Id, fault.Param);
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Refused, error, fault.Reason).ConfigureAwait(false);
            return body;
        }

        if (await GuardAsync(context, feature).ConfigureAwait(false))
        {
            await forwarding.ForwardAsync(context, feature, next).ConfigureAwait(false);
        }

        return body;
    }

    private static ExchangeRequest Request(HttpContext context, ExchangeFeature feature, ReadOnlyMemory<byte> body) => new()
    {
        Body = body,
        PathModel = context.Request.RouteValues[WireEndpoint.ModelParameter] as string,
        Stream = feature.Endpoint.Streams ?? false,
        Framing = feature.Endpoint.FramingFor(key => context.Request.Query[key]),
        Tolerates = feature.Exchange.Policy!.Unseen.Tolerated,
        Betas = BetaHeader.Read(context.Request, feature.Endpoint),
    };

    private static ExchangeRequest? Read(HttpContext context, ExchangeFeature feature, ReadOnlyMemory<byte> body)
    {
        var request = Request(context, feature, body);
        if (feature.Format.ReadRequest(request) is null)
        {
            return request;
        }

        request.Dispose();
        return null;
    }

    /// <summary>Step 6: limits that need the body, then the guards. False: the exchange was answered.</summary>
    private async ValueTask<bool> GuardAsync(HttpContext context, ExchangeFeature feature)
    {
        var exchange = feature.Exchange;
        var user = endUsers.Of(context.Request, exchange.Request!);
        exchange.EndUserHash = endUsers.Hash(user);
        if (Admission.Refine(feature) is not { } policy)
        {
            await RefuseAsync(context, feature, ErrorCode.NoPolicy, "No policy applies to this model.").ConfigureAwait(false);
            return false;
        }

        if (!limits.TryEnterUser(exchange.Tenant!, exchange.EndUserHash, policy.Limits, out var denial))
        {
            completion.Limited(exchange, denial, admitted: false);
            await LimitAsync(context, feature, denial).ConfigureAwait(false);
            return false;
        }

        var started = time.GetTimestamp();
        var guard = new GuardContext(exchange.Id, exchange.Request!, policy, policy.Models.Resolve(exchange.Request!.Model))
        {
            Reader = changed => Read(context, feature, changed),
        };
        exchange.Guards = guard;
        try
        {
            await guards.RunAsync(guard, context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            exchange.Request = guard.Request;
        }

        completion.Phase(OverheadPhase.RequestGuards, started);
        if (guard.Block is { } block)
        {
            await BlockAsync(context, feature, block).ConfigureAwait(false);
            return false;
        }

        if (guard.FailedClosed is { } failed)
        {
            var error = new GatewayError(ErrorCode.GuardFailed, "A guard that must read the request failed.", exchange.Id);
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Blocked, error, $"guard_failed_{failed}").ConfigureAwait(false);
            return false;
        }

        return true;
    }

    private static async ValueTask BlockAsync(HttpContext context, ExchangeFeature feature, Finding block)
    {
        var exchange = feature.Exchange;
        var notice = Notices.Blocked(exchange, block);
        if (!notice.Refusal || !feature.Format.HasRefusals || block.Guard == GuardId.Model)
        {
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Blocked, notice.Error, block.Rule).ConfigureAwait(false);
            return;
        }

        exchange.Conclude(Outcome.Blocked, block.Rule, notice.Error.Code);
        var answer = new System.Buffers.ArrayBufferWriter<byte>(512);
        if (exchange.Request!.Stream)
        {
            feature.Format.CreateStreamReader(exchange.Request).WriteCut(notice, StreamPosition.None, answer);
        }
        else
        {
            feature.Format.WriteRefusal(notice, exchange.Request.Model, answer);
        }

        await ErrorResponses.SendOwnAsync(context, exchange, answer.WrittenMemory).ConfigureAwait(false);
    }

    private static ValueTask RefuseAsync(HttpContext context, ExchangeFeature feature, ErrorCode code, string message, string? reason = null) =>
        ErrorResponses.RefuseAsync(
            context, feature.Format, feature.Exchange, Outcome.Refused, new GatewayError(code, message, feature.Exchange.Id), reason);

    private static ValueTask LimitAsync(HttpContext context, ExchangeFeature feature, LimitDenial denial)
    {
        var message = denial.Limit switch
        {
            LimitKind.Concurrency => "Too many requests of this tenant are open.",
            LimitKind.UserRequests => "This end user sends too many requests.",
            _ => "This tenant sends too many requests.",
        };
        var error = new GatewayError(ErrorCode.RateLimitExceeded, message, feature.Exchange.Id, RetryAfter: denial.RetryAfter);
        return ErrorResponses.RefuseAsync(context, feature.Format, feature.Exchange, Outcome.Limited, error, TelemetryTerms.Of(denial.Limit));
    }
}
