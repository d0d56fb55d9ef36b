using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Tests.Telemetry;
using Xunit;
using static Gateway.Core.Tests.Policies.Overrides.TestOverrides;

namespace Gateway.Core.Tests.Policies.Overrides;

public sealed class OverridePreviewTests
{
    private static readonly DecisionRecord Record = SampleRecords.Allowed with
    {
        Application = "chat", KeyId = "key1", EndUserHash = new string('a', 32), RequestBytes = 1_000, DeliveredRequestText = 500, DeliveredResponseText = 90,
    };

    private static readonly DecisionRecord WithTools = Record with { Tools = new RecordedTools(["send_email", "mcp:crm"], ["lookup"], Truncated: false) };

    public static TheoryData<OverrideScope, PreviewVerdict> Scopes => new()
    {
        { new OverrideScope { Tenants = ["acme"], Keys = ["key1"], Formats = ["openai_chat"] }, PreviewVerdict.Yes },
        { new OverrideScope { Tenants = ["globex"] }, PreviewVerdict.No },
        { new OverrideScope { EndUsers = [new string('a', 32)] }, PreviewVerdict.Yes },
        { new OverrideScope { EndUsers = [new string('b', 32)] }, PreviewVerdict.No },
        { new OverrideScope { Models = ["default"] }, PreviewVerdict.Yes },
        { new OverrideScope { Models = ["gpt-4o*"] }, PreviewVerdict.Yes },
        { new OverrideScope { Models = ["o3"] }, PreviewVerdict.No },
    };

    public static TheoryData<PolicyOverride, PreviewVerdict> Measures => new()
    {
        { Tool("send_email"), PreviewVerdict.Yes },
        { Tool("lookup"), PreviewVerdict.Yes },
        { Tool("mcp:crm"), PreviewVerdict.Yes },
        { Tool("mcp:mail"), PreviewVerdict.No },
        { Tool("lookup", arguments: "x"), PreviewVerdict.Unknown },
        { Tool("send_email", arguments: "x"), PreviewVerdict.No },
        { Pattern("x"), PreviewVerdict.Unknown },
        { Host("evil.example"), PreviewVerdict.Unknown },
        { Of(OverrideKind.ThirdParty), PreviewVerdict.No },
        { Of(OverrideKind.Enforce), PreviewVerdict.No },
        { Limit(new OverrideLimits { BodyBytes = 999 }), PreviewVerdict.Yes },
        { Limit(new OverrideLimits { BodyBytes = 1_000, TextLength = 500, Tools = 2 }), PreviewVerdict.No },
        { Limit(new OverrideLimits { TextLength = 499 }), PreviewVerdict.Yes },
        { Limit(new OverrideLimits { Tools = 1 }), PreviewVerdict.Yes },
        { Limit(new OverrideLimits { RequestsPerMinute = 1 }), PreviewVerdict.Unknown },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void WouldStop_kill_switch_is_its_scope(OverrideScope scope, PreviewVerdict expected) =>
        Assert.Equal(expected, OverridePreview.WouldStop(Of(OverrideKind.Block, scope), Record));

    [Theory]
    [MemberData(nameof(Measures))]
    public void WouldStop_by_measure(PolicyOverride item, PreviewVerdict expected) => Assert.Equal(expected, OverridePreview.WouldStop(item, WithTools));

    [Fact]
    public void WouldStop_tool_without_tools_in_the_record_is_no() => Assert.Equal(PreviewVerdict.No, OverridePreview.WouldStop(Tool("send_email"), Record));

    [Fact]
    public void WouldStop_tool_that_may_be_among_those_left_out_is_unknown() => Assert.Equal(
        PreviewVerdict.Unknown, OverridePreview.WouldStop(Tool("other"), Record with { Tools = new RecordedTools(["a"], [], Truncated: true) }));

    [Fact]
    public void WouldStop_third_party_text_is_yes() =>
        Assert.Equal(PreviewVerdict.Yes, OverridePreview.WouldStop(Of(OverrideKind.ThirdParty), Record with { ThirdPartyText = 7 }));

    [Fact]
    public void WouldStop_enforce_is_yes_for_what_was_only_watched()
    {
        var watched = Record with { Findings = [SampleRecords.Finding with { Mode = GuardMode.Monitor }] };
        Assert.Equal(PreviewVerdict.Yes, OverridePreview.WouldStop(Of(OverrideKind.Enforce), watched));
        Assert.Equal(PreviewVerdict.No, OverridePreview.WouldStop(Of(new OverrideMeasure { Kind = OverrideKind.Enforce, Rule = "other" }), watched));
    }

    [Fact]
    public void WouldStop_second_model_that_the_record_does_not_name_is_unknown()
    {
        var second = Record with { Findings = [CapabilityGuard.ToFinding(Capability.SecondModel, PolicyAction.Allow, path: null)] };
        Assert.Equal(PreviewVerdict.Unknown, OverridePreview.WouldStop(Of(OverrideKind.Block, new OverrideScope { Models = ["o3"] }), second));
    }

    [Theory]
    [InlineData(Outcome.Blocked, PreviewVerdict.No)]
    [InlineData(Outcome.Limited, PreviewVerdict.No)]
    [InlineData(Outcome.Refused, PreviewVerdict.No)]
    [InlineData(Outcome.Cut, PreviewVerdict.Yes)]
    [InlineData(Outcome.Cancelled, PreviewVerdict.Yes)]
    public void WouldStop_what_was_stopped_anyway_is_no(Outcome outcome, PreviewVerdict expected) =>
        Assert.Equal(expected, OverridePreview.WouldStop(Of(OverrideKind.Block), Record with { Outcome = outcome }));

    private static PolicyOverride Limit(OverrideLimits limits) => Of(new OverrideMeasure { Kind = OverrideKind.Limit, Limits = limits });
}
