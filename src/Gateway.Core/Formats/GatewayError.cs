namespace Gateway.Core.Formats;

/// <summary>The closed list of codes that the gateway itself answers with. Stable: developers' code switches on them.</summary>
public enum ErrorCode : byte
{
    /// <summary>403: a policy rule stopped the request or the answer.</summary>
    PolicyBlocked,

    /// <summary>403: a guard that must run could not, and fails closed.</summary>
    GuardFailed,

    /// <summary>400: the body is not the strict JSON the gateway accepts; the message carries the reason.</summary>
    InvalidRequest,

    /// <summary>401: no key, or none that is valid.</summary>
    InvalidApiKey,

    /// <summary>403: the tenant has no policy.</summary>
    NoPolicy,

    /// <summary>404: the policy does not list the model, or no provider serves it.</summary>
    ModelNotFound,

    /// <summary>404: the gateway does not serve this path.</summary>
    UnknownUrl,

    /// <summary>405: the path exists with another method.</summary>
    MethodNotAllowed,

    /// <summary>408 is retried by SDKs, so a client too slow to send its body gets 400.</summary>
    RequestTimeout,

    /// <summary>413: the body is larger than the policy allows.</summary>
    BodyTooLarge,

    /// <summary>415: not JSON in UTF-8, or an encoded body.</summary>
    UnsupportedMediaType,

    /// <summary>429 with a short retry-after.</summary>
    RateLimitExceeded,

    /// <summary>502: the provider failed or its answer could not be read.</summary>
    UpstreamFailed,

    /// <summary>504: the provider did not answer in time.</summary>
    UpstreamTimeout,

    /// <summary>503: the gateway is shutting down.</summary>
    ShuttingDown,

    /// <summary>503: no policy is loaded yet.</summary>
    NotReady,

    /// <summary>500: a fault of the gateway.</summary>
    InternalError,
}

/// <summary>An error of the gateway's own, before a format gives it its shape.</summary>
/// <param name="Code">What happened.</param>
/// <param name="Message">For the developer. Names the rule, never a threshold, a pattern or content.</param>
/// <param name="DecisionId">The id under which the decision record is found.</param>
/// <param name="Param">The JSON path the error concerns.</param>
/// <param name="RetryAfter">How long the client should wait; only with <see cref="ErrorCode.RateLimitExceeded"/>.</param>
public readonly record struct GatewayError(ErrorCode Code, string Message, string DecisionId, string? Param = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The HTTP status that goes with the code. Only statuses that SDKs retry where a retry can help.</summary>
    public int Status => Code switch
    {
        ErrorCode.PolicyBlocked or ErrorCode.GuardFailed or ErrorCode.NoPolicy => 403,
        ErrorCode.InvalidRequest or ErrorCode.RequestTimeout => 400,
        ErrorCode.InvalidApiKey => 401,
        ErrorCode.ModelNotFound or ErrorCode.UnknownUrl => 404,
        ErrorCode.MethodNotAllowed => 405,
        ErrorCode.BodyTooLarge => 413,
        ErrorCode.UnsupportedMediaType => 415,
        ErrorCode.RateLimitExceeded => 429,
        ErrorCode.UpstreamFailed => 502,
        ErrorCode.UpstreamTimeout => 504,
        ErrorCode.ShuttingDown or ErrorCode.NotReady => 503,
        _ => 500,
    };

    /// <summary>The code as it stands on the wire.</summary>
    public string WireCode => Code switch
    {
        ErrorCode.PolicyBlocked => "policy_blocked",
        ErrorCode.GuardFailed => "guard_failed",
        ErrorCode.NoPolicy => "no_policy",
        ErrorCode.InvalidRequest => "invalid_request",
        ErrorCode.RequestTimeout => "request_timeout",
        ErrorCode.InvalidApiKey => "invalid_api_key",
        ErrorCode.ModelNotFound => "model_not_found",
        ErrorCode.UnknownUrl => "unknown_url",
        ErrorCode.MethodNotAllowed => "method_not_allowed",
        ErrorCode.BodyTooLarge => "body_too_large",
        ErrorCode.UnsupportedMediaType => "unsupported_media_type",
        ErrorCode.RateLimitExceeded => "rate_limit_exceeded",
        ErrorCode.UpstreamFailed => "upstream_failed",
        ErrorCode.UpstreamTimeout => "upstream_timeout",
        ErrorCode.ShuttingDown => "shutting_down",
        ErrorCode.NotReady => "not_ready",
        _ => "internal_error",
    };
}
