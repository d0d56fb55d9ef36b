namespace Gateway.Core.Telemetry;

/// <summary>
/// The reasons a decision record gives for a guard that did not run or failed, read back into the closed sets. A word that is in no set is
/// counted under the broadest one, so that nothing is lost and no new series appears.
/// </summary>
internal static class RecordReasons
{
    public static SkipReason Skip(string? reason) => reason switch
    {
        "off" => SkipReason.Off,
        "cached" => SkipReason.Cached,
        "earlier_block" => SkipReason.EarlierBlock,
        "not_applicable" => SkipReason.NotApplicable,
        _ => SkipReason.Unsupported,
    };

    public static FailOpenReason FailOpen(string? reason) => reason switch
    {
        "timeout" => FailOpenReason.Timeout,
        "unavailable" => FailOpenReason.Unavailable,
        "overload" => FailOpenReason.Overload,
        "budget" => FailOpenReason.Budget,
        _ => FailOpenReason.Exception,
    };
}
