using CsCheck;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Merging;
using Xunit;

namespace Gateway.Core.Tests.Policies.Merging;

public sealed class InheritancePropertyTests
{
    private static readonly Gen<(string Base, string First, string Second, string Third)> Family =
        Gen.Select(PolicyGenerators.Base, PolicyGenerators.Body, PolicyGenerators.Body, PolicyGenerators.Body, (root, first, second, third) => (root, first, second, third));

    [Fact]
    public void Merge_is_the_same_whether_documents_stand_in_one_line_or_side_by_side() => Family.Sample(
        family =>
        {
            const string head = "abstract: true\n";
            var line = Merged(("base", head + family.Base), ("one", $"{head}extends: [base]\n{family.First}"), ("two", $"{head}extends: [one]\n{family.Second}"), ("end", $"extends: [two]\n{family.Third}"));
            var sides = Merged(("base", head + family.Base), ("one", head + family.First), ("two", head + family.Second), ("end", $"extends: [base, one, two]\n{family.Third}"));
            var mixed = Merged(("base", head + family.Base), ("one", $"{head}extends: [base]\n{family.First}"), ("two", head + family.Second), ("end", $"extends: [one, two]\n{family.Third}"));

            Assert.Equal(line, sides);
            Assert.Equal(line, mixed);
        },
        iter: 2_000);

    [Fact]
    public void Merge_document_that_says_nothing_changes_nothing() => Family.Sample(
        family => Assert.Equal(
            Merged(("base", family.Base), ("end", "extends: [base]\n" + family.First)),
            Merged(("base", family.Base), ("none", "extends: [base]\n"), ("end", "extends: [none]\n" + family.First))),
        iter: 1_000);

    [Fact]
    public void Compile_is_the_same_in_whatever_order_the_files_come() => Gen.Select(Family, Gen.Shuffle(new[] { 0, 1, 2, 3 }), Gen.Int[0, 3]).Sample(
        (family, order, parent) =>
        {
            var files = PolicyFamily.Files(
                ("p0", $"tenants: [t0]\nlocked: [limits]\n{family.Base}"),
                ("p1", $"tenants: [t1]\nextends: [p0]\n{family.First}"),
                ("p2", $"tenants: [t2]\nextends: [p{(parent == 2 ? 0 : parent)}]\n{family.Second}"),
                ("p3", $"tenants: [t3]\nextends: [p1, p2]\n{family.Third}"));
            var (straight, shuffled) = (PolicyTestFiles.Compile(files), PolicyTestFiles.Compile([.. order.Select(index => files[index])]));

            Assert.Equal(straight.Errors, shuffled.Errors);
            Assert.Equal(straight.Snapshot?.Version, shuffled.Snapshot?.Version);
            Assert.Equal(Shape(straight), Shape(shuffled));
        },
        iter: 2_000);

    private static string Merged(params (string Name, string Text)[] documents) => PolicyFamily.Effective("end", PolicyFamily.Files(documents));

    private static IEnumerable<string> Shape(PolicyCompilation compilation) =>
        (compilation.Snapshot?.Policies ?? []).Select(policy =>
            $"{policy.Name} {policy.Mode} {policy.RiskTier} {policy.Limits} {string.Join(' ', policy.Models.Allow)} {string.Join(' ', policy.Content.Rules.Select(rule => $"{rule.Id}{rule.Source}{rule.Mode}"))}");
}
