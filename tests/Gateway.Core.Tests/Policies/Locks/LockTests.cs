using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Locks;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyFamily;

namespace Gateway.Core.Tests.Policies.Locks;

public sealed class LockTests
{
    private const string Base = """
        abstract: true
        riskTier: 1
        models: { allow: [gpt-4o*, o3] }
        limits:
          requests: { perMinute: 600, burst: 60 }
          perUser: { requests: { perMinute: 20 } }
          concurrency: 32
          size: { bodyBytes: 1000, textLength: 900, messages: 5 }
        guards:
          content:
            - { id: keys, match: 'BEGIN KEY', surfaces: [user, output], action: annotate, severity: high }
            - { id: names, terms: [bluebird, kestrel], surfaces: [output] }
        unseen: { image: annotate, betas: [a, b] }
        tools: { builtIn: { web_search: annotate, mcp: deny } }

        """;

    /// <summary>What a child of the document above writes that is looser than it, the path that is locked, and where and how that is said.</summary>
    public static TheoryData<string, string, string> Looser => new()
    {
        { "mode", "mode: monitor", "2:7: mode is monitor, which is looser than enforce" },
        { "mode", "mode: off", "2:7: mode is off, which is looser than enforce" },
        { "*", "mode: off", "2:7: mode is off, which is looser than enforce" },
        { "riskTier", "riskTier: 0", "2:11: riskTier is 0, which is looser than 1" },
        { "onError", "onError: allow", "2:10: onError is allow, which is looser than block" },
        { "onError", "mode: monitor", "2:7: mode is monitor, which is looser than enforce" },
        { "models.allow", "models: { allow: [gpt-4o-mini, gpt-4*] }", "2:32: models.allow has \"gpt-4*\", which no entry of gpt-4o*, o3 covers" },
        { "models.allow", "models: { allow: [\"*\"] }", "2:19: models.allow has \"*\", which no entry of gpt-4o*, o3 covers" },
        { "models", "models: { allow: { add: [o3*] } }", "2:26: models.allow has \"o3*\", which no entry of gpt-4o*, o3 covers" },
        { "models.allow", "mode: monitor", "2:7: mode is monitor, which is looser than enforce" },
        { "models.allow", "guards: { model: { mode: off } }", "2:26: guards.model.mode is off, which is looser than enforce" },
        { "guards.model.mode", "guards: { model: { mode: monitor } }", "2:26: guards.model.mode is monitor, which is looser than enforce" },
        { "limits.requests", "limits: { requests: { perMinute: 601 } }", "2:34: limits.requests.perMinute is 601, which is looser than 600" },
        { "limits.requests", "limits: { requests: { perMinute: 6, burst: 61 } }", "2:44: limits.requests.burst is 61, which is looser than 60" },
        { "limits", "limits: { perUser: { requests: { perMinute: 10, burst: 3 } } }", "2:56: limits.perUser.requests.burst is 3, which is looser than 2" },
        { "limits.concurrency", "limits: { concurrency: 33 }", "2:24: limits.concurrency is 33, which is looser than 32" },
        { "limits.size", "limits: { size: { messages: 6 } }", "2:29: limits.size.messages is 6, which is looser than 5" },
        { "limits.size.bodyBytes", "limits: { size: { bodyBytes: 1001 } }", "2:30: limits.size.bodyBytes is 1001, which is looser than 1000" },
        { "limits.size.responseBytes", "limits: { size: { responseBytes: 33554433 } }", "2:34: limits.size.responseBytes is 33554433, which is looser than 33554432" },
        { "limits.size.textLength", "guards: { size: { mode: monitor } }", "2:25: guards.size.mode is monitor, which is looser than enforce" },
        { "guards.content", "guards: { content: { remove: [keys] } }", "2:31: guards.content.keys is removed" },
        { "guards.content.keys", "guards: { content: [ { id: keys, remove: true } ] }", "2:22: guards.content.keys is removed" },
        { "guards.content.keys", "guards: { content: [ { id: keys, mode: monitor } ] }", "2:40: guards.content.keys.mode is monitor, which is looser than enforce" },
        { "guards.content.keys", "mode: monitor", "2:7: mode is monitor, which is looser than enforce" },
        { "guards.content.names", "guards: { content: [ { id: names, action: annotate } ] }", "2:43: guards.content.names.action is annotate, which is looser than block" },
        { "guards.content.keys", "guards: { content: [ { id: keys, severity: medium } ] }", "2:44: guards.content.keys.severity is medium, which is looser than high" },
        { "guards.content.keys", "guards: { content: [ { id: keys, surfaces: [output] } ] }", "2:44: guards.content.keys.surfaces lacks surfaces that the parent's rule looks at" },
        { "guards.content.keys", "guards: { content: [ { id: keys, match: 'BEGIN KEYS?' } ] }", "2:41: guards.content.keys.match is not the pattern of the parent's rule; add a rule of your own beside it" },
        { "guards.content.keys", "guards: { content: [ { id: keys, terms: [BEGIN KEY] } ] }", "2:41: guards.content.keys.terms is not the pattern of the parent's rule; add a rule of your own beside it" },
        { "guards.content.keys", "guards: { content: [ { id: keys, ignoreCase: false } ] }", "2:46: guards.content.keys.ignoreCase is false, which finds less than true" },
        { "guards", "guards: { content: [ { id: names, terms: [bluebird] } ] }", "2:42: guards.content.names.terms lacks \"kestrel\" of the parent's terms" },
        { "guards.content.names", "guards: { content: [ { id: names, terms: { remove: [bluebird] } } ] }", "2:42: guards.content.names.terms lacks \"bluebird\" of the parent's terms" },
        { "guards.content.names", "guards: { content: [ { id: names, match: 'bluebird|kestrel' } ] }", "2:42: guards.content.names.match lacks \"bluebird\" of the parent's terms" },
        { "unseen.audio", "unseen: { audio: annotate }", "2:18: unseen.audio is annotate, which is looser than deny" },
        { "unseen.image", "unseen: { image: allow }", "2:18: unseen.image is allow, which is looser than annotate" },
        { "unseen.audio", "unseen: { default: allow }", "2:9: unseen.audio is allow, which is looser than deny" },
        { "unseen.audio", "unseen: { mode: monitor }", "2:17: unseen.mode is monitor, which is looser than enforce" },
        { "unseen.mode", "unseen: { mode: off }", "2:17: unseen.mode is off, which is looser than enforce" },
        { "unseen.betas", "unseen: { betas: [a, c] }", "2:22: unseen.betas has \"c\", which the parent does not pass on" },
        { "unseen", "unseen: { betas: { add: [c] } }", "2:26: unseen.betas has \"c\", which the parent does not pass on" },
        { "unseen.providerTool", "tools: { builtIn: { computer: allow } }", "2:31: tools.builtIn.computer is allow, which is looser than deny" },
        { "tools.builtIn.web_search", "tools: { builtIn: { web_search: allow } }", "2:33: tools.builtIn.web_search is allow, which is looser than annotate" },
        { "tools", "tools: { builtIn: { mcp: annotate } }", "2:26: tools.builtIn.mcp is annotate, which is looser than deny" },
        { "tools.builtIn", "unseen: { providerTool: allow }", "2:25: unseen.providerTool is allow, which is looser than deny" },
        { "tools.builtIn.computer", "unseen: { providerTool: allow }", "2:25: unseen.providerTool is allow, which is looser than deny" },
        { "tools.builtIn", "unseen: { mode: off }", "2:17: unseen.mode is off, which is looser than enforce" },
        { "tools.builtIn.mcp", "unseen: { mode: off }", "2:17: unseen.mode is off, which is looser than enforce" },
    };

    [Theory]
    [MemberData(nameof(Looser))]
    public void Compile_child_that_loosens_a_locked_value_is_refused_where_it_does_so(string path, string child, string problem)
    {
        var errors = Errors(("base", $"{Base}locked: [{Quoted(path)}]\n"), ("child", $"{child}\nextends: [base]\n{Tenant}"));

        Assert.Equal([$"child.yaml:{problem}; policy \"base\" locks {path} at base.yaml:16:10, so it can only be tightened"], errors);
    }

    [Theory]
    [MemberData(nameof(Looser))]
    public void Compile_child_may_loosen_what_is_not_locked(string path, string child, string problem)
    {
        Assert.NotEmpty(path + problem);
        Assert.Empty(Errors(("base", Base), ("child", $"{child}\nextends: [base]\n{Tenant}")));
    }

    [Theory]
    [InlineData("riskTier: 3")]
    [InlineData("onViolation: refusal")]
    [InlineData("guardTimeoutMs: 5000")]
    [InlineData("guardTimeoutMs: 50")]
    [InlineData("models: { allow: [gpt-4o-mini, gpt-4o-2024*], alias: { default: gpt-4o-mini } }")]
    [InlineData("models: { allow: { remove: [o3] } }")]
    [InlineData("limits: { requests: { perMinute: 60, burst: 6 }, concurrency: 1, size: { bodyBytes: 10, textLength: 9, tools: 0 } }")]
    [InlineData("guards: { content: [ { id: keys, action: block, severity: critical, surfaces: { add: [document] }, message: No., threat: secret } ] }")]
    [InlineData("guards: { content: [ { id: names, terms: { add: [merlin] } }, { id: own, match: x, surfaces: [user], mode: monitor } ] }")]
    [InlineData("unseen: { image: deny, betas: [a] }")]
    [InlineData("tools: { builtIn: { web_search: deny, computer: deny } }")]
    public void Compile_child_may_tighten_what_is_locked(string child) =>
        Assert.Empty(Errors(("base", Base + "locked: [\"*\"]\n"), ("child", $"{child}\nextends: [base]\n{Tenant}")));

    [Theory]
    [InlineData("guardTimeoutMs: 999\nonError: allow", 1)]
    [InlineData("guardTimeoutMs: 999\nmode: monitor", 1)]
    [InlineData("guardTimeoutMs: 999", 0)]
    [InlineData("guardTimeoutMs: 1001\nonError: allow", 0)]
    public void Compile_shorter_time_is_looser_only_where_a_guard_that_fails_lets_pass(string child, int mistakes) =>
        Assert.Equal(mistakes, Errors(("base", Base + "locked: [guardTimeoutMs]\n"), ("child", $"extends: [base]\n{child}\n{Tenant}")).Length);

    [Fact]
    public void Compile_monitored_parent_may_be_monitored_and_enforced_by_children()
    {
        (string, string) parent = ("base", Base + "mode: monitor\nlocked: [\"*\"]\n");

        Assert.Empty(Errors(parent, ("child", $"extends: [base]\nunseen: {{ mode: monitor }}\n{Tenant}")));
        Assert.Equal(GuardMode.Enforce, Policy("child", parent, ("child", $"extends: [base]\nmode: enforce\n{Tenant}")).Content.Rules[0].Mode);
    }

    [Fact]
    public void Compile_lock_holds_for_grandchildren_against_the_nearest_value() => Assert.Equal(
        ["grandchild.yaml:3:24: limits.concurrency is 20, which is looser than 10; policy \"base\" locks limits at base.yaml:16:10, so it can only be tightened"],
        Errors(
            ("base", Base + "locked: [limits]\n"),
            ("child", "abstract: true\nextends: [base]\nlimits: { concurrency: 10 }\n"),
            ("grandchild", "extends: [child]\nlimits: { concurrency: 20 }\n" + Tenant)));

    [Fact]
    public void Compile_lock_of_a_child_adds_to_those_of_its_parent() => Assert.Equal(
        2,
        Errors(
            ("base", Base + "locked: [mode]\n"),
            ("child", "abstract: true\nextends: [base]\nlocked: [riskTier]\n"),
            ("grandchild", "extends: [child]\nmode: monitor\nriskTier: 0\n" + Tenant)).Length);

    [Fact]
    public void Compile_lock_cannot_be_taken_away() => Assert.Equal(
        ["child.yaml:3:9: locked must be a list, not a mapping"], Errors(("base", Base + "locked: [mode]\n"), ("child", "extends: [base]\nlocked: { remove: [mode] }\n" + Tenant)));

    [Fact]
    public void Compile_policy_may_loosen_what_it_locks_itself() =>
        Assert.Empty(Errors(("child", "mode: monitor\nlocked: [mode]\nmodels: { allow: [o3] }\n" + Tenant)));

    [Fact]
    public void Compile_second_parent_that_loosens_what_the_first_locks_is_refused_for_the_child() => Assert.Equal(
        ["lax.yaml:3:7: mode is monitor, which is looser than enforce; policy \"base\" locks mode at base.yaml:16:10, so it can only be tightened (as inherited by policy \"child\")"],
        Errors(("base", Base + "locked: [mode]\n"), ("lax", "abstract: true\nmode: monitor\n"), ("child", "extends: [base, lax]\n" + Tenant)));

    [Fact]
    public void Compile_rule_removed_and_written_anew_is_still_the_locked_rule() => Assert.Contains(
        "guards.content.keys.match is not the pattern of the parent's rule",
        Assert.Single(Errors(
            ("base", Base + "locked: [guards.content.keys]\n"),
            ("child", "extends: [base]\nguards: { content: { remove: [keys], add: [ { id: keys, match: zzz, surfaces: [user, output], severity: high } ] } }\n" + Tenant))));

    [Fact]
    public void Compile_mistake_in_a_locked_value_is_no_second_mistake() => Assert.Equal(
        ["child.yaml:3:11: riskTier must be a whole number from 0 to 3, not \"high\"; write digits only"],
        Errors(("base", Base + "locked: [riskTier]\n"), ("child", "extends: [base]\nriskTier: high\n" + Tenant)));

    [Fact]
    public void Compile_parent_without_models_leaves_them_to_its_children_and_these_bind_theirs()
    {
        (string, string) parent = ("base", "abstract: true\nlocked: [models.allow]\n");
        (string, string) child = ("child", "extends: [base]\nmodels: { allow: [o3] }\n" + Tenant);

        Assert.Empty(Errors(parent, child));
        Assert.Single(Errors(parent, child, ("grandchild", "extends: [child]\nmodels: { allow: [o4] }\ntenants: [b]\n")));
    }

    [Theory]
    [InlineData("mod", "must be the path of a value that can be tighter or looser, such as mode, models.allow, limits or guards.content.<id>, or \"*\", not \"mod\"; did you mean \"mode\"?")]
    [InlineData("onViolation", "\"onViolation\" cannot be locked: neither of its values is tighter than the other")]
    [InlineData("models.alias", "\"models.alias\" cannot be locked: what it leads to must be on models.allow; lock that")]
    [InlineData("unseen.default", "\"unseen.default\" cannot be locked: it stands for the settings that are not named; lock unseen")]
    [InlineData("guards.content.kees", "locks the rule \"kees\", which is not there; did you mean \"keys\"?")]
    [InlineData("limits.", "must be the path of a value that can be tighter or looser, such as mode, models.allow, limits or guards.content.<id>, or \"*\", not \"limits.\"")]
    public void Compile_lock_that_would_hold_nothing_is_a_mistake(string path, string problem) => Assert.Equal(
        ["base.yaml:16:10: locked[0] " + problem], Errors(("base", $"{Base}locked: [{path}]\n"), ("child", "extends: [base]\n" + Tenant)));

    [Fact]
    public void Find_everything_holds_each_path_that_can_be_locked() => Assert.All(
        CapabilityTerms.All.Select(term => $"unseen.{term.Key}").Append("mode").Append("limits.size"),
        path => Assert.Empty(LockTable.Find(path).Except(LockTable.Find("*"))));

    private static string Quoted(string path) => path == "*" ? "\"*\"" : path;
}
