using System.Text.Json;
using Gateway.Cli;
using Gateway.Core.Tenants;
using Gateway.Tests.Architecture;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Cli;

public sealed class GatewayCommandTests : IDisposable
{
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
    public async Task KeysCreate_prints_the_key_alone_and_the_gateway_accepts_it()
    {
        Assert.Equal(0, await RunAsync("keys", "create", "--tenant", "acme", "--application", "chat", "--expires", "90d", "--note", "first"));
        var key = Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var registry = new KeyRegistry(new KeyFile(_folder, TimeProvider.System), false, TimeProvider.System, NullLogger<KeyRegistry>.Instance);
        registry.Reload();
        Assert.Equal("acme", registry.Authenticate(key).Identity?.Tenant);
        Assert.DoesNotContain(key, _error.ToString());
        Assert.Contains(Path.Combine(_folder, "keys.json"), _error.ToString());
        var entry = Assert.Single(registry.Keys);
        Assert.Equal(entry.CreatedAt + TimeSpan.FromDays(90), entry.ExpiresAt);
    }

    [Fact]
    public async Task KeysRevoke_key_is_listed_as_revoked()
    {
        await RunAsync("keys", "create", "--tenant", "acme");
        var id = Take()[3..15];
        Assert.Equal(0, await RunAsync("keys", "revoke", id));
        await RunAsync("keys", "list", "--json");
        var item = Assert.Single(JsonDocument.Parse(Take()).RootElement.EnumerateArray());
        Assert.Equal((id, "revoked", "acme"), (item.GetProperty("id").GetString(), item.GetProperty("status").GetString(), item.GetProperty("tenant").GetString()));
    }

    [Fact]
    public async Task Coverage_prints_the_committed_page()
    {
        Assert.Equal(0, await GatewayCommand.RunAsync(["coverage"], _output, _error, _ => null, TimeProvider.System));
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "docs", "coverage.md")), _output.ToString());
    }

    [Fact]
    public async Task KeysList_shows_no_hash_in_either_form()
    {
        await RunAsync("keys", "create", "--tenant", "acme");
        var hash = GatewayKey.HashText(Take().Trim().AsSpan()[^GatewayKey.SecretLength..]);
        await RunAsync("keys", "list");
        await RunAsync("keys", "list", "--json");
        Assert.DoesNotContain(hash, _output.ToString());
    }

    [Fact]
    public async Task KeysRevoke_unknown_id_fails()
    {
        Assert.Equal(ExitCodes.Failure, await RunAsync("keys", "revoke", "0123456789ab"));
        Assert.Contains("no key 0123456789ab", _error.ToString());
    }

    [Fact]
    public async Task KeysRevoke_whole_key_is_refused_and_not_repeated()
    {
        var key = GatewayKey.Format(GatewayKey.NewId(), GatewayKey.NewSecret());
        Assert.Equal(ExitCodes.Usage, await RunAsync("keys", "revoke", key));
        Assert.DoesNotContain(key[^GatewayKey.SecretLength..], _error.ToString());
    }

    [Theory]
    [InlineData]
    [InlineData("keys")]
    [InlineData("keys", "create")]
    [InlineData("keys", "create", "--tenant", "Acme")]
    [InlineData("keys", "create", "--tenant", "acme", "--application", "_x")]
    [InlineData("keys", "create", "--tenant", "acme", "--expires", "0d")]
    [InlineData("keys", "create", "--tenant", "acme", "--expires", "90")]
    [InlineData("keys", "create", "--tenant", "acme", "--expires", "-1d")]
    [InlineData("keys", "create", "--tenant", "acme", "--expires", "4000d")]
    [InlineData("keys", "create", "--tenant", "acme", "--note", "two\nlines")]
    [InlineData("keys", "create", "--tenant", "acme", "--nota", "x")]
    [InlineData("keys", "revoke")]
    public async Task Run_wrong_command_line_is_usage_error_and_writes_nothing(params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await GatewayCommand.RunAsync(args, _output, _error, Environment, TimeProvider.System));
        Assert.NotEmpty(_error.ToString());
        Assert.Empty(_output.ToString());
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task KeysCreate_broken_file_fails_with_its_name_and_no_key()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "keys.json"), "{");
        Assert.Equal(ExitCodes.Failure, await RunAsync("keys", "create", "--tenant", "acme"));
        Assert.Contains("keys.json is not a valid key document", _error.ToString());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task KeysCreate_without_option_uses_the_environment()
    {
        Assert.Equal(0, await GatewayCommand.RunAsync(["keys", "create", "--tenant", "acme"], _output, _error, Environment, TimeProvider.System));
        Assert.True(File.Exists(Path.Combine(_folder, "keys.json")));
    }

    [Fact]
    public async Task PolicyCheck_mistakes_are_printed_with_their_places_and_fail()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.yaml"), "policy: a\nnonsense: 1\nmode: sometimes\n");
        Assert.Equal(ExitCodes.Failure, await GatewayCommand.RunAsync(["policy", "check", _folder], _output, _error, Environment, TimeProvider.System));
        Assert.Contains("a.yaml:2:1: ", _output.ToString());
        Assert.Contains("a.yaml:3:", _output.ToString());
    }

    [Fact]
    public async Task PolicyCheck_good_policy_succeeds()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.yaml"), "policy: a\ntenants: [acme]\nmodels:\n  allow: [gpt-4o*]\n");
        var code = await GatewayCommand.RunAsync(["policy", "check", _folder], _output, _error, Environment, TimeProvider.System);
        Assert.True(code == 0, _output.ToString());
        Assert.Empty(_output.ToString());
    }

    private Task<int> RunAsync(params string[] args) =>
        GatewayCommand.RunAsync([.. args, "--data-folder", _folder], _output, _error, _ => null, TimeProvider.System);

    private string? Environment(string name) => name == "Gateway__DataFolder" ? _folder : null;

    private string Take()
    {
        var text = _output.ToString();
        _output.GetStringBuilder().Clear();
        return text;
    }
}
