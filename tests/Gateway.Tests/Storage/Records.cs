using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Tests.Storage;

internal static class Records
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static DecisionRecord At(DateTimeOffset time, string? tenant = "acme", Outcome outcome = Outcome.Allowed) => new()
    {
        Id = Guid.CreateVersion7(time).ToString(),
        Time = time,
        Tenant = tenant,
        Outcome = outcome,
        Format = "openai_chat",
    };

    public static DecisionRecord Full(DateTimeOffset time) => At(time, outcome: Outcome.UpstreamFailed) with
    {
        Status = 502,
        ErrorCode = "upstream_failed",
        Reason = "timeout",
        Application = "chat",
        EndUserHash = "0123456789abcdef0123456789abcdef",
        KeyId = "0123456789ab",
        Stream = true,
        ModelRequested = "default",
        ModelSent = "gpt-4o-mini",
        ModelReported = "gpt-4o-mini-2024-07-18",
        Provider = "openai",
        Destination = "primary",
        Attempts = 2,
        UpstreamStatus = 504,
        ResponseId = "chatcmpl-9rTm2yBqXzQk4",
        FinishReasons = ["stop"],
        Policy = "support-assistant",
        PolicyVersion = "0123456789ab",
        PolicyRevision = 7,
        PolicyVariant = PolicyVariant.Incumbent,
        SystemPromptVersion = 3,
        Overrides = ["ov_0193b1c000007000800000000000000a"],
        Tools = new RecordedTools(["send_email", "web_search"], ["send_email"], Truncated: true),
        ThirdPartyText = 512,
        Findings =
        [
            new Finding(
                GuardId.Content, "no-legal-advice", Threat.PersonalData, Surface.ToolResult, PolicyAction.Redact, Severity.High, GuardMode.Monitor,
                "$.messages[3].content", 17, 12, "This assistant gives no legal advice."),
            new Finding(GuardId.Protocol, "duplicate_key", Threat.Protocol, Surface.Metadata, PolicyAction.Block, Severity.Critical, GuardMode.Enforce,
                Override: "ov_0193b1c000007000800000000000000a"),
        ],
        Guards =
        [
            new GuardRun(GuardId.Model, Verdict.Allowed, null, 3),
            new GuardRun(GuardId.Size, Verdict.Allowed, null, 1),
            new GuardRun(GuardId.Content, Verdict.WouldRedact, null, 120),
            new GuardRun(GuardId.Other, null, "earlier_block", 0),
        ],
        Usage = new TokenUsage(1200, 300, 1000, 20, 50),
        RequestBytes = 6621,
        ResponseBytes = 1800,
        InspectedRequestText = 6275,
        InspectedResponseText = 900,
        DeliveredRequestText = 6275,
        DeliveredResponseText = 850,
        Ledger =
        [
            new LedgerLine(TrafficDirection.Request, GuardId.Content, 6275, 6000, 275, 0),
            new LedgerLine(TrafficDirection.Response, GuardId.Content, 850, 800, 40, 10),
        ],
        DurationMs = 812.25,
        FirstByteMs = 240.5,
        UpstreamMs = 800.125,
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
    };
}
