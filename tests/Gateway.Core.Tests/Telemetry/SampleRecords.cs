using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Telemetry;

/// <summary>Records and policies to measure.</summary>
internal static class SampleRecords
{
    public static DecisionRecord Allowed { get; } = new()
    {
        Id = "0193b1c0-0000-7000-8000-000000000001",
        Time = DateTimeOffset.UnixEpoch,
        Outcome = Outcome.Allowed,
        Format = "openai_chat",
        Tenant = "acme",
        Policy = "support",
        PolicyVersion = "0123456789ab",
        Status = 200,
        ModelRequested = "default",
        ModelSent = "gpt-4o-mini",
        Provider = "openai",
        Attempts = 1,
        UpstreamStatus = 200,
        Usage = new TokenUsage(100, 50, 10, 5, 7),
        DurationMs = 250,
        UpstreamMs = 240,
        Guards = [new GuardRun(GuardId.Protocol, Verdict.Allowed, null, 12), new GuardRun(GuardId.Content, Verdict.Allowed, null, 30)],
    };

    public static Finding Finding { get; } = new(
        GuardId.Content, "no-legal-advice", Threat.Content, Surface.Output, PolicyAction.Block, Severity.Medium, GuardMode.Enforce);

    public static DecisionRecord Blocked { get; } = Allowed with
    {
        Outcome = Outcome.Blocked,
        Status = 403,
        Attempts = 0,
        UpstreamStatus = null,
        UpstreamMs = null,
        Usage = null,
        Findings = [Finding],
        Guards = [new GuardRun(GuardId.Content, Verdict.Blocked, null, 30)],
    };
}
