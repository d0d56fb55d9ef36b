using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Tests.Telemetry;

/// <summary>Calls every method with every closed value.</summary>
internal static class MetricsExercise
{
    public static PolicySnapshot Snapshot(string version, params ImmutableArray<string> tenants) => new(
        version,
        DateTimeOffset.UnixEpoch.AddMilliseconds(1500),
        [
            new TenantPolicy
            {
                Name = "support",
                Source = new PolicySource("support.yaml", 1, 1),
                Tenants = tenants,
                RiskTier = 2,
                Models = new ModelRules
                {
                    Allow = ["gpt-4o-mini", "claude-*"],
                    Aliases = new Dictionary<string, string> { ["default"] = "claude-sonnet-4" }.ToFrozenDictionary(),
                },
                Limits = new LimitRules(),
                Content = null!,
            },
        ]);

    public static void Everything(GatewayMetrics metrics)
    {
        metrics.PolicyLoaded(Snapshot("0123456789ab", "acme"));
        metrics.PolicyRejected();
        metrics.PolicyDrift(true);
        Each<PolicyOrigin>(origin => metrics.PolicyPropagated(origin, TimeSpan.FromMilliseconds(10)));
        Each<PolicyVariant>(variant => Each<Outcome>(outcome =>
        {
            metrics.ExchangeStarted(FormatId.OpenAIChat);
            metrics.ExchangeCompleted(FormatId.OpenAIChat, SampleRecords.Allowed with { Outcome = outcome, PolicyVariant = variant });
        }));
        metrics.ClustersLoaded(["openai"]);
        metrics.ObserveRecordQueue(RecordSink.Store, () => 3);
        metrics.ObserveUpstreamHealth(() => [new UpstreamHealth("openai", "a", true), new UpstreamHealth("openai", "b", false)]);
        metrics.ObserveOverrides(() => Overrides);
        foreach (var item in Overrides)
        {
            Each<OverrideChange>(change => metrics.OverrideChanged(item, change));
        }

        Each<OverheadPhase>(phase => metrics.Overhead(phase, TimeSpan.FromMilliseconds(1)));
        Each<LimitKind>(limit => Each<LimitDecision>(decision => metrics.Limit(limit, decision, "acme")));
        Each<UpstreamResult>(result => metrics.UpstreamAttempt("openai", result));
        metrics.UpstreamFirstChunk("openai", "gpt-4o-mini", TimeSpan.FromMilliseconds(100));
        Each<HoldbackReason>(reason => metrics.StreamHoldback(reason, TimeSpan.FromMilliseconds(1)));
        Each<FormatId>(format => metrics.StreamFirstRelease(format, TimeSpan.FromMilliseconds(1)));
        Each<CutReason>(metrics.StreamCut);
        Each<TrafficDirection>(direction => Each<CoverageState>(state => metrics.CoverageBytes(direction, state, 10)));
        Each<TrafficDirection>(direction => Each<FormatId>(format => metrics.CoverageGap(format, direction)));
        Each<RecordSink>(sink => Each<RecordResult>(result => metrics.Records(sink, result)));
        Each<TelemetrySignal>(signal => Each<DropReason>(reason => metrics.TelemetryDropped(signal, reason)));
        Each<FormatId>(format => Each<Outcome>(outcome =>
        {
            metrics.ExchangeStarted(format);
            metrics.ExchangeCompleted(format, SampleRecords.Allowed with { Outcome = outcome });
        }));
        metrics.ExchangeCompleted(FormatId.OpenAIChat, SampleRecords.Allowed with { Usage = null, Tenant = "_mine" });
        Each<Threat>(threat => Findings(metrics, SampleRecords.Finding with { Threat = threat }));
        Each<Core.Exchanges.Surface>(surface => Findings(metrics, SampleRecords.Finding with { Surface = surface }));
        Each<PolicyAction>(action => Findings(metrics, SampleRecords.Finding with { Action = action }));
        Each<GuardMode>(mode => Findings(metrics, SampleRecords.Finding with { Mode = mode }));
        Each<Core.Exchanges.Capability>(capability =>
            Findings(metrics, Core.Guards.CapabilityGuard.ToFinding(capability, PolicyAction.Annotate, path: null)));
        Each<GuardId>(guard => Each<Verdict>(verdict => Guard(metrics, new GuardRun(guard, verdict, "timeout", 5))));
        Each<GuardId>(guard => Guard(metrics, new GuardRun(guard, null, "off", 0)));
    }

    /// <summary>One of each class.</summary>
    private static PolicyOverride[] Overrides { get; } =
    [
        .. Enum.GetValues<OverrideKind>().Select(kind => Override(kind)),
        Override(OverrideKind.Block, new OverrideScope { EndUsers = ["0123456789abcdef0123456789abcdef"] }),
        Override(OverrideKind.Block, new OverrideScope { Models = ["gpt-4o"] }),
    ];

    private static PolicyOverride Override(OverrideKind kind, OverrideScope? scope = null) => new()
    {
        Id = "ov_0193b1c000007000800000000000000a",
        Scope = scope ?? new OverrideScope(),
        Measure = new OverrideMeasure { Kind = kind },
        Reason = "Campaign",
        Author = "ann",
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch.AddHours(4),
    };

    private static void Findings(GatewayMetrics metrics, Finding finding) =>
        metrics.ExchangeCompleted(FormatId.OpenAIChat, SampleRecords.Blocked with { Findings = [finding] });

    private static void Guard(GatewayMetrics metrics, GuardRun run) =>
        metrics.ExchangeCompleted(FormatId.OpenAIChat, SampleRecords.Allowed with { Guards = [run] });

    private static void Each<T>(Action<T> action)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            action(value);
        }
    }
}
