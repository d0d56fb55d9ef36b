using Gateway.Core.Policies.Merging;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyFamily;

namespace Gateway.Core.Tests.Policies.Merging;

public sealed class GraphTests
{
    private const string Models = "models: { allow: [o3] }\n";

    [Fact]
    public void Compile_unknown_parent_is_a_mistake_with_a_suggestion() => Assert.Equal(
        [
            "child.yaml:2:11: extends[0] \"basline\" is not the name of a policy; did you mean \"baseline\"?",
            "child.yaml:2:20: extends[1] \"zzz\" is not the name of a policy; add a document with policy: zzz",
        ],
        Errors(("baseline", "abstract: true\n"), ("child", "extends: [basline, zzz]\n" + Tenant)));

    [Fact]
    public void Compile_child_of_an_unreadable_parent_reports_its_own_mistakes_and_no_consequences()
    {
        var errors = PolicyTestFiles.Compile(
            [PolicyTestFiles.Document("policy: [", "baseline.yaml"), .. Files(("child", "extends: [baseline]\nmode: x\nlocked: [guards.content.a]\nmodels: { allow: { remove: [o3] } }\nguards: { content: { remove: [b], add: [ { id: a, mode: off } ] } }\n" + Tenant))]).Errors;

        Assert.Equal(
            [
                "child.yaml:2:11: extends[0] \"baseline\" is not the name of a policy; it may be one of the documents that could not be read",
                "child.yaml:3:7: mode must be one of enforce, monitor, off, not \"x\"",
            ],
            errors.Where(error => error.Source.File == "child.yaml").Select(error => error.ToString()));
    }

    [Fact]
    public void Compile_policy_that_extends_itself_is_a_mistake() => Assert.Equal(
        ["a.yaml:2:11: extends[0] \"a\" leads back to this policy (a -> a); remove one of these"], Errors(("a", "extends: [a]\n" + Models + Tenant)));

    [Fact]
    public void Compile_every_policy_of_a_circle_says_so_and_those_below_it_do_not() => Assert.Equal(
        [
            "a.yaml:2:11: extends[0] \"b\" leads back to this policy (a -> b -> c -> a); remove one of these",
            "b.yaml:2:11: extends[0] \"c\" leads back to this policy (b -> c -> a -> b); remove one of these",
            "c.yaml:2:11: extends[0] \"a\" leads back to this policy (c -> a -> b -> c); remove one of these",
        ],
        Errors(("a", "extends: [b]\nabstract: true\n"), ("b", "extends: [c]\nabstract: true\n"), ("c", "extends: [a]\nabstract: true\n"), ("d", "extends: [a]\n" + Tenant)));

    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 1)]
    public void Compile_inheritance_has_a_depth_limit(int levels, int mistakes)
    {
        var documents = Enumerable.Range(0, levels + 1)
            .Select(level => ($"p{level:00}", (level > 0 ? $"extends: [p{level - 1:00}]\n" : Models) + (level < levels ? "abstract: true\n" : Tenant))).ToArray();

        var errors = Errors(documents);

        Assert.Equal(mistakes, errors.Length);
        Assert.All(errors, error => Assert.Equal("p17.yaml:2:10: extends inherits over 17 levels; at most 16 are allowed", error));
    }

    [Fact]
    public void Compile_policy_of_too_many_documents_is_refused()
    {
        var documents = Enumerable.Range(0, 70).Select(index => ($"p{index:00}", "abstract: true\n")).ToList();
        documents.AddRange(Enumerable.Range(0, 5).Select(group => ($"g{group}", $"abstract: true\nextends: [{string.Join(", ", Enumerable.Range(group * 14, 14).Select(index => $"p{index:00}"))}]\n")));
        documents.Add(("all", "extends: [g0, g1, g2, g3, g4]\n" + Models + Tenant));

        Assert.Equal(["all.yaml:2:10: extends inherits from 75 documents; at most 63 are allowed"], Errors([.. documents]));
    }

    [Fact]
    public void Compile_parents_in_two_orders_are_a_mistake() => Assert.Equal(
        ["child.yaml:2:10: extends inherits \"a\" and \"b\" in two orders; each document is applied once, so list the parents in one order everywhere"],
        Errors(
            ("a", "abstract: true\n"),
            ("b", "abstract: true\n"),
            ("left", "abstract: true\nextends: [a, b]\n"),
            ("right", "abstract: true\nextends: [b, a]\n"),
            ("child", "extends: [left, right]\n" + Models + Tenant)));

    [Fact]
    public void Compile_parent_named_after_its_own_child_is_a_mistake() => Assert.Equal(
        ["child.yaml:2:10: extends inherits \"base\" and \"mixin\" in two orders; each document is applied once, so list the parents in one order everywhere"],
        Errors(("base", "abstract: true\n"), ("mixin", "abstract: true\nextends: [base]\n"), ("child", "extends: [mixin, base]\n" + Models + Tenant)));

    [Fact]
    public void Merge_orders_ancestors_so_that_every_list_of_parents_is_kept() => Assert.Equal<string>(
        ["p", "q", "left", "right", "child"],
        PolicyMerge.Merge(Files(
            ("p", ""), ("q", ""), ("left", "extends: [q]\n"), ("right", "extends: [p, q]\n"), ("child", "extends: [left, right]\n"))).Single(policy => policy.Name == "child").Lineage);

    [Fact]
    public void Compile_parent_named_twice_is_a_mistake() => Assert.Equal(
        ["child.yaml:2:14: extends[1] \"a\" appears twice; remove one"], Errors(("a", "abstract: true\n"), ("child", "extends: [a, a]\n" + Models + Tenant)));

    [Fact]
    public void Compile_of_two_policies_of_one_name_the_first_is_the_parent_and_both_are_reported()
    {
        var errors = PolicyTestFiles.Compile(
            PolicyTestFiles.Document("policy: a\nabstract: true\n", "1.yaml"),
            PolicyTestFiles.Document("policy: a\nabstract: true\n", "2.yaml"),
            PolicyTestFiles.Document("policy: c\nextends: [a]\n" + Models + Tenant, "3.yaml")).Errors;

        Assert.Equal("2.yaml:1:9: policy \"a\" is already the name of the policy at 1.yaml:1:9; rename one", Assert.Single(errors).ToString());
    }

    [Fact]
    public void Compile_hostile_lattice_of_parents_ends()
    {
        // Each document extends all of the level above, so that the ways from bottom to top multiply.
        var documents = from level in Enumerable.Range(0, 4)
                        from index in Enumerable.Range(0, 16)
                        let parents = string.Join(", ", Enumerable.Range(0, 16).Select(parent => $"l{level - 1}-{parent}"))
                        select ($"l{level}-{index}", "abstract: true\n" + (level > 0 ? $"extends: [{parents}]\n" : ""));

        Assert.NotEmpty(Errors([.. documents]));
    }
}
