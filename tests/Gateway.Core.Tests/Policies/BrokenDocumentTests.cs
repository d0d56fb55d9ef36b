using Gateway.Core.Policies;
using Xunit;

namespace Gateway.Core.Tests.Policies;

/// <summary>Each document in the folder <c>Broken</c> is compiled alone and must give exactly the errors in the file beside it.</summary>
public sealed class BrokenDocumentTests
{
    private static readonly string Folder = TestFolders.InRepository("tests", "Gateway.Core.Tests", "Policies", "Broken");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compile_broken_document_gives_exactly_the_expected_errors(string name)
    {
        var file = new PolicyFile(name + ".yaml", File.ReadAllBytes(Path.Combine(Folder, name + ".yaml")));

        var compilation = PolicyCompiler.Compile([file], DateTimeOffset.UnixEpoch);

        Assert.Null(compilation.Snapshot);
        Assert.Equal(File.ReadAllLines(Path.Combine(Folder, name + ".errors.txt")), compilation.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void Folder_holds_at_least_thirty_documents() => Assert.True(Names.Count >= 30);
}
