namespace Gateway.Core.Telemetry;

#pragma warning disable CS8524 // see TelemetryNames

/// <summary>The spelling of the closed values that only telemetry knows. The other half is <see cref="TelemetryNames"/>.</summary>
public static class TelemetryTerms
{
    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(OverheadPhase value) => value switch
    {
        OverheadPhase.Admission => "admission",
        OverheadPhase.Read => "read",
        OverheadPhase.Parse => "parse",
        OverheadPhase.RequestGuards => "request_guards",
        OverheadPhase.Reserve => "reserve",
        OverheadPhase.ResponseGuards => "response_guards",
        OverheadPhase.Settle => "settle",
        OverheadPhase.Total => "total",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(LimitKind value) => value switch
    {
        LimitKind.Requests => "requests",
        LimitKind.TokensMinute => "tokens_minute",
        LimitKind.TokensDay => "tokens_day",
        LimitKind.Concurrency => "concurrency",
        LimitKind.Budget => "budget",
        LimitKind.UserRequests => "user_requests",
        LimitKind.Tool => "tool",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(LimitDecision value) => value switch
    {
        LimitDecision.Allowed => "allowed",
        LimitDecision.Denied => "denied",
        LimitDecision.Degraded => "degraded",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(UpstreamResult value) => value switch
    {
        UpstreamResult.Success => "success",
        UpstreamResult.Error => "error",
        UpstreamResult.Timeout => "timeout",
        UpstreamResult.Retried => "retried",
        UpstreamResult.Fallback => "fallback",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(HoldbackReason value) => value switch
    {
        HoldbackReason.TextWindow => "text_window",
        HoldbackReason.ToolCall => "tool_call",
        HoldbackReason.Usage => "usage",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(CutReason value) => value switch
    {
        CutReason.Violation => "violation",
        CutReason.Budget => "budget",
        CutReason.GuardError => "guard_error",
        CutReason.Timeout => "timeout",
        CutReason.SlowClient => "slow_client",
        CutReason.Override => "override",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(TrafficDirection value) => value switch
    {
        TrafficDirection.Request => "request",
        TrafficDirection.Response => "response",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(CoverageState value) => value switch
    {
        CoverageState.Delivered => "delivered",
        CoverageState.Inspected => "inspected",
        CoverageState.Exempt => "exempt",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(PolicyLoadResult value) => value switch
    {
        PolicyLoadResult.Success => "success",
        PolicyLoadResult.Rejected => "rejected",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(OverrideClass value) => value switch
    {
        OverrideClass.Tool => "tool",
        OverrideClass.Tenant => "tenant",
        OverrideClass.User => "user",
        OverrideClass.Model => "model",
        OverrideClass.Pattern => "pattern",
        OverrideClass.Host => "host",
        OverrideClass.ThirdParty => "third_party",
        OverrideClass.Threshold => "threshold",
        OverrideClass.Mode => "mode",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(RecordSink value) => value switch
    {
        RecordSink.Store => "store",
        RecordSink.Seq => "seq",
        RecordSink.Otlp => "otlp",
        RecordSink.File => "file",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(RecordResult value) => value switch
    {
        RecordResult.Written => "written",
        RecordResult.Dropped => "dropped",
        RecordResult.Failed => "failed",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(TelemetrySignal value) => value switch
    {
        TelemetrySignal.Span => "span",
        TelemetrySignal.Log => "log",
        TelemetrySignal.Metric => "metric",
        TelemetrySignal.Record => "record",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(DropReason value) => value switch
    {
        DropReason.QueueFull => "queue_full",
        DropReason.ExporterError => "exporter_error",
        DropReason.Oversize => "oversize",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(TokenType value) => value switch
    {
        TokenType.Input => "input",
        TokenType.Output => "output",
        TokenType.CacheRead => "cache_read",
        TokenType.CacheWrite => "cache_write",
        TokenType.Reasoning => "reasoning",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(UsageMissing value) => value switch
    {
        UsageMissing.Cut => "cut",
        UsageMissing.Cancelled => "cancelled",
        UsageMissing.NotReported => "not_reported",
        UsageMissing.Unparsable => "unparsable",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(FailOpenReason value) => value switch
    {
        FailOpenReason.Timeout => "timeout",
        FailOpenReason.Exception => "exception",
        FailOpenReason.Unavailable => "unavailable",
        FailOpenReason.Overload => "overload",
        FailOpenReason.Budget => "budget",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(SkipReason value) => value switch
    {
        SkipReason.Off => "off",
        SkipReason.Cached => "cached",
        SkipReason.EarlierBlock => "earlier_block",
        SkipReason.NotApplicable => "not_applicable",
        SkipReason.Unsupported => "unsupported",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(CappedLabel value) => value switch
    {
        CappedLabel.Tenant => "tenant",
        CappedLabel.Model => "model",
        CappedLabel.Cluster => "cluster",
    };
}
