using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Telemetry;

/// <summary>Every word is a label value that dashboards, alerts and searches name: a change here breaks them.</summary>
public sealed class TelemetryNamesTests
{
    [Fact]
    public void Of_outcome_is_the_catalogues_word() => AssertWords<Outcome>(
        TelemetryNames.Of, "allowed blocked limited refused cut cancelled upstream_failed failed");

    [Fact]
    public void Of_verdict_is_the_catalogues_word() => AssertWords<Verdict>(
        TelemetryNames.Of, "allowed blocked redacted would_block would_redact bypassed error");

    [Fact]
    public void Of_format_is_the_catalogues_word() => AssertWords<FormatId>(
        TelemetryNames.Of,
        "unknown openai_chat openai_responses openai_completions openai_embeddings openai_models anthropic_messages anthropic_count_tokens gemini gemini_count_tokens gemini_embed anthropic_models");

    [Fact]
    public void Of_guard_is_the_catalogues_word() => AssertWords<GuardId>(TelemetryNames.Of, "protocol model size capability content tools override other");

    [Fact]
    public void Of_capability_is_the_catalogues_word() => AssertWords<Capability>(
        TelemetryNames.Of,
        "stored_history stored_prompt stored_file remote_content image audio video binary_document sealed_content provider_tool connector "
        + "provider_storage second_model inline_tool token_ids output_steering unknown_part dialect_member unknown_member beta batch realtime unknown_route");

    [Fact]
    public void Of_threat_is_the_catalogues_word() => AssertWords<Threat>(
        TelemetryNames.Of,
        "injection indirect_injection jailbreak secret personal_data tool_misuse exfiltration prompt_leak content model_policy protocol other");

    [Fact]
    public void Of_surface_is_the_catalogues_word() => AssertWords<Surface>(
        TelemetryNames.Of,
        "system developer user assistant tool_result document tool_definition tool_arguments output reasoning envelope");

    [Fact]
    public void Of_action_is_the_catalogues_word() => AssertWords<PolicyAction>(TelemetryNames.Of, "allow annotate taint redact approve block");

    [Fact]
    public void Of_mode_is_the_catalogues_word() => AssertWords<GuardMode>(TelemetryNames.Of, "enforce monitor off");

    [Fact]
    public void Of_severity_is_the_policys_word() => AssertWords<Severity>(TelemetryNames.Of, "low medium high critical");

    [Fact]
    public void Of_phase_is_the_catalogues_word() => AssertWords<OverheadPhase>(
        TelemetryTerms.Of, "admission read parse request_guards reserve response_guards settle total");

    [Fact]
    public void Of_policy_origin_is_the_catalogues_word() => AssertWords<PolicyOrigin>(PolicyTerms.Of, "file api redis");

    [Fact]
    public void Of_override_change_is_the_catalogues_word() => AssertWords<OverrideChange>(PolicyTerms.Of, "created expired removed");

    [Fact]
    public void Of_policy_change_is_the_logs_word() => AssertWords<PolicyChange>(
        PolicyTerms.Of,
        "applied activated folder_agrees override_created override_removed canary_started canary_stopped canary_promoted received");

    [Fact]
    public void Of_variant_is_the_records_word() => AssertWords<Core.Policies.PolicyVariant>(PolicyTerms.Of, "incumbent candidate");

    [Fact]
    public void Of_limit_is_the_catalogues_word() => AssertWords<LimitKind>(
        TelemetryTerms.Of, "requests tokens_minute tokens_day concurrency budget user_requests tool");

    [Fact]
    public void Of_limit_decision_is_the_catalogues_word() => AssertWords<LimitDecision>(TelemetryTerms.Of, "allowed denied degraded");

    [Fact]
    public void Of_upstream_result_is_the_catalogues_word() => AssertWords<UpstreamResult>(
        TelemetryTerms.Of, "success error timeout retried fallback");

    [Fact]
    public void Of_holdback_reason_is_the_catalogues_word() => AssertWords<HoldbackReason>(TelemetryTerms.Of, "text_window tool_call usage");

    [Fact]
    public void Of_cut_reason_is_the_catalogues_word() => AssertWords<CutReason>(
        TelemetryTerms.Of, "violation budget guard_error timeout slow_client override");

    [Fact]
    public void Of_direction_is_the_catalogues_word() => AssertWords<TrafficDirection>(TelemetryTerms.Of, "request response");

    [Fact]
    public void Of_coverage_state_is_the_catalogues_word() => AssertWords<CoverageState>(TelemetryTerms.Of, "delivered inspected exempt");

    [Fact]
    public void Of_policy_load_is_the_catalogues_word() => AssertWords<PolicyLoadResult>(TelemetryTerms.Of, "success rejected");

    [Fact]
    public void Of_override_class_is_the_catalogues_word() => AssertWords<OverrideClass>(
        TelemetryTerms.Of, "tool tenant user model pattern host third_party threshold mode");

    [Fact]
    public void Of_record_sink_is_the_catalogues_word() => AssertWords<RecordSink>(TelemetryTerms.Of, "store seq otlp file");

    [Fact]
    public void Of_record_result_is_the_catalogues_word() => AssertWords<RecordResult>(TelemetryTerms.Of, "written dropped failed");

    [Fact]
    public void Of_signal_is_the_catalogues_word() => AssertWords<TelemetrySignal>(TelemetryTerms.Of, "span log metric record");

    [Fact]
    public void Of_drop_reason_is_the_catalogues_word() => AssertWords<DropReason>(TelemetryTerms.Of, "queue_full exporter_error oversize");

    [Fact]
    public void Of_token_type_is_the_catalogues_word() => AssertWords<TokenType>(
        TelemetryTerms.Of, "input output cache_read cache_write reasoning");

    [Fact]
    public void Of_usage_missing_is_the_catalogues_word() => AssertWords<UsageMissing>(
        TelemetryTerms.Of, "cut cancelled not_reported unparsable");

    [Fact]
    public void Of_fail_open_reason_is_the_catalogues_word() => AssertWords<FailOpenReason>(
        TelemetryTerms.Of, "timeout exception unavailable overload budget");

    [Fact]
    public void Of_skip_reason_is_the_catalogues_word() => AssertWords<SkipReason>(
        TelemetryTerms.Of, "off cached earlier_block not_applicable unsupported");

    [Fact]
    public void Of_capped_label_is_the_catalogues_word() => AssertWords<CappedLabel>(TelemetryTerms.Of, "tenant model cluster");

    private static void AssertWords<T>(Func<T, string> word, string expected)
        where T : struct, Enum =>
        Assert.Equal(expected.Split(' '), Enum.GetValues<T>().Select(word));
}
