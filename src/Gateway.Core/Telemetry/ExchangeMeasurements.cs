using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using M = Gateway.Core.Telemetry.MetricCatalogue;

namespace Gateway.Core.Telemetry;

/// <summary>Everything a decision record tells, as measurements. Runs once for each exchange, so it enumerates by index and allocates nothing.</summary>
internal sealed class ExchangeMeasurements(Meter meter, LabelOverflow labels)
{
    private const double MicrosecondsPerSecond = 1e6;

    private static readonly FrozenSet<string> CapabilityWords = MetricLabels.Capability.Values.ToFrozenSet(StringComparer.Ordinal);

    private readonly Counter<long> _exchanges = meter.Counter(M.Exchanges);
    private readonly Histogram<double> _duration = meter.Histogram(M.ExchangeDuration);
    private readonly Counter<long> _violations = meter.Counter(M.Violations);
    private readonly Counter<long> _tenantViolations = meter.Counter(M.TenantViolations);
    private readonly Counter<long> _violating = meter.Counter(M.ViolatingExchanges);
    private readonly Counter<long> _uses = meter.Counter(M.CapabilityUses);
    private readonly Histogram<double> _guards = meter.Histogram(M.GuardDuration);
    private readonly Counter<long> _failOpen = meter.Counter(M.GuardFailOpen);
    private readonly Counter<long> _skipped = meter.Counter(M.GuardSkipped);
    private readonly Counter<long> _tokens = meter.Counter(M.Tokens);
    private readonly Counter<long> _tenantTokens = meter.Counter(M.TenantTokens);
    private readonly Counter<long> _usageMissing = meter.Counter(M.UsageMissing);

    public void Record(FormatId format, DecisionRecord record)
    {
        var tenant = labels.Tenant(record.Tenant);
        var outcome = TelemetryNames.Of(record.Outcome);
        _exchanges.Add(1, M.Exchanges.Tag(0, tenant), M.Exchanges.Tag(1, outcome));
        _duration.Record(
            record.DurationMs / 1000, M.ExchangeDuration.Tag(0, TelemetryNames.Of(format)), M.ExchangeDuration.Tag(1, outcome));
        Findings(record.Findings, tenant);
        Guards(record.Guards);
        if (record.Usage is { } usage)
        {
            Tokens(usage, tenant, labels.Model(record.ModelSent));
        }
        else if (record.UpstreamStatus is >= 200 and < 300)
        {
            _usageMissing.Add(
                1, M.UsageMissing.Tag(0, TelemetryNames.Of(format)), M.UsageMissing.Tag(1, TelemetryTerms.Of(WhyNoUsage(record.Outcome))));
        }
    }

    private void Findings(IReadOnlyList<Finding> findings, string tenant)
    {
        var (enforced, monitored) = (false, false);
        for (var i = 0; i < findings.Count; i++)
        {
            var finding = findings[i];
            if (finding.Mode == GuardMode.Off)
            {
                continue;
            }

            if (finding.Guard == GuardId.Capability)
            {
                Use(finding);
                if (finding.Action != PolicyAction.Block)
                {
                    // An image that the policy lets pass is worth knowing about and no violation: it would drown those that are.
                    continue;
                }
            }

            // An explicit "allow" is a finding and no violation of the exchange.
            var counts = finding.Action != PolicyAction.Allow;
            enforced |= counts && finding.Mode == GuardMode.Enforce;
            monitored |= counts && finding.Mode == GuardMode.Monitor;
            Finding(finding, tenant);
        }

        if (enforced)
        {
            _violating.Add(1, M.ViolatingExchanges.Tag(0, tenant), M.ViolatingExchanges.Tag(1, TelemetryNames.Of(GuardMode.Enforce)));
        }

        if (monitored)
        {
            _violating.Add(1, M.ViolatingExchanges.Tag(0, tenant), M.ViolatingExchanges.Tag(1, TelemetryNames.Of(GuardMode.Monitor)));
        }
    }

    private void Use(Finding finding)
    {
        // The rule of the guard's findings is the capability's word; the table gives the constant and keeps anything else out of the label.
        if (CapabilityWords.TryGetValue(finding.Rule, out var capability))
        {
            _uses.Add(
                1,
                M.CapabilityUses.Tag(0, capability),
                M.CapabilityUses.Tag(1, TelemetryNames.Of(finding.Action)),
                M.CapabilityUses.Tag(2, TelemetryNames.Of(finding.Mode)));
        }
    }

    private void Finding(Finding finding, string tenant)
    {
        var threat = TelemetryNames.Of(finding.Threat);
        var mode = TelemetryNames.Of(finding.Mode);
        var tags = new TagList
        {
            M.Violations.Tag(0, threat),
            M.Violations.Tag(1, TelemetryNames.Of(finding.Surface)),
            M.Violations.Tag(2, TelemetryNames.Of(finding.Action)),
            M.Violations.Tag(3, mode),
        };
        _violations.Add(1, tags);
        _tenantViolations.Add(1, M.TenantViolations.Tag(0, tenant), M.TenantViolations.Tag(1, threat), M.TenantViolations.Tag(2, mode));
    }

    private void Guards(IReadOnlyList<GuardRun> guards)
    {
        for (var i = 0; i < guards.Count; i++)
        {
            var run = guards[i];
            var guard = TelemetryNames.Of(run.Guard);
            if (run.Verdict is not { } verdict)
            {
                var reason = TelemetryTerms.Of(RecordReasons.Skip(run.Skipped));
                _skipped.Add(1, M.GuardSkipped.Tag(0, guard), M.GuardSkipped.Tag(1, reason));
                continue;
            }

            _guards.Record(
                run.Microseconds / MicrosecondsPerSecond,
                M.GuardDuration.Tag(0, guard),
                M.GuardDuration.Tag(1, TelemetryNames.Of(verdict)));
            if (verdict == Verdict.Bypassed)
            {
                var reason = TelemetryTerms.Of(RecordReasons.FailOpen(run.Skipped));
                _failOpen.Add(1, M.GuardFailOpen.Tag(0, guard), M.GuardFailOpen.Tag(1, reason));
            }
        }
    }

    private void Tokens(TokenUsage usage, string tenant, string model)
    {
        Tokens(usage.Input, TokenType.Input, model);
        Tokens(usage.Output, TokenType.Output, model);
        Tokens(usage.CacheRead, TokenType.CacheRead, model);
        Tokens(usage.CacheWrite, TokenType.CacheWrite, model);
        Tokens(usage.Reasoning, TokenType.Reasoning, model);
        TenantTokens(usage.Input, TokenType.Input, tenant);
        TenantTokens(usage.Output, TokenType.Output, tenant);
    }

    // A provider's numbers are not trusted: a negative one would make a counter decrease.
    private void Tokens(long count, TokenType type, string model)
    {
        if (count > 0)
        {
            _tokens.Add(count, M.Tokens.Tag(0, model), M.Tokens.Tag(1, TelemetryTerms.Of(type)));
        }
    }

    private void TenantTokens(long count, TokenType type, string tenant)
    {
        if (count > 0)
        {
            _tenantTokens.Add(count, M.TenantTokens.Tag(0, tenant), M.TenantTokens.Tag(1, TelemetryTerms.Of(type)));
        }
    }

    private static UsageMissing WhyNoUsage(Outcome outcome) => outcome switch
    {
        Outcome.Cut => UsageMissing.Cut,
        Outcome.Cancelled => UsageMissing.Cancelled,
        _ => UsageMissing.NotReported,
    };
}
