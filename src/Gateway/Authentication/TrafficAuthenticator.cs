using Gateway.Core.Tenants;

namespace Gateway.Authentication;

/// <summary>
/// Authenticates traffic by gateway key or, where configured, by bearer token. Called by the request path itself: ASP.NET's authentication middleware
/// would cost a ticket, a principal and several allocations a request, and could be left out of the pipeline by mistake.
/// </summary>
public sealed class TrafficAuthenticator
{
    private readonly KeyRegistry _keys;
    private readonly JwtAuthenticator? _tokens;

    internal TrafficAuthenticator(KeyRegistry keys, JwtAuthenticator? tokens)
    {
        _keys = keys;
        _tokens = tokens;
    }

    /// <summary>Who sends the request. Reads headers only, never the body; does not throw.</summary>
    public ValueTask<AuthenticationResult> AuthenticateAsync(HttpContext context)
    {
        var credentials = Credentials.Read(context.Request.Headers);
        if (credentials.Failure is { } failure)
        {
            return new(AuthenticationResult.Fail(failure));
        }

        return _tokens is null || !credentials.FromBearer || credentials.Value.StartsWith(GatewayKey.Prefix, StringComparison.Ordinal)
            ? new(_keys.Authenticate(credentials.Value))
            : _tokens.AuthenticateAsync(credentials.Value.ToString());
    }
}
