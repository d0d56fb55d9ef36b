using Gateway.Core.Policies.Effective;
using Xunit;

namespace Gateway.Core.Tests.Policies.Effective;

public sealed class PolicyDiffTests
{
    private const string Strict = "models: { allow: [o3] }\nlimits: { concurrency: 3 }\n";
    private const string Lax = "models: { allow: [o3, o4] }\n";

    [Fact]
    public void Between_same_documents_is_empty() => Assert.True(Diff([("p", $"tenants: [a]\n{Lax}")], [("p", $"tenants: [a]\n{Lax}")]).IsEmpty);

    [Fact]
    public void Between_change_of_an_abstract_parent_shows_in_its_children()
    {
        var diff = Diff(
            [("base", $"abstract: true\n{Strict}"), ("p", "tenants: [a]\nextends: [base]\n")], [("base", $"abstract: true\n{Lax}"), ("p", "tenants: [a]\nextends: [base]\n")]);

        Assert.Equal(
            ["policy p: changed", "  loosens   models.allow[o4]: added", "  loosens   limits.concurrency: 3 -> none"], PolicyDiffText.Lines(diff));
        Assert.Equal("2 loosen, 0 unclear, 0 tighten, 0 neutral; 0 policies added, 0 removed.", PolicyDiffText.Summary(diff));
    }

    [Fact]
    public void Between_tenant_that_moves_to_a_laxer_policy_loosens()
    {
        var diff = Diff(
            [("p", $"tenants: [a, b]\n{Strict}"), ("q", $"tenants: [c]\n{Lax}")], [("p", $"tenants: [a]\n{Strict}"), ("q", $"tenants: [b, c]\n{Lax}")]);

        var move = Assert.Single(diff.Moves);
        Assert.Equal(("p", "q", ChangeEffect.Loosens), (move.From, move.To, move.Effect));
        Assert.Equal<string>(["tenant: b"], move.Subjects);
        Assert.Equal(1, diff.Count(ChangeEffect.Loosens));
        Assert.Contains("loosens: tenant: b: p -> q", PolicyDiffText.Lines(diff));
    }

    [Fact]
    public void Between_tenant_without_a_policy_has_no_traffic_and_getting_one_loosens()
    {
        var (none, one) = (new[] { ("p", $"tenants: [a]\n{Strict}") }, new[] { ("p", $"tenants: [a]\n{Strict}"), ("q", $"tenants: [b]\n{Strict}") });

        Assert.Equal((null, "q", ChangeEffect.Loosens), Move(Diff(none, one)));
        Assert.Equal(("q", null, ChangeEffect.Tightens), Move(Diff(one, none)));
    }

    [Theory]
    [InlineData("application: x", "application: x")]
    [InlineData("key: k", "key: k")]
    [InlineData("tenant: a, model: gpt-4o*", "tenant: a, model: gpt-4o*")]
    [InlineData("format: gemini", "format: gemini")]
    public void Between_new_attachment_moves_those_that_it_matches(string entry, string subject)
    {
        var before = new[] { ("p", $"tenants: [\"*\"]\n{Strict}"), ("q", $"tenants: [z]\n{Lax}") };
        var after = new[] { before[0], ("q", $"tenants: [z]\nappliesTo: [ {{ {entry} }} ]\n{Lax}") };

        var move = Assert.Single(Diff(before, after).Moves);

        Assert.Equal<string>([subject], move.Subjects);
        Assert.Equal(("p", "q", ChangeEffect.Loosens), (move.From, move.To, move.Effect));
    }

    [Fact]
    public void Between_prefix_that_is_covered_at_its_end_still_moves()
    {
        var before = new[] { ("p", $"tenants: [\"*\"]\nappliesTo: [ {{ model: gpt-4 }} ]\n{Strict}"), ("q", $"tenants: [z]\n{Lax}") };
        var after = new[] { before[0], ("q", $"tenants: [z]\nappliesTo: [ {{ model: gpt-4* }} ]\n{Lax}") };

        Assert.Equal<string>(["model: gpt-4*"], Assert.Single(Diff(before, after).Moves).Subjects);
    }

    [Fact]
    public void Lines_renamed_policy_is_a_removal_an_addition_and_a_move_that_changes_nothing()
    {
        var diff = Diff([("p", $"tenants: [a]\n{Strict}")], [("q", $"tenants: [a]\n{Strict}")]);

        Assert.Equal(["policy p: removed", "policy q: added", "neutral: tenant: a: p -> q"], PolicyDiffText.Lines(diff));
    }

    [Fact]
    public void Lines_policy_in_which_something_loosens_comes_first_and_a_rule_is_one_line()
    {
        var diff = Diff(
            [("p", $"tenants: [a]\n{Lax}"), ("q", $"tenants: [b]\n{Strict}")],
            [("p", $"tenants: [a]\n{Lax}guards: {{ content: [ {{ id: r, match: abc, surfaces: [user, output] }} ] }}\n"), ("q", $"tenants: [b]\n{Lax}")]);

        Assert.Equal(
            [
                "policy q: changed", "  loosens   models.allow[o4]: added", "  loosens   limits.concurrency: 3 -> none",
                "policy p: changed", "  tightens  guards.content[r]: added (block; enforce; user, output)",
            ],
            PolicyDiffText.Lines(diff));
    }

    [Fact]
    public void Json_tells_effects_and_parts()
    {
        var json = PolicyDiffText.Json(Diff(
            [("p", $"tenants: [a]\n{Strict}")], [("p", $"tenants: [a]\n{Lax}guards: {{ content: [ {{ id: r, match: abc, surfaces: [user] }} ] }}\n")]));

        Assert.False((bool)json["same"]!);
        Assert.Equal("{\"loosens\":2,\"unclear\":0,\"tightens\":1,\"neutral\":0}", json["counts"]!.ToJsonString());
        var settings = json["policies"]![0]!["settings"]!.AsArray();
        Assert.Equal("{\"path\":\"models.allow[o4]\",\"old\":null,\"new\":\"listed\",\"effect\":\"loosens\"}", settings[0]!.ToJsonString());
        Assert.Contains(settings, setting => (string?)setting!["partOf"] == "guards.content[r]");
    }

    private static (string? From, string? To, ChangeEffect Effect) Move(PolicyDiff diff)
    {
        var move = Assert.Single(diff.Moves);
        return (move.From, move.To, move.Effect);
    }

    private static PolicyDiff Diff((string Name, string Text)[] before, (string Name, string Text)[] after) =>
        PolicyDiff.Between(Settings.Snapshot(PolicyFamily.Files(before)), Settings.Snapshot(PolicyFamily.Files(after)));
}
