using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Guards;

public sealed class CapabilityGuardTests
{
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes("""{"a":[{"b":1},{"b":2}]}""");

    public static TheoryData<Capability> Capabilities => [.. Enum.GetValues<Capability>()];

    [Theory]
    [MemberData(nameof(Capabilities))]
    public async Task EvaluateAsync_denied_use_stops_and_names_the_setting(Capability capability)
    {
        var context = await JudgeAsync(UnseenRules.Default.With(capability, PolicyAction.Block), Use(capability));

        Assert.Equal(TelemetryNames.Of(capability), context.Block?.Rule);
        Assert.Equal("$.a[1].b", context.Block?.Path);
        Assert.Contains("unseen." + CapabilityTerms.Of(capability).Key, context.Block?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Capabilities))]
    public async Task EvaluateAsync_use_that_is_not_denied_is_a_finding_and_passes(Capability capability)
    {
        foreach (var action in new[] { PolicyAction.Allow, PolicyAction.Annotate })
        {
            var context = await JudgeAsync(UnseenRules.Default.With(capability, action), Use(capability));

            Assert.Null(context.Block);
            var finding = Assert.Single(context.Findings);
            Assert.Equal((GuardId.Capability, action, "$.a[1].b"), (finding.Guard, finding.Action, finding.Path));
        }
    }

    [Fact]
    public async Task EvaluateAsync_in_monitor_mode_says_what_would_have_happened()
    {
        var context = await JudgeAsync(UnseenRules.Default, request => request.Uses.Add(new CapabilityUse(Capability.Audio, -1)), GuardMode.Monitor);

        Assert.Null(context.Block);
        Assert.Equal((PolicyAction.Block, GuardMode.Monitor), (context.Findings[0].Action, context.Findings[0].Mode));
    }

    [Fact]
    public async Task EvaluateAsync_many_places_of_one_use_are_bounded_and_hide_no_refused_one()
    {
        var rules = Tools(("web_search", PolicyAction.Allow));
        var context = await JudgeAsync(rules, request =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                request.Uses.Add(new CapabilityUse(Capability.ProviderTool, 0, "web_search"));
            }

            request.Uses.Add(new CapabilityUse(Capability.ProviderTool, 0, "code_execution"));
        });

        Assert.Equal("provider_tool", context.Block?.Rule);
        Assert.Equal(CapabilityGuard.MostPlaces + 1, context.Findings.Count);
    }

    [Theory]
    [InlineData("web_search", null)]
    [InlineData("web_search_20250305", null)]
    [InlineData("web_fetch", "provider_tool")]
    [InlineData("mcp:crm", "provider_tool")]
    public async Task EvaluateAsync_provider_tool_goes_by_its_own_setting(string tool, string? rule)
    {
        var marked = await JudgeAsync(Tools(("web_search", PolicyAction.Allow)), request => request.Uses.Add(new CapabilityUse(Capability.ProviderTool, 0, tool)));
        var declared = await JudgeAsync(Tools(("web_search", PolicyAction.Allow)), request => request.Content.Tools.Add(new ToolDeclaration(tool, ProviderSide: true)));

        Assert.Equal((rule, rule), (marked.Block?.Rule, declared.Block?.Rule));
    }

    [Fact]
    public async Task EvaluateAsync_tool_of_the_client_is_no_use()
    {
        var context = await JudgeAsync(UnseenRules.Default, request => request.Content.Tools.Add(new ToolDeclaration("web_search", ProviderSide: false)));

        Assert.Empty(context.Findings);
    }

    [Fact]
    public async Task EvaluateAsync_provider_tool_without_a_name_follows_the_general_setting()
    {
        var context = await JudgeAsync(Tools(("web_search", PolicyAction.Allow)), request =>
        {
            request.Uses.Add(new CapabilityUse(Capability.ProviderTool, 0));
            request.Content.Tools.Add(new ToolDeclaration("web_search", ProviderSide: true));
        });

        Assert.Equal("provider_tool", context.Block?.Rule);
    }

    [Theory]
    [InlineData(PolicyAction.Block, "new-2026-01-01", true)]
    [InlineData(PolicyAction.Annotate, "new-2026-01-01", false)]
    [InlineData(PolicyAction.Block, "listed-2025-01-01", false)]
    [InlineData(PolicyAction.Block, "Listed-2025-01-01", true)]
    public async Task EvaluateAsync_beta_is_refused_unless_it_is_listed(PolicyAction setting, string value, bool blocked)
    {
        var rules = new UnseenRules([.. CapabilityTerms.All.Select(term => term.Default)], new Dictionary<string, PolicyAction>(), ["listed-2025-01-01"])
            .With(Capability.Beta, setting);
        using var request = new ExchangeRequest { Body = s_body, Betas = [value] };
        var context = await JudgeAsync(rules, request);

        Assert.Equal(blocked, context.Block is not null);
        Assert.Equal("beta", Assert.Single(context.Findings).Rule);
    }

    private static Action<ExchangeRequest> Use(Capability capability) =>
        request => request.Uses.Add(new CapabilityUse(capability, s_body.AsSpan().LastIndexOf((byte)'2')));

    private static UnseenRules Tools(params (string Name, PolicyAction Action)[] tools) => new(
        [.. CapabilityTerms.All.Select(term => term.Default)], tools.ToDictionary(tool => tool.Name, tool => tool.Action), []);

    private static async Task<GuardContext> JudgeAsync(UnseenRules rules, Action<ExchangeRequest> fill, GuardMode mode = GuardMode.Enforce)
    {
        using var request = new ExchangeRequest { Body = s_body };
        fill(request);
        return await JudgeAsync(rules, request, mode);
    }

    private static async Task<GuardContext> JudgeAsync(UnseenRules rules, ExchangeRequest request, GuardMode mode = GuardMode.Enforce)
    {
        var context = new GuardContext("d", request, TestPolicies.With() with { Unseen = rules, Mode = mode }, "gpt-4o");
        await new CapabilityGuard().EvaluateAsync(context, CancellationToken.None);
        return context;
    }
}
