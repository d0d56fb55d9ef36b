namespace Gateway.Core.Decisions;

/// <summary>How an exchange ended: one value for metric, span, log, record and response header.</summary>
public enum Outcome : byte
{
    /// <summary>The answer went through whole.</summary>
    Allowed,

    /// <summary>A policy rule stopped it before any of the answer was sent.</summary>
    Blocked,

    /// <summary>A limit or a kill switch refused admission, before the body was read.</summary>
    Limited,

    /// <summary>Refused before inspection: no key, bad bytes, unknown route.</summary>
    Refused,

    /// <summary>The gateway ended a stream that had begun.</summary>
    Cut,

    /// <summary>The client went away.</summary>
    Cancelled,

    /// <summary>The provider failed.</summary>
    UpstreamFailed,

    /// <summary>The gateway failed.</summary>
    Failed,
}

/// <summary>What a guard said, in the words of the telemetry label <c>verdict</c>.</summary>
public enum Verdict : byte
{
    /// <summary>Nothing found.</summary>
    Allowed,

    /// <summary>Stopped the exchange.</summary>
    Blocked,

    /// <summary>Replaced text.</summary>
    Redacted,

    /// <summary>In monitor mode: would have stopped it.</summary>
    WouldBlock,

    /// <summary>In monitor mode: would have replaced text.</summary>
    WouldRedact,

    /// <summary>The guard failed and the policy lets traffic pass.</summary>
    Bypassed,

    /// <summary>The guard failed and the exchange was stopped.</summary>
    Error,
}
