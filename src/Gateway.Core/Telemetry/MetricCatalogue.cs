using System.Collections.Immutable;
using static Gateway.Core.Telemetry.MetricKind;
using L = Gateway.Core.Telemetry.MetricLabels;

namespace Gateway.Core.Telemetry;

/// <summary>Every metric the gateway can emit. Nothing is measured that does not stand here.</summary>
public static class MetricCatalogue
{
#pragma warning disable CS1591 // each definition carries its own question as help text
    public static readonly MetricDefinition Exchanges = new(
        "gateway.exchanges", "gateway_exchanges_total", Counter, "{exchange}",
        "What happens to traffic, per tenant; the denominator of every rate.", [L.Tenant, L.Outcome]) { Exemplars = true };

    public static readonly MetricDefinition ExchangeDuration = new(
        "gateway.exchange.duration", "gateway_exchange_duration_seconds", Histogram, "s",
        "How long clients wait, first byte in to last byte out.", [L.Format, L.Outcome]) { Buckets = MetricBuckets.Call, Exemplars = true };

    public static readonly MetricDefinition ExchangesActive = new(
        "gateway.exchanges.active", "gateway_exchanges_active", Gauge, "{exchange}",
        "How busy is this instance.", [L.Format]);

    public static readonly MetricDefinition OverheadDuration = new(
        "gateway.overhead.duration", "gateway_overhead_duration_seconds", Histogram, "s",
        "What the gateway itself adds, by phase; always filter by phase.", [L.Phase]) { Buckets = MetricBuckets.Overhead };

    public static readonly MetricDefinition TenantInfo = new(
        "gateway.tenant.info", "gateway_tenant_info", Gauge, "1",
        "Risk tier of each tenant that a policy names, to join with.", [L.Tenant, L.RiskTier]);

    public static readonly MetricDefinition Violations = new(
        "gateway.violations", "gateway_violations_total", Counter, "{violation}",
        "What is being stopped, or would be, and where in the exchange.", [L.Threat, L.Surface, L.Action, L.Mode]) { Exemplars = true };

    public static readonly MetricDefinition TenantViolations = new(
        "gateway.tenant.violations", "gateway_tenant_violations_total", Counter, "{violation}",
        "Whose traffic violates.", [L.Tenant, L.Threat, L.Mode]) { Exemplars = true };

    public static readonly MetricDefinition ViolatingExchanges = new(
        "gateway.violating.exchanges", "gateway_violating_exchanges_total", Counter, "{exchange}",
        "Exchanges with at least one violation, for rates per thousand.", [L.Tenant, L.Mode]);

    public static readonly MetricDefinition CapabilityUses = new(
        "gateway.capability.uses", "gateway_capability_uses_total", Counter, "{use}",
        "What traffic asks for that nobody here can look into, and what the policy says to it.", [L.Capability, L.CapabilityAction, L.Mode])
    { Exemplars = true };

    public static readonly MetricDefinition GuardDuration = new(
        "gateway.guard.duration", "gateway_guard_duration_seconds", Histogram, "s",
        "How long each guard takes and what it said; the count is the number of runs.", [L.Guard, L.Verdict])
    { Buckets = MetricBuckets.Overhead, Exemplars = true };

    public static readonly MetricDefinition GuardFailOpen = new(
        "gateway.guard.fail_open", "gateway_guard_fail_open_total", Counter, "{exchange}",
        "Exchanges that a failing guard let pass unchecked.", [L.Guard, L.FailOpenReason]) { Exemplars = true };

    public static readonly MetricDefinition GuardSkipped = new(
        "gateway.guard.skipped", "gateway_guard_skipped_total", Counter, "{check}",
        "Which guards did not run, and why.", [L.Guard, L.SkipReason]);

    public static readonly MetricDefinition LimitDecisions = new(
        "gateway.limit.decisions", "gateway_limit_decisions_total", Counter, "{decision}",
        "Which limits bite.", [L.Limit, L.LimitDecision]);

    public static readonly MetricDefinition TenantLimitDenials = new(
        "gateway.tenant.limit.denials", "gateway_tenant_limit_denials_total", Counter, "{decision}",
        "Who is being limited.", [L.Tenant, L.Limit]);

    public static readonly MetricDefinition Tokens = new(
        "gateway.tokens", "gateway_tokens_total", Counter, "{token}",
        "Consumption by model; cache and reasoning tokens are parts of input and output, never sum over type.", [L.Model, L.TokenType]);

    public static readonly MetricDefinition TenantTokens = new(
        "gateway.tenant.tokens", "gateway_tenant_tokens_total", Counter, "{token}",
        "Consumption by tenant.", [L.Tenant, L.TokenDirection]);

    public static readonly MetricDefinition UsageMissing = new(
        "gateway.usage.missing", "gateway_usage_missing_total", Counter, "{exchange}",
        "Exchanges for which the provider reported no usage.", [L.Format, L.UsageReason]);

    public static readonly MetricDefinition PolicySnapshotInfo = new(
        "gateway.policy.snapshot.info", "gateway_policy_snapshot_info", Gauge, "1",
        "Which policy snapshot is in force here.", [L.Snapshot]);

    public static readonly MetricDefinition PolicyLoads = new(
        "gateway.policy.loads", "gateway_policy_loads_total", Counter, "{load}",
        "Whether policy loads succeed.", [L.LoadResult]);

    public static readonly MetricDefinition PolicyLastSuccess = new(
        "gateway.policy.last_success", "gateway_policy_last_success_timestamp_seconds", Gauge, "s",
        "When the policies in force were loaded, in Unix seconds.", []);

    public static readonly MetricDefinition PolicyPropagation = new(
        "gateway.policy.propagation", "gateway_policy_propagation_seconds", Histogram, "s",
        "From a change being made to its being enforced on this instance.", [L.PolicyOrigin]) { Buckets = MetricBuckets.Call };

    public static readonly MetricDefinition PolicyDrift = new(
        "gateway.policy.drift", "gateway_policy_drift", Gauge, "1",
        "1 while the policies folder is not what is in force.", []);

    public static readonly MetricDefinition OverrideChanges = new(
        "gateway.override.changes", "gateway_override_changes_total", Counter, "{change}",
        "When emergency measures began and ended.", [L.OverrideKind, L.OverrideChange]);

    public static readonly MetricDefinition CanaryExchanges = new(
        "gateway.canary.exchanges", "gateway_canary_exchanges_total", Counter, "{exchange}",
        "How exchanges end under the active version and under the candidate, while a canary runs.", [L.Variant, L.Outcome]);

    public static readonly MetricDefinition OverridesActive = new(
        "gateway.overrides.active", "gateway_overrides_active", Gauge, "{override}",
        "Which emergency measures are in force here.", [L.OverrideKind]);

    public static readonly MetricDefinition StreamHoldback = new(
        "gateway.stream.holdback", "gateway_stream_holdback_seconds", Histogram, "s",
        "Latency that inspection adds to streamed text.", [L.Holdback]) { Buckets = MetricBuckets.Overhead };

    public static readonly MetricDefinition StreamFirstRelease = new(
        "gateway.stream.first_release", "gateway_stream_first_release_seconds", Histogram, "s",
        "From the first chunk of the provider to the first byte for the client.", [L.Format]) { Buckets = MetricBuckets.Overhead };

    public static readonly MetricDefinition StreamCuts = new(
        "gateway.stream.cuts", "gateway_stream_cuts_total", Counter, "{stream}",
        "Streams that the gateway ended.", [L.Cut]) { Exemplars = true };

    public static readonly MetricDefinition UpstreamAttempts = new(
        "gateway.upstream.attempts", "gateway_upstream_attempts_total", Counter, "{attempt}",
        "Whether a provider is failing; retries and fallbacks.", [L.Cluster, L.UpstreamResult]);

    public static readonly MetricDefinition UpstreamHealthy = new(
        "gateway.upstream.healthy", "gateway_upstream_healthy", Gauge, "1",
        "Whether there is somewhere to send traffic.", [L.Cluster, L.Destination]);

    public static readonly MetricDefinition UpstreamFirstChunk = new(
        "gateway.upstream.first_chunk", "gateway_upstream_first_chunk_seconds", Histogram, "s",
        "Time to the first chunk by provider.", [L.Cluster]) { Buckets = MetricBuckets.Call };

    public static readonly MetricDefinition CoverageBytes = new(
        "gateway.coverage.bytes", "gateway_coverage_bytes_total", Counter, "By",
        "Text (UTF-16, two bytes a unit): delivered is inspected plus exempt, always; filter by state.", [L.Direction, L.CoverageState]);

    public static readonly MetricDefinition CoverageGapExchanges = new(
        "gateway.coverage.gap.exchanges", "gateway_coverage_gap_exchanges_total", Counter, "{exchange}",
        "Exchanges in which text was delivered that an enforced guard had to see and did not.", [L.Format, L.Direction]) { Exemplars = true };

    public static readonly MetricDefinition Records = new(
        "gateway.records", "gateway_records_total", Counter, "{record}",
        "Whether every exchange leaves evidence.", [L.Sink, L.RecordResult]);

    public static readonly MetricDefinition RecordsQueueLength = new(
        "gateway.records.queue.length", "gateway_records_queue_length", Gauge, "{record}",
        "Whether a sink is falling behind.", [L.Sink]);

    public static readonly MetricDefinition TelemetryDropped = new(
        "gateway.telemetry.dropped", "gateway_telemetry_dropped_total", Counter, "{item}",
        "Telemetry that was lost.", [L.Signal, L.DropReason]);

    public static readonly MetricDefinition LabelOverflow = new(
        "gateway.telemetry.label_overflow", "gateway_telemetry_label_overflow_total", Counter, "{measurement}",
        "Values that found no slot and were reported as _other.", [L.Overflow]);

    public static readonly MetricDefinition BuildInfo = new(
        "gateway.build.info", "gateway_build_info", Gauge, "1",
        "Which build runs here.", [L.Version, L.Commit]);

    public static readonly MetricDefinition GenAiOperationDuration = new(
        "gen_ai.client.operation.duration", "gen_ai_client_operation_duration_seconds", Histogram, "s",
        "Duration of a model call.", [L.GenAiOperation, L.GenAiProvider, L.GenAiModel, L.ErrorType])
    { Buckets = MetricBuckets.Call, Scraped = false };

    public static readonly MetricDefinition GenAiTimeToFirstChunk = new(
        "gen_ai.client.operation.time_to_first_chunk", "gen_ai_client_operation_time_to_first_chunk_seconds", Histogram, "s",
        "Time from a streamed model call to its first chunk.", [L.GenAiOperation, L.GenAiProvider, L.GenAiModel])
    { Buckets = MetricBuckets.Call, Scraped = false };

    public static readonly MetricDefinition GenAiTokenUsage = new(
        "gen_ai.client.token.usage", "gen_ai_client_token_usage", Histogram, "{token}",
        "Tokens of a model call.", [L.GenAiOperation, L.GenAiProvider, L.GenAiModel, L.GenAiTokenType])
    { Buckets = MetricBuckets.Tokens, Scraped = false };
#pragma warning restore CS1591

    /// <summary>All of them.</summary>
    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        Exchanges, ExchangeDuration, ExchangesActive, OverheadDuration, TenantInfo,
        Violations, TenantViolations, ViolatingExchanges, CapabilityUses,
        GuardDuration, GuardFailOpen, GuardSkipped,
        LimitDecisions, TenantLimitDenials,
        Tokens, TenantTokens, UsageMissing,
        PolicySnapshotInfo, PolicyLoads, PolicyLastSuccess, PolicyPropagation, PolicyDrift, OverridesActive, OverrideChanges, CanaryExchanges,
        StreamHoldback, StreamFirstRelease, StreamCuts,
        UpstreamAttempts, UpstreamHealthy, UpstreamFirstChunk,
        CoverageBytes, CoverageGapExchanges, Records, RecordsQueueLength,
        TelemetryDropped, LabelOverflow, BuildInfo,
        GenAiOperationDuration, GenAiTimeToFirstChunk, GenAiTokenUsage,
    ];
}
