using Gateway.Core.Tenants;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Authentication;

/// <summary>
/// Checks bearer tokens: signature by a key whose <c>kid</c> the token names, algorithm from a fixed list of asymmetric ones, issuer, audience and
/// lifetime; then maps claims to tenant and application. Keys that a token itself carries or points to (<c>jwk</c>, <c>jku</c>, <c>x5u</c>) are never used.
/// </summary>
internal sealed class JwtAuthenticator
{
    /// <summary>Key id in records and identities of tokens.</summary>
    public const string KeyId = "jwt";

    /// <summary>Never <c>none</c>, and no HMAC: with one, the public key would be the secret.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 16 * 1024 };
    private readonly TokenValidationParameters _parameters;
    private readonly JwtOptions _options;

    /// <summary>With options that were validated, and the keys of their file if they name one.</summary>
    public JwtAuthenticator(JwtOptions options, IReadOnlyList<SecurityKey>? keys, TimeProvider time)
    {
        _options = options;
        _parameters = new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            ValidAudience = options.Audience,
            ValidIssuer = options.Issuer,
            ClockSkew = options.ClockSkew,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuerSigningKey = true,
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = (notBefore, expires, _, parameters) => IsInTime(notBefore, expires, parameters, time.GetUtcNow().UtcDateTime),
        };
        if (keys is not null)
        {
            _parameters.IssuerSigningKeys = keys;
        }
        else
        {
            _parameters.ConfigurationManager = JwtKeys.FromAuthority(options);
        }
    }

    /// <summary>Who the token speaks for. Never throws: an identity provider that cannot be reached means that nobody is authenticated.</summary>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid)
        {
            return AuthenticationResult.Fail(ReasonOf(result.Exception));
        }

        // RFC 7515 section 4.1.11: extensions that are not understood must not be passed over, and none is understood here.
        return result.SecurityToken is JsonWebToken jwt && !jwt.TryGetHeaderValue<object>("crit", out _)
            ? Map(result.Claims)
            : AuthenticationResult.Fail(AuthenticationFailure.Unknown);
    }

    private AuthenticationResult Map(IDictionary<string, object> claims)
    {
        var hasApplication = claims.TryGetValue(_options.ApplicationClaim, out var application);
        return claims.TryGetValue(_options.TenantClaim, out var tenant) && IsName(tenant) && (!hasApplication || IsName(application))
            ? AuthenticationResult.Success(new TenantIdentity((string)tenant, application as string, KeyId))
            : AuthenticationResult.Fail(AuthenticationFailure.Unknown);
    }

    private static bool IsName(object? claim) => claim is string text && TenantName.IsValid(text);

    private static AuthenticationFailure ReasonOf(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => AuthenticationFailure.Expired,
        SecurityTokenMalformedException or ArgumentException => AuthenticationFailure.Malformed,
        _ => AuthenticationFailure.Unknown,
    };

    private static bool IsInTime(DateTime? notBefore, DateTime? expires, TokenValidationParameters parameters, DateTime now)
    {
        if (expires is null || notBefore > now + parameters.ClockSkew)
        {
            return false;
        }

        // This exception, and only for an old token, is what tells expired from never valid.
        return expires > now - parameters.ClockSkew ? true : throw new SecurityTokenExpiredException("The token has expired.");
    }
}
