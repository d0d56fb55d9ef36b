using Gateway.Authentication;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Limits;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Proxy;

/// <summary>
/// The one path of a request, in order: who, which policy, may it enter, what does it say, do the guards let it pass, forward. Each step either
/// goes on or answers and ends the exchange; whatever happens, the exchange is completed exactly once.
/// </summary>
internal sealed class ExchangeMiddleware(
    RequestDelegate next,
    GatewayRoutes routes,
    TrafficAuthenticator authenticator,
    PolicyStore policies,
    AdmissionLimits limits,
    GuardPipeline guards,
    EndUsers endUsers,
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
        var who = await authenticator.AuthenticateAsync(context).ConfigureAwait(false);
        if (who.Identity is not { } identity)
        {
            exchange.KeyId = who.KeyId;
            await RefuseAsync(context, feature, ErrorCode.InvalidApiKey, "The gateway key is missing or not valid.", who.Failure is { } failure ? TenantTerms.Of(failure) : null).ConfigureAwait(false);
            return null;
        }

        exchange.Tenant = identity.Tenant;
        exchange.Application = identity.Application;
        exchange.KeyId = identity.KeyId;
        var snapshot = policies.Current;
        if (snapshot?.For(identity.Tenant) is not { } policy)
        {
            var (code, message) = snapshot is null
                ? (ErrorCode.NotReady, "The gateway has no policy loaded yet.")
                : (ErrorCode.NoPolicy, "No policy applies to this tenant.");
            await RefuseAsync(context, feature, code, message).ConfigureAwait(false);
            return null;
        }

        exchange.Policy = policy;
        exchange.PolicyVersion = snapshot.Version;
        context.Response.Headers[ErrorResponses.PolicyHeader] = snapshot.Version;
        using var lease = limits.TryEnter(identity.Tenant, policy.Limits, out var denial);
        completion.Limited(exchange, denial, lease is not null);
        if (lease is null)
        {
            await LimitAsync(context, feature, denial).ConfigureAwait(false);
            return null;
        }

        return await ReadAsync(context, feature, policy).ConfigureAwait(false);
    }

    /// <summary>Step 5: the envelope and the body, read once and strictly.</summary>
    private async ValueTask<RequestBody?> ReadAsync(HttpContext context, ExchangeFeature feature, TenantPolicy policy)
    {
        var exchange = feature.Exchange;
        if (RequestEnvelope.Check(context.Request, feature.Endpoint) is var (code, reason, message))
        {
            await RefuseAsync(context, feature, code, message, reason).ConfigureAwait(false);
            return null;
        }

        var started = time.GetTimestamp();
        var body = await RequestBodyReader.ReadAsync(context, policy.Limits.Size.BodyBytes, context.RequestAborted).ConfigureAwait(false);
        if (body is null)
        {
            var limit = $"The body is larger than the {policy.Limits.Size.BodyBytes} bytes that the policy allows.";
            await RefuseAsync(context, feature, ErrorCode.BodyTooLarge, limit).ConfigureAwait(false);
            return null;
        }

        exchange.RequestBytes = body.Bytes.Length;
        var read = completion.Phase(OverheadPhase.Read, started);
        exchange.Request = new ExchangeRequest
        {
            Body = body.Bytes,
            PathModel = context.Request.RouteValues[WireEndpoint.ModelParameter] as string,
            Stream = feature.Endpoint.Streams ?? false,
            Framing = feature.Endpoint.FramingFor(key => context.Request.Query[key]),
        };
        var fault = feature.Format.ReadRequest(exchange.Request);
        completion.Phase(OverheadPhase.Parse, read);
        if (fault is not null)
        {
            exchange.OtherFindings.Add(new Finding(
                GuardId.Protocol, fault.Reason, Threat.Protocol, Surface.Metadata, PolicyAction.Block, Severity.Medium, GuardMode.Enforce, fault.Param));
            var error = new GatewayError(ErrorCode.InvalidRequest, fault.Message, exchange.Id, fault.Param);
            await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Refused, error, fault.Reason).ConfigureAwait(false);
            return body;
        }

        if (await GuardAsync(context, feature, policy).ConfigureAwait(false))
        {
            await forwarding.ForwardAsync(context, feature, next).ConfigureAwait(false);
        }

        return body;
    }

    /// <summary>Step 6: limits that need the body, then the guards. False: the exchange was answered.</summary>
    private async ValueTask<bool> GuardAsync(HttpContext context, ExchangeFeature feature, TenantPolicy policy)
    {
        var exchange = feature.Exchange;
        var user = endUsers.Of(context.Request, exchange.Request!);
        exchange.EndUserHash = endUsers.Hash(user);
        if (!limits.TryEnterUser(exchange.Tenant!, exchange.EndUserHash, policy.Limits, out var denial))
        {
            completion.Limited(exchange, denial, admitted: false);
            await LimitAsync(context, feature, denial).ConfigureAwait(false);
            return false;
        }

        var started = time.GetTimestamp();
        var guard = new GuardContext(exchange.Id, exchange.Request!, policy, policy.Models.Resolve(exchange.Request!.Model));
        exchange.Guards = guard;
        await guards.RunAsync(guard, context.RequestAborted).ConfigureAwait(false);
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
        if (!notice.Refusal || block.Guard == GuardId.Model)
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

        await ErrorResponses.SendRefusalAsync(context, exchange, answer.WrittenMemory).ConfigureAwait(false);
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
