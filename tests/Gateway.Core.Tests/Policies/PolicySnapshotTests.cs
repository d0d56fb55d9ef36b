using Gateway.Core.Policies;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies;

public sealed class PolicySnapshotTests
{
    private static readonly PolicySnapshot Snapshot = Compile(
        Document(Minimal, "a.yaml"),
        Document("policy: rest\ntenants: [\"*\"]\nmodels: { allow: [o3] }\n", "b.yaml")).Snapshot!;

    [Fact]
    public void For_named_tenant_is_its_policy() => Assert.Equal("p", Snapshot.Attached(new PolicySubject("acme"))!.Name);

    [Fact]
    public void For_tenant_that_no_policy_names_is_the_policy_of_every_other() => Assert.Equal("rest", Snapshot.Attached(new PolicySubject("globex"))!.Name);

    [Fact]
    public void For_tenant_in_another_case_is_another_tenant() => Assert.Equal("rest", Snapshot.Attached(new PolicySubject("ACME"))!.Name);

    [Fact]
    public void For_tenant_without_any_policy_is_nothing() => Assert.Null(Compile(Minimal).Snapshot!.Attached(new PolicySubject("globex")));

    [Fact]
    public void For_asterisk_as_a_tenant_of_a_request_is_no_named_tenant() => Assert.Equal(["acme"], Snapshot.NamedTenants);
}
