using System.Collections.Immutable;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;

namespace Gateway.Core.Telemetry;

/// <summary>The labels of the catalogue.</summary>
internal static class MetricLabels
{
    public static readonly MetricLabel Tenant = MetricLabel.From("tenant", LabelSource.Tenant);
    public static readonly MetricLabel Model = MetricLabel.From("model", LabelSource.Model);
    public static readonly MetricLabel Cluster = MetricLabel.From("cluster", LabelSource.Cluster);
    public static readonly MetricLabel Destination = MetricLabel.From("destination", LabelSource.Own);
    public static readonly MetricLabel Snapshot = MetricLabel.From("snapshot", LabelSource.Own);
    public static readonly MetricLabel Version = MetricLabel.From("version", LabelSource.Own);
    public static readonly MetricLabel Commit = MetricLabel.From("commit", LabelSource.Own);
    public static readonly MetricLabel RiskTier = new("risk_tier", LabelSource.Closed, ["0", "1", "2", "3"]);

    public static readonly MetricLabel Outcome = MetricLabel.Of<Outcome>("outcome", TelemetryNames.Of);
    public static readonly MetricLabel Format = MetricLabel.Of<FormatId>("format", TelemetryNames.Of);
    public static readonly MetricLabel Threat = MetricLabel.Of<Threat>("threat", TelemetryNames.Of);
    public static readonly MetricLabel Surface = MetricLabel.Of<Surface>("surface", TelemetryNames.Of);
    public static readonly MetricLabel Action = MetricLabel.Of<PolicyAction>("action", TelemetryNames.Of);
    public static readonly MetricLabel Mode = MetricLabel.Of("mode", TelemetryNames.Of, GuardMode.Off);
    public static readonly MetricLabel Guard = MetricLabel.Of<GuardId>("guard", TelemetryNames.Of);
    public static readonly MetricLabel Capability = MetricLabel.Of<Capability>("capability", TelemetryNames.Of);
    public static readonly MetricLabel CapabilityAction =
        MetricLabel.Of("action", TelemetryNames.Of, PolicyAction.Taint, PolicyAction.Redact, PolicyAction.Approve);

    public static readonly MetricLabel Verdict = MetricLabel.Of<Verdict>("verdict", TelemetryNames.Of);

    public static readonly MetricLabel Phase = MetricLabel.Of<OverheadPhase>("phase", TelemetryTerms.Of);
    public static readonly MetricLabel FailOpenReason = MetricLabel.Of<FailOpenReason>("reason", TelemetryTerms.Of);
    public static readonly MetricLabel SkipReason = MetricLabel.Of<SkipReason>("reason", TelemetryTerms.Of);
    public static readonly MetricLabel Limit = MetricLabel.Of<LimitKind>("limit", TelemetryTerms.Of);
    public static readonly MetricLabel LimitDecision = MetricLabel.Of<LimitDecision>("decision", TelemetryTerms.Of);
    public static readonly MetricLabel TokenType = MetricLabel.Of<TokenType>("type", TelemetryTerms.Of);
    public static readonly MetricLabel TokenDirection =
        MetricLabel.Of("direction", TelemetryTerms.Of, Telemetry.TokenType.CacheRead, Telemetry.TokenType.CacheWrite, Telemetry.TokenType.Reasoning);

    public static readonly MetricLabel UsageReason = MetricLabel.Of<UsageMissing>("reason", TelemetryTerms.Of);
    public static readonly MetricLabel LoadResult = MetricLabel.Of<PolicyLoadResult>("result", TelemetryTerms.Of);
    public static readonly MetricLabel PolicyOrigin = MetricLabel.Of<PolicyOrigin>("source", PolicyTerms.Of);
    public static readonly MetricLabel Variant = MetricLabel.Of<Policies.PolicyVariant>("variant", PolicyTerms.Of);
    public static readonly MetricLabel OverrideKind = MetricLabel.Of<OverrideClass>("kind", TelemetryTerms.Of);
    public static readonly MetricLabel OverrideChange = MetricLabel.Of<OverrideChange>("change", PolicyTerms.Of);
    public static readonly MetricLabel Holdback = MetricLabel.Of<HoldbackReason>("reason", TelemetryTerms.Of);
    public static readonly MetricLabel Cut = MetricLabel.Of<CutReason>("reason", TelemetryTerms.Of);
    public static readonly MetricLabel UpstreamResult = MetricLabel.Of<UpstreamResult>("result", TelemetryTerms.Of);
    public static readonly MetricLabel Direction = MetricLabel.Of<TrafficDirection>("direction", TelemetryTerms.Of);
    public static readonly MetricLabel CoverageState = MetricLabel.Of<CoverageState>("state", TelemetryTerms.Of);
    public static readonly MetricLabel Sink = MetricLabel.Of<RecordSink>("sink", TelemetryTerms.Of);
    public static readonly MetricLabel RecordResult = MetricLabel.Of<RecordResult>("result", TelemetryTerms.Of);
    public static readonly MetricLabel Signal = MetricLabel.Of<TelemetrySignal>("signal", TelemetryTerms.Of);
    public static readonly MetricLabel DropReason = MetricLabel.Of<DropReason>("reason", TelemetryTerms.Of);
    public static readonly MetricLabel Overflow = MetricLabel.Of<CappedLabel>("label", TelemetryTerms.Of);

    public static readonly MetricLabel GenAiOperation = new(TraceAttributes.GenAiOperation, LabelSource.Closed, ["chat"]);
    public static readonly MetricLabel GenAiProvider = MetricLabel.From(TraceAttributes.GenAiProvider, LabelSource.Cluster);
    public static readonly MetricLabel GenAiModel = MetricLabel.From(TraceAttributes.GenAiRequestModel, LabelSource.Model);
    public static readonly MetricLabel GenAiTokenType = new("gen_ai.token.type", LabelSource.Closed, ["input", "output"]);
    public static readonly MetricLabel ErrorType = MetricLabel.From(TraceAttributes.ErrorType, LabelSource.Own);
}
