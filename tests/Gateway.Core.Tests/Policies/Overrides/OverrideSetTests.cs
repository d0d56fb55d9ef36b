using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Xunit;
using static Gateway.Core.Tests.Policies.Overrides.TestOverrides;

namespace Gateway.Core.Tests.Policies.Overrides;

public sealed class OverrideSetTests
{
    private static readonly string User = new('a', 32);

    private static readonly PolicySubject Bob = new("acme", "chat", "key1", FormatId.OpenAIChat, User, "fast", [new NamedModel("judge-1", 3)]);

    private static readonly TenantPolicy Policy = TestPolicies.With() with
    {
        Models = new ModelRules
        {
            Allow = ["gpt-4o*"],
            Aliases = new Dictionary<string, string> { ["fast"] = "gpt-4o-mini" }.ToFrozenDictionary(),
            Fallbacks = new Dictionary<string, ImmutableArray<string>> { ["gpt-4o-mini"] = ["gpt-4o", "gpt-4o-old"] }.ToFrozenDictionary(),
        },
    };

    public static TheoryData<OverrideScope, bool> Scopes => new()
    {
        { new OverrideScope(), true },
        { new OverrideScope { Tenants = ["globex", "acme"] }, true },
        { new OverrideScope { Tenants = ["ACME"] }, false },
        { new OverrideScope { Applications = ["chat"] }, true },
        { new OverrideScope { Applications = ["other"] }, false },
        { new OverrideScope { Keys = ["key1"] }, true },
        { new OverrideScope { Keys = ["key"] }, false },
        { new OverrideScope { EndUsers = [User] }, true },
        { new OverrideScope { EndUsers = [new string('b', 32)] }, false },
        { new OverrideScope { Formats = ["openai_chat"] }, true },
        { new OverrideScope { Formats = ["gemini"] }, false },
        { new OverrideScope { Models = ["fast"] }, true },
        { new OverrideScope { Models = ["GPT-4o-M*"] }, true },
        { new OverrideScope { Models = ["gpt-4o-old"] }, true },
        { new OverrideScope { Models = ["judge-1"] }, true },
        { new OverrideScope { Models = ["gpt-4"] }, false },
        { new OverrideScope { Tenants = ["acme"], Formats = ["gemini"] }, false },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Tighten_scope_is_the_conjunction_of_its_lists(OverrideScope scope, bool applies)
    {
        var tightened = Set(Of(OverrideKind.ThirdParty, scope)).Tighten(Policy, Bob, Now);
        Assert.Equal(applies, !ReferenceEquals(Policy, tightened));
    }

    [Fact]
    public void Tighten_before_end_user_and_model_are_known_leaves_their_overrides_out()
    {
        var set = Set(Of(OverrideKind.Block, new OverrideScope { EndUsers = [User] }), Of(OverrideKind.ThirdParty, new OverrideScope { Models = ["fast"] }, 2));
        Assert.Same(Policy, set.Tighten(Policy, new PolicySubject("acme", "chat", "key1", FormatId.OpenAIChat), Now));
    }

    [Fact]
    public void Tighten_without_overrides_is_the_same_policy() => Assert.Same(Policy, OverrideSet.None.Tighten(Policy, Bob, Now));

    [Fact]
    public void Tighten_override_has_no_effect_from_the_tick_of_its_expiry_on()
    {
        var item = Of(OverrideKind.Block);
        var set = Set(item);
        Assert.NotNull(set.Tighten(Policy, Bob, item.ExpiresAt - TimeSpan.FromTicks(1)).Emergency.Kill);
        Assert.Same(Policy, set.Tighten(Policy, Bob, item.ExpiresAt));
        Assert.Same(Policy, set.Tighten(Policy, Bob, item.ExpiresAt + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Tighten_the_same_again_is_the_same_object_and_allocates_nothing()
    {
        var set = Set(Pattern("blue falcon"), Of(OverrideKind.Block, new OverrideScope { Tenants = ["globex"] }, 2));
        var first = set.Tighten(Policy, Bob, Now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = set.Tighten(Policy, Bob, Now);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Same(first, second);
    }

    [Fact]
    public void Tighten_with_nothing_in_scope_is_the_same_policy_and_allocates_nothing()
    {
        var set = Set([.. Enumerable.Range(1, 500).Select(number => Of(OverrideKind.Block, new OverrideScope { Tenants = ["globex"] }, number))]);
        set.Tighten(Policy, Bob, Now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tightened = set.Tighten(Policy, Bob, Now);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Same(Policy, tightened);
    }

    [Fact]
    public void Tighten_override_that_touches_no_text_compiles_none() =>
        Assert.Same(Policy.Content, Set(Of(OverrideKind.Block), Tool("send")).Tighten(Policy, Bob, Now).Content);

    [Fact]
    public void Tighten_blocked_model_leaves_the_lists_and_the_fallbacks()
    {
        var models = Set(Of(OverrideKind.Block, new OverrideScope { Models = ["gpt-4o-o*"] })).Tighten(Policy, Bob, Now).Models;
        Assert.False(models.Allows("gpt-4o-old"));
        Assert.True(models.Allows("gpt-4o"));
        Assert.Equal("gpt-4o", Assert.Single(models.FallbacksOf("gpt-4o-mini")));
    }

    [Fact]
    public void Tighten_limits_are_the_lower_of_each()
    {
        var policy = Policy with { Limits = new LimitRules { Requests = new RequestRate(600, 60), Concurrency = 2, Size = new SizeLimits { TextLength = 10 } } };
        var measure = new OverrideMeasure
        {
            Kind = OverrideKind.Limit,
            Limits = new OverrideLimits { RequestsPerMinute = 60, UserRequestsPerMinute = 5, Concurrency = 8, BodyBytes = 100, TextLength = 20, Tools = 1, OutputTokens = 7 },
        };
        var limits = Set(Of(measure)).Tighten(policy, Bob, Now).Limits;
        Assert.Equal(
            new LimitRules
            {
                Requests = new RequestRate(60, 6),
                UserRequests = new RequestRate(5, 1),
                Concurrency = 2,
                Size = new SizeLimits { BodyBytes = 100, TextLength = 10, Tools = 1, OutputTokens = 7 },
            },
            limits);
    }

    [Theory]
    [InlineData(GuardMode.Monitor, GuardMode.Enforce)]
    [InlineData(GuardMode.Enforce, GuardMode.Enforce)]
    [InlineData(GuardMode.Off, GuardMode.Off)]
    public void Tighten_enforce_turns_monitor_into_enforce_and_leaves_off_alone(GuardMode before, GuardMode after)
    {
        var policy = TestPolicies.With(TestPolicies.Rule("a") with { Mode = before }) with { Mode = before };
        var tightened = Set(Of(OverrideKind.Enforce)).Tighten(policy, Bob, Now);
        Assert.Equal(after, tightened.Mode);
        Assert.Equal(after, Assert.Single(tightened.Content.Rules).Mode);
    }

    [Fact]
    public void Tighten_enforce_one_rule_leaves_the_others_and_the_policy_in_monitor()
    {
        var policy = TestPolicies.With(TestPolicies.Rule("a") with { Mode = GuardMode.Monitor }, TestPolicies.Rule("b") with { Mode = GuardMode.Monitor })
            with { Mode = GuardMode.Monitor };
        var tightened = Set(Of(new OverrideMeasure { Kind = OverrideKind.Enforce, Rule = "b" })).Tighten(policy, Bob, Now);
        Assert.Equal(GuardMode.Monitor, tightened.Mode);
        Assert.Equal([GuardMode.Monitor, GuardMode.Enforce], tightened.Content.Rules.Select(rule => rule.Mode));
        Assert.Same(policy.Content.For(Surface.User)!.Patterns, tightened.Content.For(Surface.User)!.Patterns);
    }

    [Fact]
    public void Tighten_override_that_this_build_cannot_read_stops_its_scope()
    {
        var unreadable = Of(new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "(" }, new OverrideScope { Tenants = ["acme"] });
        var unknown = Of(new OverrideMeasure { Kind = (OverrideKind)200 }, new OverrideScope { Tenants = ["acme"] });
        Assert.NotNull(Set(unreadable).Tighten(Policy, Bob, Now).Emergency.Kill);
        Assert.NotNull(Set(unknown).Tighten(Policy, Bob, Now).Emergency.Kill);
        Assert.Same(Policy, Set(unreadable).Tighten(Policy, Bob with { Tenant = "globex" }, Now));
    }

    [Fact]
    public void Tighten_patterns_that_do_not_fit_beside_the_policys_stop_everything()
    {
        ContentRule[] rules = [.. Enumerable.Range(0, 20).Select(number => TestPolicies.Rule($"(?:abc{number:x2}){{900}}", Surface.User))];
        var large = Of(new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "(?:wxyz){1200}", Surfaces = [Surface.User] });
        var tightened = Set(large, large with { Id = Id(2) }, large with { Id = Id(3) }).Tighten(TestPolicies.With(rules), Bob, Now);
        Assert.Equal(3, tightened.Emergency.Blocks.Length);
    }
}
