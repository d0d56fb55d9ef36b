using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Merging;
using Gateway.Core.Policies.Yaml;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyFamily;

namespace Gateway.Core.Tests.Policies.Merging;

public sealed class InheritanceTests
{
    private static readonly (string, string) Base = ("base", """
        abstract: true
        mode: monitor
        models: { allow: [gpt-4o*, o3] }
        limits: { requests: { perMinute: 600, burst: 6 }, concurrency: 32 }
        guards:
          content:
            - { id: first, match: aaa, surfaces: [user], severity: high }
            - { id: second, terms: [bbb, ccc], surfaces: [output] }
        """);

    [Fact]
    public void Compile_child_that_says_nothing_is_its_parent()
    {
        var policy = Policy("child", Base, ("child", "extends: [base]\n" + Tenant));

        Assert.Equal((GuardMode.Monitor, 32, new RequestRate(600, 6)), (policy.Mode, policy.Limits.Concurrency, policy.Limits.Requests));
        Assert.Equal<string>(["gpt-4o*", "o3"], policy.Models.Allow);
        Assert.Equal(["first", "second"], policy.Content.Rules.Select(rule => rule.Id));
        Assert.Equal(new PolicySource("child.yaml", 1, 1), policy.Source);
    }

    [Fact]
    public void Compile_single_values_of_the_child_win_and_mappings_are_merged()
    {
        var policy = Policy("child", Base, ("child", "extends: [base]\nmode: enforce\nlimits: { requests: { perMinute: 60 }, size: { tools: 3 } }\n" + Tenant));

        Assert.Equal((GuardMode.Enforce, 32, new RequestRate(60, 6), 3), (policy.Mode, policy.Limits.Concurrency, policy.Limits.Requests, policy.Limits.Size.Tools));
    }

    [Fact]
    public void Compile_names_of_the_author_are_merged_like_keys()
    {
        var models = Policy(
            "child",
            ("base", "abstract: true\nmodels: { allow: [o3, o4], alias: { default: o3, fast: o3 } }\n"),
            ("child", "extends: [base]\nmodels: { alias: { fast: o4, slow: o4 } }\n" + Tenant)).Models;

        Assert.Equal(("o3", "o4", "o4"), (models.Resolve("default"), models.Resolve("fast"), models.Resolve("slow")));
    }

    [Theory]
    [InlineData("[o4]", "o4")]
    [InlineData("{ add: [o4] }", "gpt-4o* o3 o4")]
    [InlineData("{ add: [o3, o4] }", "gpt-4o* o3 o4")]
    [InlineData("{ remove: [gpt-4o*] }", "o3")]
    [InlineData("{ remove: [gpt-4o*], add: [o4] }", "o3 o4")]
    public void Compile_list_takes_the_place_of_the_inherited_one_or_changes_it(string list, string expected) =>
        Assert.Equal(expected, string.Join(' ', Policy("child", Base, ("child", $"extends: [base]\nmodels: {{ allow: {list} }}\n" + Tenant)).Models.Allow));

    [Fact]
    public void Compile_add_without_anything_inherited_is_the_list() =>
        Assert.Equal<string>(["o3"], Policy("p", ("p", "models: { allow: { add: [o3] } }\n" + Tenant)).Models.Allow);

    [Fact]
    public void Compile_rule_with_an_inherited_id_changes_that_rule_member_by_member()
    {
        var policy = Policy("child", Base, ("child", "extends: [base]\nmode: enforce\nguards: { content: [ { id: first, action: annotate } ] }\n" + Tenant));
        var rule = policy.Content.Rules[0];

        Assert.Equal(("first", "aaa", PolicyAction.Annotate, Severity.High), (rule.Id, rule.Pattern.Source, rule.Action, rule.Severity));
        Assert.Equal<Surface>([Surface.User], rule.Surfaces);
        Assert.Equal(new PolicySource("child.yaml", 4, 22), rule.Source);
        Assert.Equal("second", policy.Content.Rules[1].Id);
    }

    [Fact]
    public void Compile_list_of_rules_never_drops_those_it_does_not_mention() => Assert.Equal(
        ["first", "second", "third"],
        Policy("child", Base, ("child", "extends: [base]\nguards: { content: [ { id: third, match: x, surfaces: [user] } ] }\n" + Tenant)).Content.Rules.Select(rule => rule.Id));

    [Theory]
    [InlineData("[ { id: first, remove: true } ]")]
    [InlineData("{ remove: [first] }")]
    public void Compile_rule_is_taken_away(string content) => Assert.Equal(
        ["second"], Policy("child", Base, ("child", $"extends: [base]\nguards: {{ content: {content} }}\n" + Tenant)).Content.Rules.Select(rule => rule.Id));

    [Fact]
    public void Compile_list_inside_a_rule_is_changed_like_any_other() => Assert.Equal(
        ["bbb", "ddd"],
        Policy("child", Base, ("child", "extends: [base]\nguards: { content: { add: [ { id: second, terms: { remove: [ccc], add: [ddd] } } ] } }\n" + Tenant))
            .Content.Rules[1].Pattern.Source.Split('|'));

    [Fact]
    public void Compile_pattern_of_the_child_takes_the_place_of_inherited_terms() => Assert.Equal(
        "zzz", Policy("child", Base, ("child", "extends: [base]\nguards: { content: [ { id: second, match: zzz } ] }\n" + Tenant)).Content.Rules[1].Pattern.Source);

    [Fact]
    public void Compile_terms_added_to_an_inherited_pattern_are_a_mistake() => Assert.Equal(
        ["child.yaml:3:42: guards.content[0].terms stands beside match; a rule has one of the two, so write two rules"],
        Errors(Base, ("child", "extends: [base]\nguards: { content: [ { id: first, terms: { add: [x] } } ] }\n" + Tenant)));

    [Fact]
    public void Compile_later_parents_win_over_earlier_ones_and_the_child_over_all()
    {
        const string text = "abstract: true\nmodels: { allow: [o3] }\n";
        var policy = Policy(
            "child",
            ("a", text + "riskTier: 1\nmode: monitor\nonError: allow\n"),
            ("b", text + "riskTier: 2\nmode: off\n"),
            ("child", "extends: [a, b]\nriskTier: 3\n" + Tenant));

        Assert.Equal((3, GuardMode.Off, GuardFailure.Allow), (policy.RiskTier, policy.Mode, policy.OnError));
    }

    [Fact]
    public void Compile_ancestor_of_two_parents_is_applied_once_so_that_it_undoes_nothing()
    {
        var policy = Policy(
            "child",
            ("root", "abstract: true\nmode: monitor\nriskTier: 1\nmodels: { allow: [o3] }\n"),
            ("a", "abstract: true\nextends: [root]\nmode: enforce\n"),
            ("b", "abstract: true\nextends: [root]\nriskTier: 2\n"),
            ("child", "extends: [a, b]\n" + Tenant));

        Assert.Equal((GuardMode.Enforce, 2), (policy.Mode, policy.RiskTier));
    }

    [Theory]
    [InlineData("tenants")]
    [InlineData("appliesTo")]
    [InlineData("description")]
    [InlineData("abstract")]
    [InlineData("locked")]
    public void Merge_leaves_what_belongs_to_one_document(string key)
    {
        var merged = PolicyMerge.Merge(Files(
            ("a", "tenants: [acme]\nappliesTo: [ { tenant: b } ]\ndescription: x\nabstract: false\nlocked: [mode]\nmodels: { allow: [o3] }\n"), ("child", "extends: [a]\n"))).Single(policy => policy.Name == "child");

        Assert.Null(merged.Root.Find(key));
        Assert.NotNull(merged.Root.Find("models"));
    }

    [Fact]
    public void Merge_every_value_keeps_the_place_at_which_it_was_written()
    {
        var merged = PolicyMerge.Merge(Files(
            ("base", "mode: enforce\nlimits:\n  concurrency: 32\n  requests: { perMinute: 6 }\n"), ("child", "extends: [base]\nlimits:\n  concurrency: 8\n")))
            .Single(policy => policy.Name == "child");
        var limits = (YamlMapping)merged.Root.Find("limits")!;

        Assert.Equal("base.yaml:2:7 mode", Where(merged.Root.Find("mode")!));
        Assert.Equal("child.yaml:4:3 limits", Where(limits));
        Assert.Equal("child.yaml:4:16 limits.concurrency", Where(limits.Find("concurrency")!));
        Assert.Equal("base.yaml:5:26 limits.requests.perMinute", Where(((YamlMapping)limits.Find("requests")!).Find("perMinute")!));
        Assert.Equal<string>(["base", "child"], merged.Lineage);

        static string Where(YamlNode node) => $"{node.Place.Source} {node.Place.Path}";
    }

    [Fact]
    public void Merge_document_without_parents_and_edits_is_its_own_tree()
    {
        var document = ParsedDocument.Read(PolicyTestFiles.Document("policy: p\nguards: { content: [ { id: a, terms: [x] } ] }\nmodels: { allow: [o3] }\n"));

        Assert.Same(document.Root, PolicyMerge.Merge([document]).Single().Root);
    }

    [Fact]
    public void Compile_mistake_of_a_parent_is_said_once_however_many_inherit_it() => Assert.Equal(
        ["base.yaml:3:7: mode must be one of enforce, monitor, off, not \"strict\""],
        Errors(
            ("base", "abstract: true\nmode: strict\nmodels: { allow: [o3] }\n"),
            ("a", "extends: [base]\ntenants: [a]\n"),
            ("b", "extends: [base]\ntenants: [b]\n")));

    [Fact]
    public void Compile_mistake_that_only_a_child_makes_of_an_inherited_value_names_the_child() => Assert.Equal(
        ["base.yaml:3:46: models.alias.default \"o3\" is not allowed by models.allow; add it there (as inherited by policy \"child\")"],
        Errors(
            ("base", "abstract: true\nmodels: { allow: [o3, o4], alias: { default: o3 } }\n"),
            ("child", "extends: [base]\nmodels: { allow: { remove: [o3] } }\n" + Tenant)));

    [Fact]
    public void Compile_mistakes_of_edits_are_reported_together() => Assert.Equal(
        [
            "child.yaml:4:21: models.allow.remove[0] \"o4\" is not inherited, so it cannot be removed; did you mean \"o3\"?",
            "child.yaml:4:29: models.allow.remove[2] \"o3\" appears twice; remove one",
            "child.yaml:4:40: models.allow.add[0] \"o3\" is both added and removed; decide for one",
            "child.yaml:6:12: guards.content has no key \"keep\"; in the place of a list its keys are add, remove",
            "child.yaml:6:23: guards.content.remove[0] \"frist\" is not inherited, so it cannot be removed; did you mean \"first\"?",
            "child.yaml:6:60: guards.content.add[0].remove takes a rule away: write { id: x, remove: true } with nothing else, or remove the key",
            "child.yaml:8:17: unseen.betas.add must be a list, not \"x\"",
        ],
        Errors(Base, ("child", """
            extends: [base]
            models:
              allow: { remove: [o4, o3, o3], add: [o3] }
            guards:
              content: { remove: [frist], add: [ { id: second, remove: false } ], keep: [a] }
            unseen:
              betas: { add: x }
            tenants: [acme]
            """)));

    [Fact]
    public void Compile_list_emptied_by_removing_is_a_mistake() => Assert.Equal(
        ["child.yaml:3:18: models.allow must not be empty; name at least one value, or remove the key"],
        Errors(Base, ("child", "extends: [base]\nmodels: { allow: { remove: [o3, gpt-4o*] } }\n" + Tenant)).Where(error => error.Contains("empty", StringComparison.Ordinal)));

    [Fact]
    public void Compile_empty_value_does_not_undo_what_is_inherited() => Assert.Equal(
        ["child.yaml:3:8: limits must be a mapping with requests, concurrency, perUser, size, not empty"],
        Errors(Base, ("child", "extends: [base]\nlimits:\n" + Tenant)));

    [Fact]
    public void Compile_abstract_policies_alone_are_refused() => Assert.Equal(
        ["policies: every policy is abstract, so nothing could be enforced; add one that extends them and has tenants"], Errors(Base));

    [Fact]
    public void Compile_abstract_policy_needs_no_models_and_governs_nobody()
    {
        var compilation = Compile(("base", "abstract: true\nriskTier: 2\n"), ("child", "extends: [base]\nmodels: { allow: [o3] }\n" + Tenant));

        Assert.Empty(compilation.Errors);
        Assert.Equal(["child"], compilation.Snapshot!.Policies.Select(policy => policy.Name));
    }

    [Fact]
    public void Compile_abstract_policy_with_tenants_is_a_mistake() => Assert.Equal(
        ["base.yaml:3:1: tenants is not allowed in an abstract policy, which applies to nobody; remove it, or abstract on line 2"],
        Errors(("base", "abstract: true\ntenants: [a]\n"), ("child", "extends: [base]\nmodels: { allow: [o3] }\n" + Tenant)));
}
