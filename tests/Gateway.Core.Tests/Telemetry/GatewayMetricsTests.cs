using System.Collections.Immutable;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;
using Xunit;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Tests.Telemetry;

public sealed class GatewayMetricsTests : IDisposable
{
    private readonly MeasurementLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void ExchangeCompleted_counts_the_exchange_once()
    {
        Complete(SampleRecords.Allowed);

        Assert.Equal(["tenant=acme,outcome=allowed 1"], _log.Of(M.Exchanges));
        Assert.Equal(["format=openai_chat,outcome=allowed 0.25"], _log.Of(M.ExchangeDuration));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void ExchangeCompleted_reports_the_outcome(Outcome outcome)
    {
        Complete(SampleRecords.Allowed with { Outcome = outcome });

        Assert.Equal([$"tenant=acme,outcome={TelemetryNames.Of(outcome)} 1"], _log.Of(M.Exchanges));
    }

    public static TheoryData<Outcome> Outcomes() => [.. Enum.GetValues<Outcome>()];

    [Fact]
    public void ExchangeCompleted_without_tenant_is_none()
    {
        Complete(SampleRecords.Allowed with { Tenant = null, Outcome = Outcome.Refused });

        Assert.Equal(["tenant=_none,outcome=refused 1"], _log.Of(M.Exchanges));
        Assert.Empty(_log.Of(M.LabelOverflow));
    }

    [Fact]
    public void ExchangeCompleted_counts_each_finding_and_the_exchange_once()
    {
        Complete(SampleRecords.Blocked with { Findings = [SampleRecords.Finding, SampleRecords.Finding] });

        Assert.Equal(Enumerable.Repeat("threat=content,surface=output,action=block,mode=enforce 1", 2), _log.Of(M.Violations));
        Assert.Equal(Enumerable.Repeat("tenant=acme,threat=content,mode=enforce 1", 2), _log.Of(M.TenantViolations));
        Assert.Equal(["tenant=acme,mode=enforce 1"], _log.Of(M.ViolatingExchanges));
    }

    [Fact]
    public void ExchangeCompleted_keeps_monitored_findings_apart()
    {
        Complete(SampleRecords.Allowed with { Findings = [SampleRecords.Finding with { Mode = GuardMode.Monitor }] });

        Assert.Equal(["tenant=acme,mode=monitor 1"], _log.Of(M.ViolatingExchanges));
    }

    [Fact]
    public void ExchangeCompleted_explicit_allow_does_not_make_the_exchange_violate()
    {
        Complete(SampleRecords.Allowed with { Findings = [SampleRecords.Finding with { Action = PolicyAction.Allow }] });

        Assert.Empty(_log.Of(M.ViolatingExchanges));
        Assert.Single(_log.Of(M.Violations));
    }

    [Fact]
    public void ExchangeCompleted_use_that_passes_is_counted_and_no_violation()
    {
        Complete(SampleRecords.Allowed with { Findings = [CapabilityGuard.ToFinding(Core.Exchanges.Capability.Image, PolicyAction.Annotate, path: null)] });

        Assert.Equal(["capability=image,action=annotate,mode=enforce 1"], _log.Of(M.CapabilityUses));
        Assert.Empty(_log.Of(M.Violations));
        Assert.Empty(_log.Of(M.ViolatingExchanges));
    }

    [Fact]
    public void ExchangeCompleted_use_that_is_refused_is_counted_and_a_violation()
    {
        Complete(SampleRecords.Allowed with { Findings = [CapabilityGuard.ToFinding(Core.Exchanges.Capability.Connector, PolicyAction.Block, path: null)] });

        Assert.Equal(["capability=connector,action=block,mode=enforce 1"], _log.Of(M.CapabilityUses));
        Assert.Single(_log.Of(M.Violations));
    }

    [Fact]
    public void ExchangeCompleted_reports_each_guard_run()
    {
        Complete(SampleRecords.Allowed with
        {
            Guards =
            [
                new GuardRun(GuardId.Model, Verdict.Allowed, null, 250_000),
                new GuardRun(GuardId.Content, null, "earlier_block", 0),
                new GuardRun(GuardId.Other, null, "a word nobody declared", 0),
            ],
        });

        Assert.Equal(["guard=model,verdict=allowed 0.25"], _log.Of(M.GuardDuration));
        Assert.Equal(["guard=content,reason=earlier_block 1", "guard=other,reason=unsupported 1"], _log.Of(M.GuardSkipped));
        Assert.Empty(_log.Of(M.GuardFailOpen));
    }

    [Theory]
    [InlineData("timeout", "timeout")]
    [InlineData("overload", "overload")]
    [InlineData("a word nobody declared", "exception")]
    public void ExchangeCompleted_counts_a_bypassed_guard_as_fail_open(string reason, string expected)
    {
        Complete(SampleRecords.Allowed with { Guards = [new GuardRun(GuardId.Content, Verdict.Bypassed, reason, 9)] });

        Assert.Equal([$"guard=content,reason={expected} 1"], _log.Of(M.GuardFailOpen));
    }

    [Fact]
    public void ExchangeCompleted_counts_tokens_by_model_and_tenant()
    {
        Complete(SampleRecords.Allowed);

        Assert.Equal(
            [
                "model=gpt-4o-mini,type=input 100", "model=gpt-4o-mini,type=output 50", "model=gpt-4o-mini,type=cache_read 10",
                "model=gpt-4o-mini,type=cache_write 5", "model=gpt-4o-mini,type=reasoning 7",
            ],
            _log.Of(M.Tokens));
        Assert.Equal(["tenant=acme,direction=input 100", "tenant=acme,direction=output 50"], _log.Of(M.TenantTokens));
    }

    [Fact]
    public void ExchangeCompleted_ignores_negative_tokens_of_a_provider()
    {
        Complete(SampleRecords.Allowed with { Usage = new(-5, -1) });

        Assert.Empty(_log.Of(M.Tokens));
        Assert.Empty(_log.Of(M.TenantTokens));
    }

    [Theory]
    [InlineData(Outcome.Allowed, "not_reported")]
    [InlineData(Outcome.Cut, "cut")]
    [InlineData(Outcome.Cancelled, "cancelled")]
    public void ExchangeCompleted_counts_missing_usage(Outcome outcome, string reason)
    {
        Complete(SampleRecords.Allowed with { Outcome = outcome, Usage = null });

        Assert.Equal([$"format=openai_chat,reason={reason} 1"], _log.Of(M.UsageMissing));
    }

    [Fact]
    public void ExchangeCompleted_blocked_request_misses_no_usage()
    {
        Complete(SampleRecords.Blocked);

        Assert.Empty(_log.Of(M.UsageMissing));
    }

    [Fact]
    public void ExchangeCompleted_reports_the_model_call_in_genai_terms()
    {
        Complete(SampleRecords.Allowed with { Outcome = Outcome.UpstreamFailed, UpstreamStatus = 503 });

        Assert.Equal(
            ["gen_ai.operation.name=chat,gen_ai.provider.name=openai,gen_ai.request.model=gpt-4o-mini,error.type=503 0.24"],
            _log.Of(M.GenAiOperationDuration));
        Assert.Equal(2, _log.Of(M.GenAiTokenUsage).Count());
    }

    [Fact]
    public void ExchangesActive_goes_up_and_down()
    {
        _log.Metrics.ExchangeStarted(FormatId.OpenAIChat);
        _log.Metrics.ExchangeStarted(FormatId.OpenAIChat);
        _log.Metrics.ExchangeCompleted(FormatId.OpenAIChat, SampleRecords.Allowed);
        _log.ReadGauges();

        Assert.Equal("format=openai_chat 1", Assert.Single(_log.Of(M.ExchangesActive), seen => !seen.EndsWith(" 0", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_method_tags_in_declared_order_with_declared_values()
    {
        MetricsExercise.Everything(_log.Metrics);
        _log.ReadGauges();

        Assert.Equal(MetricCatalogue.All.Select(metric => metric.Name).Order(), _log.All.Select(seen => seen.Name).Distinct().Order());
        Assert.All(_log.All, seen =>
        {
            var metric = MetricCatalogue.All.Single(item => item.Name == seen.Name);
            var tags = seen.Tags.Length == 0 ? [] : seen.Tags.Split(',').Select(tag => tag.Split('=')).ToArray();
            Assert.Equal(metric.Labels.Select(label => label.Name).Take(tags.Length), tags.Select(tag => tag[0]));
            Assert.True(tags.Length == metric.Labels.Length || metric == M.GenAiOperationDuration, seen.ToString());
            Assert.All(
                tags.Zip(metric.Labels).Where(pair => pair.Second.Source == LabelSource.Closed),
                pair => Assert.Contains(pair.First[1], pair.Second.Values));
        });
    }

    [Fact]
    public void Limit_denial_is_counted_for_the_tenant()
    {
        _log.Metrics.Limit(LimitKind.Requests, LimitDecision.Denied, "acme");
        _log.Metrics.Limit(LimitKind.Requests, LimitDecision.Allowed, "acme");

        Assert.Equal(["limit=requests,decision=denied 1", "limit=requests,decision=allowed 1"], _log.Of(M.LimitDecisions));
        Assert.Equal(["tenant=acme,limit=requests 1"], _log.Of(M.TenantLimitDenials));
    }

    [Fact]
    public void Overflow_is_counted_for_each_value_that_found_no_slot()
    {
        for (var i = 0; i < 160; i++)
        {
            Complete(SampleRecords.Allowed with { Tenant = $"tenant-{i}" });
        }

        Assert.Equal(Enumerable.Repeat("label=tenant 1", 10), _log.Of(M.LabelOverflow));
        Assert.Equal(151, _log.Of(M.Exchanges).Distinct().Count());
    }

    [Fact]
    public void PolicyLoaded_replaces_the_snapshot()
    {
        _log.Metrics.PolicyLoaded(MetricsExercise.Snapshot("aaaaaaaaaaaa", "acme"));
        _log.Metrics.PolicyLoaded(MetricsExercise.Snapshot("bbbbbbbbbbbb", "globex"));
        _log.ReadGauges();

        Assert.Equal(["snapshot=bbbbbbbbbbbb 1"], _log.Of(M.PolicySnapshotInfo));
        Assert.Equal(["tenant=globex,risk_tier=2 1"], _log.Of(M.TenantInfo));
        Assert.Equal(["result=success 1", "result=success 1"], _log.Of(M.PolicyLoads));
        Assert.Equal([" 1.5"], _log.Of(M.PolicyLastSuccess));
    }

    [Fact]
    public void PolicyRejected_keeps_the_snapshot()
    {
        _log.Metrics.PolicyLoaded(MetricsExercise.Snapshot("aaaaaaaaaaaa", "acme"));
        _log.Metrics.PolicyRejected();
        _log.ReadGauges();

        Assert.Equal(["result=success 1", "result=rejected 1"], _log.Of(M.PolicyLoads));
        Assert.Equal(["snapshot=aaaaaaaaaaaa 1"], _log.Of(M.PolicySnapshotInfo));
    }

    [Fact]
    public void PolicyLoaded_reserves_exact_models_only()
    {
        _log.Metrics.PolicyLoaded(MetricsExercise.Snapshot("aaaaaaaaaaaa", "acme"));

        Assert.Equal(["_other", "_none", "gpt-4o-mini", "claude-sonnet-4"], _log.Metrics.Models.Names.ToArray());
    }

    [Fact]
    public void ExchangeCompleted_allocates_nothing()
    {
        using var factory = new TestMeterFactory();
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        var metrics = new GatewayMetrics(factory, new BuildIdentity("1", "c"));
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        Measure(metrics);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(metrics);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Measure(GatewayMetrics metrics)
    {
        for (var i = 0; i < 100; i++)
        {
            metrics.ExchangeStarted(FormatId.OpenAIChat);
            metrics.Overhead(OverheadPhase.Total, TimeSpan.FromMicroseconds(80));
            metrics.Limit(LimitKind.Requests, LimitDecision.Allowed, "acme");
            metrics.UpstreamAttempt("openai", UpstreamResult.Success);
            metrics.ExchangeCompleted(FormatId.OpenAIChat, SampleRecords.Allowed);
            metrics.ExchangeCompleted(FormatId.OpenAIChat, SampleRecords.Blocked);
        }
    }

    private void Complete(DecisionRecord record) => _log.Metrics.ExchangeCompleted(FormatId.OpenAIChat, record);
}
