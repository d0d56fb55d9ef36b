using Gateway.Authentication;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Proxy;

/// <summary>Who sends a request and which policy governs it: the first two questions on every path, served or not.</summary>
internal sealed class Admission(TrafficAuthenticator authenticator, PolicyStore policies)
{
    /// <summary>The policy of the tenant; null: the request was answered. The exchange keeps who and which version.</summary>
    public async ValueTask<TenantPolicy?> AdmitAsync(HttpContext context, ExchangeFeature feature)
    {
        var exchange = feature.Exchange;
        var who = await authenticator.AuthenticateAsync(context).ConfigureAwait(false);
        exchange.KeyId = who.KeyId;
        if (who.Identity is not { } identity)
        {
            var reason = who.Failure is { } failure ? TenantTerms.Of(failure) : null;
            await RefuseAsync(context, feature, ErrorCode.InvalidApiKey, "The gateway key is missing or not valid.", reason).ConfigureAwait(false);
            return null;
        }

        exchange.Tenant = identity.Tenant;
        exchange.Application = identity.Application;
        exchange.KeyId = identity.KeyId;
        var choice = policies.Choose(identity.Tenant, identity.KeyId);
        var snapshot = choice.Snapshot;
        (exchange.PolicyVariant, feature.Trial) = (choice.Variant, choice.Trial);
        var subject = new PolicySubject(identity.Tenant, identity.Application, identity.KeyId, feature.Format.Id);
        if (snapshot?.For(subject, exchange.StartedAt) is not { } policy)
        {
            var (code, message) = snapshot is null
                ? (ErrorCode.NotReady, "The gateway has no policy loaded yet.")
                : (ErrorCode.NoPolicy, "No policy applies to this tenant.");
            await RefuseAsync(context, feature, code, message).ConfigureAwait(false);
            return null;
        }

        feature.Snapshot = snapshot;
        exchange.Policy = policy;
        exchange.PolicyVersion = snapshot.Version;
        exchange.PolicyRevision = snapshot.Revision;
        context.Response.Headers[ErrorResponses.PolicyHeader] = snapshot.Version;
        if (policy.Emergency.Kill is not { } kill)
        {
            return policy;
        }

        // Known without reading a byte of the body. Refused for good: a status that SDKs retry would keep the traffic coming.
        var finding = OverrideFindings.Blocked(kill);
        exchange.OtherFindings.Add(finding);
        var blocked = Notices.Error(exchange, finding);
        await ErrorResponses.RefuseAsync(context, feature.Format, exchange, Outcome.Limited, blocked, finding.Rule).ConfigureAwait(false);
        return null;
    }

    /// <summary>
    /// The policy once the body was read and end user and model are known: of the snapshot that admitted the exchange, at the time at which it
    /// began, whatever is in force by now.
    /// Null: the documents attach none to this model.
    /// </summary>
    public static TenantPolicy? Refine(ExchangeFeature feature)
    {
        var exchange = feature.Exchange;
        var subject = new PolicySubject(exchange.Tenant!, exchange.Application, exchange.KeyId, feature.Format.Id, exchange.EndUserHash, exchange.Request!.Model, exchange.Request.OtherModels);
        if (feature.Snapshot!.For(subject, exchange.StartedAt) is not { } policy)
        {
            return null;
        }

        exchange.Policy = policy;
        return policy;
    }

    private static ValueTask RefuseAsync(HttpContext context, ExchangeFeature feature, ErrorCode code, string message, string? reason = null) =>
        ErrorResponses.RefuseAsync(
            context, feature.Format, feature.Exchange, Outcome.Refused, new GatewayError(code, message, feature.Exchange.Id), reason);
}
