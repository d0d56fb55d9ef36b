namespace Gateway.Core.Exchanges;

/// <summary>
/// Tokens of one exchange. <paramref name="Input"/> and <paramref name="Output"/> are totals; <paramref name="CacheRead"/>,
/// <paramref name="CacheWrite"/> and <paramref name="Reasoning"/> are parts of them (wire formats disagree; the format's reader normalises).
/// </summary>
public readonly record struct TokenUsage(long Input, long Output, long CacheRead = 0, long CacheWrite = 0, long Reasoning = 0);
