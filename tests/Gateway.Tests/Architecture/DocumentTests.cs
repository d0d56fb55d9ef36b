using System.Text.RegularExpressions;

namespace Gateway.Tests.Architecture;

/// <summary>Keeps documents true to the tree.</summary>
public sealed partial class DocumentTests
{
    [Theory]
    [InlineData("src/ARCHITECTURE.md")]
    [InlineData("README.md")]
    public void Every_path_a_document_names_exists(string document)
    {
        var missing = Paths().Matches(Repository.Read(document))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Where(path => !Exists(path))
            .ToArray();
        Assert.Empty(missing);
    }

    [Fact]
    public void Architecture_names_every_folder_of_the_product()
    {
        var text = Repository.Read("src/ARCHITECTURE.md");
        var folders = Repository.Sources("src")
            .Select(file => string.Join('/', file.Split('/').Take(3)))
            .Where(path => !path.EndsWith(".cs", StringComparison.Ordinal))
            .Distinct()
            .Where(folder => !text.Contains($"`{folder}/`", StringComparison.Ordinal))
            .ToArray();
        Assert.Empty(folders);
    }

    private static bool Exists(string path)
    {
        var full = Path.Combine(Repository.Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    /// <summary>What stands in back quotes and begins with a folder of the root.</summary>
    [GeneratedRegex(@"`((?:src|tests|deploy|policies|grafana|\.ci)/[\w./-]*)`", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Paths();
}
