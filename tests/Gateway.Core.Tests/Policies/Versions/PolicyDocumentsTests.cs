using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies.Versions;

public sealed class PolicyDocumentsTests
{
    [Fact]
    public void Hash_begins_with_the_version_of_the_snapshot_in_any_order()
    {
        PolicyFile[] documents = [Document(Minimal, "b.yaml"), Document("policy: q\ntenants: [globex]\nmodels: { allow: [o3] }\n", "a.yaml")];

        Assert.StartsWith(Compile(documents).Snapshot!.Version, PolicyDocuments.Hash(documents));
        Assert.Equal(PolicyDocuments.Hash(documents), PolicyDocuments.Hash([.. documents.Reverse()]));
    }

    [Theory]
    [InlineData("../p.yaml")]
    [InlineData("a/p.yaml")]
    [InlineData("a\\p.yaml")]
    [InlineData(".p.yaml")]
    [InlineData("p.txt")]
    [InlineData("p")]
    [InlineData("")]
    [InlineData("p:q.yaml")]
    [InlineData("p\u202Eq.yaml")]
    [InlineData("p\n.yaml")]
    public void CheckNames_refuses_what_a_folder_would(string name) => Assert.Single(PolicyDocuments.CheckNames([Document(Minimal, name)]));

    [Theory]
    [InlineData("p.yaml")]
    [InlineData("P.YML")]
    [InlineData("übersicht.yaml")]
    public void CheckNames_takes_what_a_folder_would(string name) => Assert.Empty(PolicyDocuments.CheckNames([Document(Minimal, name)]));

    [Fact]
    public void CheckSize_refuses_more_documents_and_more_bytes_than_a_folder()
    {
        var many = Enumerable.Range(0, PolicyFolder.MaxFiles + 1).Select(i => Document("", $"{i}.yaml")).ToList();
        var large = Enumerable.Range(0, 17).Select(i => new PolicyFile($"{i}.yaml", new byte[PolicyFile.MaxBytes])).ToList();

        Assert.Single(PolicyDocuments.CheckSize(many));
        Assert.Single(PolicyDocuments.CheckSize(large));
        Assert.Empty(PolicyDocuments.CheckSize([.. large.Take(16)]));
    }
}
