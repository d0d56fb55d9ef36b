using System.Text;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Tests.Policies.Overrides;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static Gateway.Core.Tests.Policies.Overrides.TestOverrides;

namespace Gateway.Core.Tests.Guards;

public sealed class OverrideGuardTests
{
    private const string Plain = """{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}""";
    private const string WithTool = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"send_email"}}]}""";
    private const string WithFunction = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"functions":[{"name":"send_email"}]}""";
    private const string WithCall = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"send_email","arguments":"{\"to\":\"x@evil.example\"}"}}]},{"role":"tool","tool_call_id":"1","content":"done"}]}""";
    private const string WithLegacyCall = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"function_call":{"name":"send_email","arguments":"{}"}}]}""";
    private const string WithResult = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"tool","tool_call_id":"1","content":"see https://cdn.evil.example/x"}]}""";

    public static TheoryData<GuardMode> Modes => [GuardMode.Enforce, GuardMode.Monitor, GuardMode.Off];

    public static TheoryData<string, PolicyOverride> Stopped => new()
    {
        { Plain, Of(OverrideKind.Block) },
        { Plain, Of(OverrideKind.Block, new OverrideScope { Models = ["GPT-4*"] }) },
        { Plain, Pattern("hello") },
        { Plain, Of(new OverrideMeasure { Kind = OverrideKind.Limit, Limits = new OverrideLimits { TextLength = 4 } }) },
        { WithTool, Of(new OverrideMeasure { Kind = OverrideKind.Limit, Limits = new OverrideLimits { Tools = 0 } }) },
        { WithTool, Tool("send_email") },
        { WithFunction, Tool("send_email") },
        { WithCall, Tool("send_email") },
        { WithCall, Tool("send_email", arguments: @"@evil\.example") },
        { WithLegacyCall, Tool("send_email") },
        { WithResult, Host("evil.example") },
        { WithCall, Host("evil.example") },
        { WithResult, Of(OverrideKind.ThirdParty) },
    };

    public static TheoryData<string, PolicyOverride> Passed => new()
    {
        { Plain, Of(OverrideKind.Block, new OverrideScope { Models = ["o3"] }) },
        { Plain, Pattern("good bye") },
        { Plain, Of(OverrideKind.ThirdParty) },
        { WithTool, Tool("send_email", arguments: "x") },
        { WithTool, Tool("send_email", approval: true) },
        { WithCall, Tool("send_email", approval: true) },
        { WithCall, Tool("send_email", arguments: "good") },
        { WithResult, Host("vil.example") },
    };

    [Theory]
    [MemberData(nameof(Stopped))]
    public async Task RunAsync_override_stops_the_request_in_every_mode(string body, PolicyOverride item)
    {
        foreach (var mode in Enum.GetValues<GuardMode>())
        {
            var context = await RunAsync(body, mode, item);
            Assert.Equal($"override:{item.Id}", context.Block?.Rule);
            Assert.Equal(item.Id, context.Block!.Override);
        }
    }

    [Theory]
    [MemberData(nameof(Passed))]
    public async Task RunAsync_override_for_something_else_passes(string body, PolicyOverride item) =>
        Assert.Null((await RunAsync(body, GuardMode.Enforce, item)).Block);

    [Theory]
    [InlineData(GuardMode.Monitor)]
    [InlineData(GuardMode.Off)]
    public async Task RunAsync_rules_of_the_policy_stay_in_its_mode_beside_an_override(GuardMode mode)
    {
        var policy = TestPolicies.With(TestPolicies.Rule("hello") with { Mode = mode }) with { Mode = mode, Models = new ModelRules { Allow = ["other"] } };
        var context = await RunAsync(Plain, Set(Pattern("good bye")).Tighten(policy, new PolicySubject("acme"), Now), new ModelGuard());
        Assert.Null(context.Block);
        Assert.Equal(mode == GuardMode.Monitor ? 2 : 0, context.Findings.Count);
    }

    [Fact]
    public async Task RunAsync_one_rule_enforced_by_an_override_stops_a_policy_that_only_watches()
    {
        var policy = TestPolicies.With(TestPolicies.Rule("hello") with { Mode = GuardMode.Monitor }) with { Mode = GuardMode.Monitor };
        var enforce = Of(new OverrideMeasure { Kind = OverrideKind.Enforce, Rule = "hello" });
        var context = await RunAsync(Plain, Set(enforce).Tighten(policy, new PolicySubject("acme", Model: "gpt-4o"), Now));
        Assert.Equal("hello", context.Block?.Rule);
    }

    [Fact]
    public async Task RunAsync_guard_that_an_override_needs_fails_closed_whatever_the_policy_says()
    {
        var policy = TestPolicies.With() with { Mode = GuardMode.Monitor, OnError = GuardFailure.Allow };
        var context = Context(Plain, Set(Of(OverrideKind.Block)).Tighten(policy, new PolicySubject("acme"), Now));
        await new GuardPipeline([new Broken()], new FakeTimeProvider()).RunAsync(context, CancellationToken.None);
        Assert.Equal(GuardId.Override, context.FailedClosed);
    }

    [Fact]
    public async Task RunAsync_without_overrides_does_not_mention_their_guards()
    {
        var context = await RunAsync(WithTool, TestPolicies.With());
        Assert.Equal([GuardId.Content], context.Runs.Select(run => run.Guard));
    }

    [Fact]
    public async Task RunAsync_second_model_that_is_blocked_stops_the_request()
    {
        const string Body = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"fallback_models":["o3"]}""";
        var context = Context(Plain, Set(Of(OverrideKind.Block, new OverrideScope { Models = ["o3"] })).Tighten(TestPolicies.With(), new PolicySubject("acme"), Now));
        context.Request.OtherModels.Add(new NamedModel("models/o3", Body.IndexOf("\"o3", StringComparison.Ordinal)));
        await new GuardPipeline([new OverrideGuard()], new FakeTimeProvider()).RunAsync(context, CancellationToken.None);
        Assert.NotNull(context.Block);
    }

    [Fact]
    public void MustRead_text_that_only_an_override_reads_is_owed_in_every_mode()
    {
        foreach (var mode in Enum.GetValues<GuardMode>())
        {
            var policy = Set(Pattern("x")).Tighten(TestPolicies.With() with { Mode = mode }, new PolicySubject("acme"), Now);
            Assert.True(TextDuties.MustRead(policy, GuardId.Content, Surface.User));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Judge_call_in_a_whole_answer_is_stopped_in_every_mode(GuardMode mode)
    {
        using var content = new MessageContent();
        content.ToolCalls.Add(new ToolCall("lookup", "{}", "1", History: false, ProviderSide: false));
        content.ToolCalls.Add(new ToolCall("send_email", "{}", "2", History: false, ProviderSide: false));
        var findings = new List<Finding>();
        AnswerOverrides.Judge(content, Tightened(mode, Tool("send_email")).Emergency, findings.Add);
        Assert.True(Assert.Single(findings).Blocks);
    }

    [Fact]
    public void Judge_call_that_needs_approval_says_so()
    {
        using var content = new MessageContent();
        content.ToolCalls.Add(new ToolCall("send_email", "{}", "2", History: false, ProviderSide: false));
        var findings = new List<Finding>();
        AnswerOverrides.Judge(content, Tightened(GuardMode.Enforce, Tool("send_email", approval: true)).Emergency, findings.Add);
        Assert.Contains("approval", Assert.Single(findings).Message, StringComparison.Ordinal);
    }

    private static TenantPolicy Tightened(GuardMode mode, PolicyOverride item) =>
        Set(item).Tighten(TestPolicies.With() with { Mode = mode }, new PolicySubject("acme", Model: "gpt-4o"), Now);

    private static Task<GuardContext> RunAsync(string body, GuardMode mode, PolicyOverride item) => RunAsync(body, Tightened(mode, item));

    private static async Task<GuardContext> RunAsync(string body, TenantPolicy policy, params IRequestGuard[] more)
    {
        var context = Context(body, policy);
        await new GuardPipeline([new OverrideGuard(), .. more, new ToolGuard(), new ContentGuard()], new FakeTimeProvider()).RunAsync(context, CancellationToken.None);
        return context;
    }

    private static GuardContext Context(string body, TenantPolicy policy)
    {
        var request = new ExchangeRequest { Body = Encoding.UTF8.GetBytes(body) };
        Assert.Null(WireFormats.All.Single(format => format.Id == FormatId.OpenAIChat).ReadRequest(request));
        return new GuardContext("dec_1", request, policy, request.Model);
    }

    private sealed class Broken : IRequestGuard
    {
        public GuardId Id => GuardId.Override;

        public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("broken");
    }
}
