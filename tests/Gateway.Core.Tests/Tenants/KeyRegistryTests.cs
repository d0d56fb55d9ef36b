using Gateway.Core.Tenants;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Core.Tests.Tenants;

public sealed class KeyRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly KeyFile _file;
    private readonly KeyAdministration _keys;
    private readonly KeyRegistry _registry;

    public KeyRegistryTests()
    {
        _file = new KeyFile(_folder.Path, TimeProvider.System);
        _keys = new KeyAdministration(_file, _time);
        _registry = Registry(acceptDemoKey: false);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Authenticate_key_of_the_file_gives_its_identity()
    {
        var key = await CreateAsync();
        Assert.Equal(new TenantIdentity("acme", "chat", key.Entry.Id), _registry.Authenticate(key.Text).Identity);
    }

    [Fact]
    public async Task Authenticate_wrong_secret_or_id_is_unknown_and_names_no_key()
    {
        var key = await CreateAsync();
        var wrongSecret = _registry.Authenticate(GatewayKey.Format(key.Entry.Id, GatewayKey.NewSecret()));
        var wrongId = _registry.Authenticate(GatewayKey.Format(GatewayKey.NewId(), key.Text[^43..]));
        Assert.Equal(AuthenticationResult.Fail(AuthenticationFailure.Unknown), wrongSecret);
        Assert.Equal(wrongSecret, wrongId);
    }

    [Fact]
    public async Task Authenticate_wrong_secret_of_a_revoked_key_does_not_tell_that_it_is_revoked()
    {
        var key = await CreateAsync();
        await _keys.RevokeAsync(key.Entry.Id, default);
        _registry.Reload();
        Assert.Equal(AuthenticationFailure.Unknown, _registry.Authenticate(GatewayKey.Format(key.Entry.Id, GatewayKey.NewSecret())).Failure);
        Assert.Equal(AuthenticationResult.Fail(AuthenticationFailure.Revoked, key.Entry.Id), _registry.Authenticate(key.Text));
    }

    [Fact]
    public async Task Authenticate_key_is_refused_from_the_moment_it_expires()
    {
        var key = await CreateAsync(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.NotNull(_registry.Authenticate(key.Text).Identity);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(AuthenticationResult.Fail(AuthenticationFailure.Expired, key.Entry.Id), _registry.Authenticate(key.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gw_")]
    [InlineData("sk-123")]
    [InlineData("gw_demo_")]
    public void Authenticate_other_text_is_malformed(string text) =>
        Assert.Equal(AuthenticationFailure.Malformed, _registry.Authenticate(text).Failure);

    [Fact]
    public void Authenticate_demo_key_only_while_the_simulated_provider_serves()
    {
        Assert.Equal(AuthenticationFailure.Unknown, _registry.Authenticate(GatewayKey.Demo).Failure);
        Assert.Equal("demo", Registry(acceptDemoKey: true).Authenticate(GatewayKey.Demo).Identity?.Tenant);
    }

    [Fact]
    public async Task Authenticate_several_keys_of_a_tenant_are_all_valid()
    {
        var first = await CreateAsync();
        var second = await CreateAsync();
        Assert.Equal("acme", _registry.Authenticate(first.Text).Identity?.Tenant);
        Assert.Equal("acme", _registry.Authenticate(second.Text).Identity?.Tenant);
    }

    [Fact]
    public async Task Reload_broken_file_keeps_the_last_good_keys_until_a_good_one_comes()
    {
        var key = await CreateAsync();
        var good = await File.ReadAllBytesAsync(_file.Path);
        await File.WriteAllTextAsync(_file.Path, "{");
        _registry.Reload();
        Assert.Contains("not a valid key document", _registry.LastLoad?.Error);
        Assert.NotNull(_registry.Authenticate(key.Text).Identity);

        await File.WriteAllBytesAsync(_file.Path, good);
        _registry.Reload();
        Assert.Null(_registry.LastLoad?.Error);
        Assert.NotNull(_registry.Authenticate(key.Text).Identity);
    }

    [Fact]
    public async Task Reload_file_gone_keeps_the_last_good_keys_and_says_so()
    {
        var key = await CreateAsync();
        File.Delete(_file.Path);
        _registry.Reload();
        Assert.Contains("is gone", _registry.LastLoad?.Error);
        Assert.NotNull(_registry.Authenticate(key.Text).Identity);
    }

    [Fact]
    public void Reload_no_file_at_start_is_no_error()
    {
        _registry.Reload();
        Assert.Equal(new KeyLoadStatus(_time.GetUtcNow(), null), _registry.LastLoad);
        Assert.Empty(_registry.Keys);
    }

    [Fact]
    public async Task Reload_change_of_same_length_within_the_resolution_of_the_time_stamp_is_seen()
    {
        var key = await CreateAsync();
        var stamp = File.GetLastWriteTimeUtc(_file.Path);
        var text = await File.ReadAllTextAsync(_file.Path);
        await File.WriteAllTextAsync(_file.Path, text.Replace("\"acme\"", "\"evil\""));
        File.SetLastWriteTimeUtc(_file.Path, stamp);
        _registry.Reload();
        Assert.Equal("evil", _registry.Authenticate(key.Text).Identity?.Tenant);
    }

    private async Task<CreatedKey> CreateAsync(TimeSpan? lifetime = null)
    {
        var key = await _keys.CreateAsync("acme", "chat", lifetime, null, default);
        _registry.Reload();
        return key;
    }

    private KeyRegistry Registry(bool acceptDemoKey) => new(_file, acceptDemoKey, _time, NullLogger<KeyRegistry>.Instance);
}
