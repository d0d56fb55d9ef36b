namespace Gateway.Core.Tenants;

/// <summary>Who sends an exchange. One object per key, shared by all its exchanges.</summary>
/// <param name="Tenant">Tenant; follows <see cref="TenantName"/>.</param>
/// <param name="Application">Application, if the key or token names one; follows <see cref="TenantName"/>.</param>
/// <param name="KeyId">Public id of the gateway key, <c>demo</c> for the demo key, <c>jwt</c> for a token.</param>
public sealed record TenantIdentity(string Tenant, string? Application, string KeyId);

/// <summary>The closed list of reasons why nobody was authenticated.</summary>
public enum AuthenticationFailure : byte
{
    /// <summary>No credential was sent.</summary>
    Missing,

    /// <summary>What was sent is neither a gateway key nor, where tokens are accepted, a usable token.</summary>
    Malformed,

    /// <summary>No such key, a wrong secret, or a token whose signature, issuer, audience or claims are not accepted. Never says which.</summary>
    Unknown,

    /// <summary>The key or token was right and its time is over.</summary>
    Expired,

    /// <summary>The key was right and has been revoked.</summary>
    Revoked,

    /// <summary>Several credentials were sent that are not the same.</summary>
    Conflicting,
}

/// <summary>What came of an authentication: an identity, or the reason why there is none.</summary>
public readonly record struct AuthenticationResult
{
    private AuthenticationResult(TenantIdentity? identity, AuthenticationFailure? failure, string? keyId)
    {
        Identity = identity;
        Failure = failure;
        KeyId = keyId;
    }

    /// <summary>The sender; null exactly when <see cref="Failure"/> is set (a default value of this struct has neither and is not a success).</summary>
    public TenantIdentity? Identity { get; }

    /// <summary>Why there is no identity.</summary>
    public AuthenticationFailure? Failure { get; }

    /// <summary>Id of the key that was proven, also when it has expired or is revoked; null when nothing was proven.</summary>
    public string? KeyId { get; }

    /// <summary>Someone was authenticated.</summary>
    public static AuthenticationResult Success(TenantIdentity identity) => new(identity, null, identity.KeyId);

    /// <summary>Nobody was. <paramref name="keyId"/> only for a key whose secret was right.</summary>
    public static AuthenticationResult Fail(AuthenticationFailure failure, string? keyId = null) => new(null, failure, keyId);
}
