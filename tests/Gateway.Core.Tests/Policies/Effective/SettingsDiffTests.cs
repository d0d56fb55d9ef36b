using Gateway.Core.Policies.Effective;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies.Effective;

public sealed class SettingsDiffTests
{
    private const string Rule = "{ id: r, match: abc, surfaces: [user, output], action: block, mode: enforce }";

    [Theory]
    [InlineData("onError: allow", "", "onError: allow -> block", ChangeEffect.Tightens)]
    [InlineData("", "onViolation: refusal", "onViolation: error -> refusal", ChangeEffect.Neutral)]
    [InlineData("riskTier: 2", "riskTier: 1", "riskTier: 2 -> 1", ChangeEffect.Loosens)]
    [InlineData("guardTimeoutMs: 20", "guardTimeoutMs: 10", "guardTimeoutMs: 20 -> 10", ChangeEffect.Neutral)]
    [InlineData("onError: allow\nguardTimeoutMs: 20", "onError: allow\nguardTimeoutMs: 10", "guardTimeoutMs: 20 -> 10", ChangeEffect.Loosens)]
    [InlineData("onError: allow\nguardTimeoutMs: 10", "onError: allow\nguardTimeoutMs: 20", "guardTimeoutMs: 10 -> 20", ChangeEffect.Tightens)]
    [InlineData("limits: { concurrency: 3 }", "", "limits.concurrency: 3 -> none", ChangeEffect.Loosens)]
    [InlineData("", "limits: { concurrency: 3 }", "limits.concurrency: none -> 3", ChangeEffect.Tightens)]
    [InlineData("limits: { size: { tools: 9 } }", "limits: { size: { tools: 10 } }", "limits.size.tools: 9 -> 10", ChangeEffect.Loosens)]
    [InlineData("unseen: { audio: annotate }", "unseen: { audio: deny }", "unseen.audio: annotate -> deny", ChangeEffect.Tightens)]
    [InlineData("", "unseen: { betas: [x-1] }", "unseen.betas[x-1]: added", ChangeEffect.Loosens)]
    [InlineData("tools: { builtIn: { mcp: deny } }", "", "tools.builtIn[mcp]: removed deny", ChangeEffect.Neutral)]
    [InlineData("", "tools: { builtIn: { mcp: allow } }", "tools.builtIn[mcp]: added allow", ChangeEffect.Loosens)]
    [InlineData("locked: [mode]", "", "locked[mode]: removed", ChangeEffect.Loosens)]
    [InlineData("", "description: Two  words", "description: added Two  words", ChangeEffect.Neutral)]
    [InlineData("description: a", "description: 'a -> b'", "description: a -> \"a -> b\"", ChangeEffect.Neutral)]
    public void Between_one_change_is_told_in_words_with_its_effect(string before, string after, string words, ChangeEffect effect)
    {
        var change = Assert.Single(SettingsDiff.Between(Settings.Of($"{Minimal}{before}\n"), Settings.Of($"{Minimal}{after}\n")));

        Assert.Equal((words, effect), (change.ToString(), change.Effect));
    }

    [Fact]
    public void Between_mode_of_the_policy_is_one_change_with_all_that_follow_it()
    {
        var changes = SettingsDiff.Between(
            Settings.Of(WithRules(Rule)), Settings.Of("mode: monitor\n" + WithRules(Rule.Replace("abc", "abd")) + "  size: { mode: off }\n"));

        Assert.Equal(
            ["mode: enforce -> monitor", "guards.size.mode: enforce -> off", "guards.content[r].match: abc -> abd"],
            changes.Where(change => change.PartOf is null).Select(change => change.ToString()));
        Assert.Equal(
            ["guards.content[r].mode", "guards.model.mode", "unseen.mode"],
            changes.Where(change => change is { PartOf: "mode", Effect: ChangeEffect.Loosens }).Select(change => change.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("action: block", "action: annotate", "guards.content[r].action: block -> annotate", ChangeEffect.Loosens)]
    [InlineData("mode: enforce", "mode: monitor", "guards.content[r].mode: enforce -> monitor", ChangeEffect.Loosens)]
    [InlineData("surfaces: [user, output]", "surfaces: [user]", "guards.content[r].surfaces: user, output -> user", ChangeEffect.Loosens)]
    [InlineData("surfaces: [user, output]", "surfaces: [user, document]", "guards.content[r].surfaces: user, output -> user, document", ChangeEffect.Loosens)]
    [InlineData("surfaces: [user, output]", "surfaces: [user, output, document]", "guards.content[r].surfaces: user, output -> user, document, output", ChangeEffect.Tightens)]
    [InlineData("match: abc", "match: abcd", "guards.content[r].match: abc -> abcd", ChangeEffect.Unclear)]
    [InlineData("match: abc", "match: abc, ignoreCase: false", "guards.content[r].ignoreCase: true -> false", ChangeEffect.Loosens)]
    [InlineData("match: abc", "match: abc, severity: critical", "guards.content[r].severity: medium -> critical", ChangeEffect.Tightens)]
    [InlineData("match: abc", "match: abc, message: No.", "guards.content[r].message: added No.", ChangeEffect.Neutral)]
    public void Between_rule_member_is_told_in_words_with_its_effect(string before, string after, string words, ChangeEffect effect)
    {
        Assert.Contains(before, Rule);
        var change = Assert.Single(SettingsDiff.Between(Settings.Of(WithRules(Rule)), Settings.Of(WithRules(Rule.Replace(before, after)))));

        Assert.Equal((words, effect), (change.ToString(), change.Effect));
    }

    [Theory]
    [InlineData("enforce", ChangeEffect.Tightens, ChangeEffect.Loosens)]
    [InlineData("monitor", ChangeEffect.Tightens, ChangeEffect.Loosens)]
    [InlineData("off", ChangeEffect.Neutral, ChangeEffect.Neutral)]
    public void Between_whole_rule_is_one_change_and_its_members_are_parts(string mode, ChangeEffect added, ChangeEffect removed)
    {
        var (without, with) = (Settings.Of(WithRules(Rule)), Settings.Of(WithRules(Rule, $"{{ id: s, terms: [a, b], surfaces: [user], mode: {mode} }}")));

        var (coming, going) = (SettingsDiff.Between(without, with), SettingsDiff.Between(with, without));

        Assert.Equal(("guards.content[s]: added", added), Told(Assert.Single(coming, change => change.PartOf is null)));
        Assert.Equal(("guards.content[s]: removed", removed), Told(Assert.Single(going, change => change.PartOf is null)));
        Assert.All(coming.Where(change => change.PartOf is not null), change => Assert.Equal(("guards.content[s]", ChangeEffect.Neutral), (change.PartOf, change.Effect)));
    }

    [Theory]
    [InlineData("gpt-4o*", "gpt-4o*, gpt-4o-mini", ChangeEffect.Neutral)]
    [InlineData("gpt-4o*, gpt-4o-mini", "gpt-4o*", ChangeEffect.Neutral)]
    [InlineData("gpt-4o*", "gpt-4o*, gpt-4oo*", ChangeEffect.Neutral)]
    [InlineData("gpt-4o*", "gpt-4o*, gpt*", ChangeEffect.Loosens)]
    [InlineData("gpt-4o*", "gpt-4o*, o3", ChangeEffect.Loosens)]
    [InlineData("gpt-4o*, o3", "gpt-4o*", ChangeEffect.Tightens)]
    public void Between_allowlist_counts_only_what_no_other_entry_covers(string before, string after, ChangeEffect effect) =>
        Assert.Equal(effect, Assert.Single(SettingsDiff.Between(Settings.Of(Minimal.Replace("gpt-4o*", before)), Settings.Of(Minimal.Replace("gpt-4o*", after)))).Effect);

    [Fact]
    public void Between_spelling_order_comments_and_written_defaults_are_no_change() => Assert.Empty(SettingsDiff.Between(
        Settings.Of(WithRules("{ id: r, match: abc, surfaces: [input] }", "{ id: s, match: abc, surfaces: [user] }")),
        Settings.Of("""
            # A comment.
            guards:
              content:
                - { id: s, match: 'abc', surfaces: ["user"], action: block }
                - id: r
                  match: abc
                  surfaces: [system, developer, user, assistant, tool_result, document, tool_arguments, reasoning, envelope]
            mode: enforce
            unseen: { audio: deny }
            tenants: ["acme"]
            models: { allow: [gpt-4o*] }
            policy: p
            """)));

    [Fact]
    public void Between_what_loosens_comes_first_then_what_nobody_can_tell()
    {
        var before = "riskTier: 1\nmode: monitor\nlimits: { concurrency: 5 }\n" + WithRules("{ id: r, match: abc, surfaces: [user] }");
        var after = "riskTier: 1\nmode: enforce\nonViolation: refusal\nlimits: { concurrency: 6 }\n" + WithRules("{ id: r, match: abd, surfaces: [user] }");

        var effects = SettingsDiff.Between(Settings.Of(before), Settings.Of(after)).Select(change => change.Effect).Distinct();

        Assert.Equal([ChangeEffect.Loosens, ChangeEffect.Unclear, ChangeEffect.Tightens, ChangeEffect.Neutral], effects);
    }

    [Fact]
    public void Apply_to_other_values_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        SettingsDiff.Apply(new Dictionary<string, string> { ["mode"] = "off" }, [new SettingChange("mode", "enforce", "monitor", ChangeEffect.Loosens)]));

    private static (string Words, ChangeEffect Effect) Told(SettingChange change) => (change.ToString(), change.Effect);
}
