using System.Text.RegularExpressions;
using Gateway.Core.Policies;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies;

public sealed class PolicyVersionTests
{
    [Fact]
    public void Version_is_twelve_hexadecimal_digits() => Assert.Matches(new Regex("^[0-9a-f]{12}$"), Compile(Minimal).Snapshot!.Version);

    [Fact]
    public void Version_of_the_same_documents_at_another_time_is_the_same() =>
        Assert.Equal(Compile(Minimal).Snapshot!.Version, PolicyCompiler.Compile([Document(Minimal)], DateTimeOffset.MaxValue).Snapshot!.Version);

    [Fact]
    public void Version_changes_with_a_single_byte() => Assert.NotEqual(Compile(Minimal).Snapshot!.Version, Compile(Minimal + "#").Snapshot!.Version);

    [Fact]
    public void Version_changes_with_the_file_name() =>
        Assert.NotEqual(Compile(Document(Minimal, "a.yaml")).Snapshot!.Version, Compile(Document(Minimal, "b.yaml")).Snapshot!.Version);

    [Fact]
    public void Version_of_bytes_moved_from_a_name_to_its_content_changes() =>
        Assert.NotEqual(PolicyVersion.Of([Document("bc", "a")]), PolicyVersion.Of([Document("c", "ab")]));
}
