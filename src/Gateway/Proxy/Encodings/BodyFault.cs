using Gateway.Core.Formats;

namespace Gateway.Proxy.Encodings;

/// <summary>Why a body could not be read.</summary>
internal enum BodyFault : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>Larger than the policy allows, as sent or decoded.</summary>
    TooLarge,

    /// <summary>It took longer than the gateway waits, or came slower than it must.</summary>
    TooSlow,

    /// <summary>The message's own framing is broken (chunk sizes, lengths).</summary>
    Malformed,

    /// <summary>It unpacks to far more than real text does.</summary>
    Ratio,

    /// <summary>The compressed data ends early.</summary>
    Truncated,

    /// <summary>Something stands behind the end of the compressed data.</summary>
    TrailingData,

    /// <summary>Not data of the encoding that the header names.</summary>
    Invalid,
}

/// <summary>What clients are told.</summary>
internal static class BodyFaults
{
    /// <summary>Code, closed reason and message for <paramref name="fault"/>.</summary>
    public static (ErrorCode Code, string Reason, string Message) Describe(BodyFault fault, long most) => fault switch
    {
        BodyFault.TooLarge => (ErrorCode.BodyTooLarge, "body_too_large", $"The body is larger than the {most} bytes that the policy allows."),
        BodyFault.TooSlow => (ErrorCode.RequestTimeout, "request_timeout", "The body did not come in time."),
        BodyFault.Malformed => (ErrorCode.InvalidRequest, "bad_framing", "The body's chunks or its length are not valid HTTP."),
        BodyFault.Ratio => (ErrorCode.BodyTooLarge, "compression_ratio", $"The body unpacks to more than {DecodeLimit.MostRatio} times its size."),
        BodyFault.Truncated => (ErrorCode.InvalidRequest, "compressed_truncated", "The compressed body ends early."),
        BodyFault.TrailingData => (ErrorCode.InvalidRequest, "compressed_trailing", "Something stands behind the end of the compressed body."),
        _ => (ErrorCode.InvalidRequest, "compressed_invalid", "The body is not what its Content-Encoding says."),
    };

    /// <summary>The closed reason alone.</summary>
    public static string Reason(BodyFault fault) => Describe(fault, 0).Reason;
}
