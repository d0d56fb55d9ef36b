namespace Gateway.Core.Guards;

/// <summary>How an inspected stream ended.</summary>
public enum StreamEnd : byte
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>With the format's terminator.</summary>
    Complete,

    /// <summary>A rule stopped it.</summary>
    Violation,

    /// <summary>A guard could not give a verdict.</summary>
    GuardError,

    /// <summary>The provider reported an error in the stream.</summary>
    ProviderError,

    /// <summary>The provider's bytes break the format, or end without a terminator.</summary>
    UpstreamFault,

    /// <summary>The provider went silent.</summary>
    UpstreamTimeout,

    /// <summary>The gateway is shutting down.</summary>
    ShuttingDown,
}
