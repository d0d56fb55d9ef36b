using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gateway.Tests.Architecture;

/// <summary>The dependency rules of src/ARCHITECTURE.md.</summary>
public sealed partial class DependencyTests
{
    private static readonly string[] CorePackages =
        ["Microsoft.Extensions.Diagnostics.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "YamlDotNet"];

    [Fact]
    public void Core_references_no_project_and_only_listed_packages()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src/Gateway.Core/Gateway.Core.csproj"));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Equal(CorePackages, project.Descendants("PackageReference").Select(item => item.Attribute("Include")!.Value).Order(StringComparer.Ordinal));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Theory]
    [InlineData("src/Gateway/Gateway.csproj")]
    [InlineData("src/Gateway.Cli/Gateway.Cli.csproj")]
    public void Product_projects_reference_only_core(string path)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, path));
        var reference = Assert.Single(project.Descendants("ProjectReference"));
        Assert.EndsWith("Gateway.Core.csproj", reference.Attribute("Include")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Yarp_is_named_only_in_the_proxy_folder() =>
        AssertNamedOnlyIn("src", "Yarp.ReverseProxy", file => file.StartsWith("src/Gateway/Proxy/", StringComparison.Ordinal));

    [Fact]
    public void Onnx_runtime_is_named_in_at_most_one_file() =>
        Assert.True(Repository.Sources("src").Count(file => Repository.Read(file).Contains("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)) <= 1);

    [Fact]
    public void Guards_name_no_wire_format() =>
        Assert.DoesNotContain(Repository.Sources("src/Gateway.Core/Guards"), file => FormatName().IsMatch(Repository.Read(file)));

    [Fact]
    public void Formats_name_no_guard() =>
        AssertNamedOnlyIn("src/Gateway.Core/Formats", "Gateway.Core.Guards", _ => false);

    [Fact]
    public void Formats_are_told_apart_only_in_the_formats_folder()
    {
        var offenders = Repository.Sources("src")
            .Where(file => !file.StartsWith("src/Gateway.Core/Formats/", StringComparison.Ordinal))
            .Where(file => !file.StartsWith("src/Gateway.Core/Telemetry/", StringComparison.Ordinal))
            .Where(file => !file.StartsWith("src/Gateway/Simulation/", StringComparison.Ordinal))
            .Where(file => FormatName().IsMatch(WithoutComments(file)));
        Assert.Empty(offenders);
    }

    [Fact]
    public void Metric_and_attribute_names_stand_only_in_telemetry()
    {
        var offenders = Repository.Sources("src")
            .Where(file => !file.Contains("/Telemetry/", StringComparison.Ordinal))
            .Where(file => TelemetryName().IsMatch(WithoutComments(file)));
        Assert.Empty(offenders);
    }

    [Fact]
    public void Files_and_methods_keep_to_the_size_budget()
    {
        Assert.DoesNotContain(Repository.Sources("src"), file => Repository.Lines(file).Length > 400);
        Assert.Empty(Repository.Sources("src").SelectMany(LongMethods));
    }

    [Fact]
    public void Root_holds_only_what_belongs_there()
    {
        string[] allowed =
        [
            "src", "tests", "deploy", "policies", "grafana", "Gateway.sln", "Dockerfile", "README.md", "LICENSE",
            ".ci", ".git", ".gitignore", ".gitattributes", ".dockerignore", ".editorconfig", "global.json",
            "Directory.Build.props", "Directory.Packages.props", "data",
        ];
        var found = Directory.EnumerateFileSystemEntries(Repository.Root).Select(Path.GetFileName).ToArray();
        Assert.Empty(found.Except(allowed, StringComparer.Ordinal));
    }

    private static void AssertNamedOnlyIn(string folder, string name, Func<string, bool> isAllowed) =>
        Assert.DoesNotContain(Repository.Sources(folder), file => !isAllowed(file) && Repository.Read(file).Contains(name, StringComparison.Ordinal));

    private static string WithoutComments(string file) =>
        string.Join('\n', Repository.Lines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    /// <summary>Members longer than 60 lines, told by their braces: a body opens and closes at the same depth of indentation.</summary>
    private static IEnumerable<string> LongMethods(string file)
    {
        var lines = Repository.Lines(file);
        for (var start = 0; start < lines.Length; start++)
        {
            if (lines[start] == "    {" && start > 0 && lines[start - 1].EndsWith(')'))
            {
                var end = Array.FindIndex(lines, start, line => line.StartsWith("    }", StringComparison.Ordinal));
                if (end - start > 60)
                {
                    yield return $"{file}:{start}";
                }
            }
        }
    }

    [GeneratedRegex(@"\b(OpenAIChat|AnthropicMessages)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormatName();

    [GeneratedRegex("\"(gateway\\.[a-z]+\\.|gen_ai\\.|gateway_[a-z]+_)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TelemetryName();
}
