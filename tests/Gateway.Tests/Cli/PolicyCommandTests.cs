using System.Text.Json;
using Gateway.Cli;
using Gateway.Core.Policies.Effective;
using Xunit;

namespace Gateway.Tests.Cli;

public sealed class PolicyCommandTests : IDisposable
{
    private const string Strict = "policy: p\ntenants: [acme]\nmodels: { allow: [gpt-4o*], alias: { fast: gpt-4o-mini } }\nlimits: { concurrency: 3 }\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Explain_prints_every_setting_with_the_place_it_was_written_at()
    {
        Assert.Equal(ExitCodes.Success, await RunAsync("explain", "--tenant", "acme", "--model", "fast", Folder("a", Strict)));

        var line = Assert.Single(_output.ToString().Split('\n'), line => line.StartsWith("limits.concurrency ", StringComparison.Ordinal));
        Assert.Equal(["limits.concurrency", "3", "p.yaml:4:24"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("fast is sent as gpt-4o-mini and is allowed by models.allow[\"gpt-4o*\"].", _error.ToString());
    }

    [Fact]
    public async Task Explain_as_JSON_is_one_document()
    {
        Assert.Equal(ExitCodes.Success, await RunAsync("explain", "--tenant", "acme", "--format", "gemini", "--json", Folder("a", Strict)));

        Assert.Equal("p", JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("policy").GetString());
    }

    [Fact]
    public async Task Explain_tenant_without_a_policy_fails()
    {
        Assert.Equal(ExitCodes.Failure, await RunAsync("explain", "--tenant", "globex", Folder("a", Strict)));
        Assert.Contains("No policy governs this tenant", _error.ToString());
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("explain", "--tenant", "acme", "--format", "soap")]
    [InlineData("diff")]
    [InlineData("diff", "one")]
    public async Task Run_wrong_command_line_is_usage_error(params string[] arguments) => Assert.Equal(ExitCodes.Usage, await RunAsync(arguments));

    [Fact]
    public async Task Diff_same_meaning_is_success()
    {
        Assert.Equal(ExitCodes.Success, await RunAsync("diff", Folder("a", Strict), Folder("b", "# A comment.\n" + Strict)));
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task Diff_difference_has_an_exit_code_of_its_own()
    {
        Assert.Equal(ExitCodes.Differs, await RunAsync("diff", Folder("a", Strict), Folder("b", Strict.Replace("3", "4"))));
        Assert.Equal("policy p: changed\n  loosens   limits.concurrency: 3 -> 4\n", _output.ToString().ReplaceLineEndings("\n"));
        Assert.Contains("1 loosen", _error.ToString());
    }

    [Fact]
    public async Task Diff_as_JSON_is_one_document()
    {
        Assert.Equal(ExitCodes.Differs, await RunAsync("diff", "--json", Folder("a", Strict), Folder("b", Strict.Replace("3", "4"))));
        Assert.False(JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("same").GetBoolean());
    }

    [Fact]
    public async Task Diff_mistakes_of_both_sides_are_printed_and_fail()
    {
        Assert.Equal(ExitCodes.Failure, await RunAsync("diff", Folder("a", "nonsense: 1\n"), Folder("b", "policy: q\nnonsense: 2\n")));
        Assert.Contains("p.yaml:1:1:", _output.ToString());
        Assert.Contains("p.yaml:2:1:", _output.ToString());
    }

    [Fact]
    public async Task Schema_is_printed_as_it_is_committed()
    {
        Assert.Equal(ExitCodes.Success, await RunAsync("schema"));
        Assert.Equal(PolicySchema.Text(), _output.ToString());
    }

    private string Folder(string name, string document)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "p.yaml"), document);
        return folder;
    }

    private Task<int> RunAsync(params string[] arguments) => GatewayCommand.RunAsync(["policy", .. arguments], _output, _error, _ => null, TimeProvider.System);
}
