using Gateway.Core.Tenants;

namespace Gateway.Authentication;

/// <summary>
/// Section <c>Gateway:Jwt</c>: bearer tokens of an identity provider as an alternative to gateway keys. Keys come from the provider's discovery document
/// (<see cref="Authority"/>) or, for tests and closed networks, from a file (<see cref="SigningKeysFile"/>).
/// </summary>
public sealed record JwtOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gateway:Jwt";

    /// <summary>Base address of the identity provider; <c>/.well-known/openid-configuration</c> is added.</summary>
    public string? Authority { get; init; }

    /// <summary>JWKS file with public RSA or EC keys, each with a <c>kid</c>; read once at start.</summary>
    public string? SigningKeysFile { get; init; }

    /// <summary>The <c>aud</c> that tokens must be made for.</summary>
    public string? Audience { get; init; }

    /// <summary>The <c>iss</c> that tokens must name. With an authority the default is the discovery document's.</summary>
    public string? Issuer { get; init; }

    /// <summary>Claim that holds the tenant: a string that follows <see cref="TenantName"/>. A token without it is refused.</summary>
    public string TenantClaim { get; init; } = "tenant";

    /// <summary>Claim that holds the application; may be missing, but not break the rule of names.</summary>
    public string ApplicationClaim { get; init; } = "application";

    /// <summary>False allows an authority without TLS; for tests.</summary>
    public bool RequireHttpsMetadata { get; init; } = true;

    /// <summary>Difference of clocks that is tolerated for <c>exp</c> and <c>nbf</c>.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Throws when the section is not usable.</summary>
    /// <exception cref="InvalidOperationException">What is missing or contradicts, with the setting's name.</exception>
    public void Validate()
    {
        Require(Authority is null != (SigningKeysFile is null), "exactly one of Authority and SigningKeysFile must be set.");
        Require(!string.IsNullOrEmpty(Audience), "Audience must be set, else a token made for any other service would be accepted.");
        Require(SigningKeysFile is null || !string.IsNullOrEmpty(Issuer), "Issuer must be set with SigningKeysFile.");
        Require(!string.IsNullOrEmpty(TenantClaim) && !string.IsNullOrEmpty(ApplicationClaim), "TenantClaim and ApplicationClaim must not be empty.");
        Require(ClockSkew >= TimeSpan.Zero && ClockSkew <= TimeSpan.FromMinutes(10), "ClockSkew must be 0 to 10 minutes.");
        if (Authority is { } authority)
        {
            Require(Uri.TryCreate(authority, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http", "Authority must be an http(s) address.");
            Require(uri!.Scheme == "https" || !RequireHttpsMetadata, "Authority must be https unless RequireHttpsMetadata is false.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"{Section}: {message}");
        }
    }
}
