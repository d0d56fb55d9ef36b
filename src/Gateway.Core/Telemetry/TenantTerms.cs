using Gateway.Core.Tenants;

namespace Gateway.Core.Telemetry;

/// <summary>The words for why nobody was authenticated, as they stand in records.</summary>
public static class TenantTerms
{
    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(AuthenticationFailure value) => value switch
    {
        AuthenticationFailure.Missing => "key_missing",
        AuthenticationFailure.Malformed => "key_malformed",
        AuthenticationFailure.Expired => "key_expired",
        AuthenticationFailure.Revoked => "key_revoked",
        AuthenticationFailure.Conflicting => "keys_conflicting",
        _ => "key_unknown",
    };
}
