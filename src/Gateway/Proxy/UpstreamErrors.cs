using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Proxy;

/// <summary>Turns what a provider or the way to it did wrong into an error of the gateway's own shape.</summary>
internal static class UpstreamErrors
{
    /// <summary>The largest error body read.</summary>
    public const int LargestBody = 64 * 1024;

    /// <summary>Statuses after which another destination or model may do better. Never a status that says the request itself is wrong.</summary>
    public static bool IsWorthAnotherAttempt(int status) => status is 429 or 500 or 502 or 503 or 504 or 529;

    /// <summary>An answer that cannot be passed on.</summary>
    public static GatewayError Unusable(Exchange exchange, string reason) => new(
        ErrorCode.UpstreamFailed, $"The provider's answer cannot be passed on ({reason}).", exchange.Id);

    /// <summary>The error for a provider's error status. Its text is passed on only where it tells the developer what is wrong with the request.</summary>
    public static GatewayError Rewrite(ExchangeFeature feature, int status, MessageContent? content, HttpResponseMessage response)
    {
        var exchange = feature.Exchange;
        var code = status switch
        {
            // 401 and 403 speak of the gateway's credential, not of the client's.
            401 or 403 => ErrorCode.UpstreamFailed,
            404 => ErrorCode.ModelNotFound,
            413 => ErrorCode.BodyTooLarge,
            429 => ErrorCode.RateLimitExceeded,
            408 or 504 => ErrorCode.UpstreamTimeout,
            >= 400 and < 500 => ErrorCode.InvalidRequest,
            _ => ErrorCode.UpstreamFailed,
        };
        var message = code is ErrorCode.InvalidRequest or ErrorCode.ModelNotFound or ErrorCode.BodyTooLarge
            ? ResponseGuard.ErrorMessage(content, exchange)
            : null;
        message ??= $"The provider answered {status}{(content?.ErrorCode is { } word ? $" ({word})" : "")}.";
        return new GatewayError(code, message, exchange.Id, RetryAfter: RetryAfter(response));
    }

    /// <summary>The error for a failure on the way to the provider.</summary>
    public static GatewayError From(ForwarderError failure, Exchange exchange) => failure switch
    {
        ForwarderError.RequestTimedOut => new GatewayError(ErrorCode.UpstreamTimeout, "The provider did not answer in time.", exchange.Id),
        ForwarderError.NoAvailableDestinations => new GatewayError(ErrorCode.UpstreamFailed, "No destination of the provider is available.", exchange.Id),
        _ => new GatewayError(ErrorCode.UpstreamFailed, "The provider could not be reached or broke off.", exchange.Id),
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter?.Delta;
        return wait > Core.Limits.AdmissionLimits.LongestRetryAfter ? Core.Limits.AdmissionLimits.LongestRetryAfter : wait;
    }
}
