using Gateway.Core.Tenants;
using Xunit;

namespace Gateway.Core.Tests.Tenants;

public sealed class KeyFileTests : IDisposable
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Good = $$"""{"id":"0123456789ab","tenant":"acme","hash":"{{Hash}}","createdAt":"2026-01-01T00:00:00Z"}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CreateAsync_many_writers_at_once_lose_no_key()
    {
        // One KeyFile each, as separate processes have: the lock is the operating system's, per open file.
        var created = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => Keys().CreateAsync($"t{i}", null, null, null, default))));
        Assert.Equal(created.Select(key => key.Entry.Id).Order(), Keys().List().Select(key => key.Id).Order());
    }

    [Fact]
    public async Task UpdateAsync_second_writer_waits_for_the_first_and_sees_its_change()
    {
        Task<CreatedKey>? second = null;
        var first = new KeyEntry { Id = "0123456789ab", Tenant = "acme", Hash = Hash, CreatedAt = DateTimeOffset.UnixEpoch };
        await Target.UpdateAsync(
            keys =>
            {
                second = Keys().CreateAsync("acme", null, null, null, default);
                Assert.False(second.IsCompleted);
                return keys.Add(first);
            },
            default);
        Assert.Equal(["0123456789ab", (await second!).Entry.Id], Keys().List().Select(key => key.Id));
    }

    [Fact]
    public async Task CreateAsync_file_holds_no_secret_and_only_its_owner_reads_it()
    {
        var created = await Keys().CreateAsync("acme", "chat", TimeSpan.FromDays(90), "for the demo", default);
        var secret = created.Text[^GatewayKey.SecretLength..];
        var text = await File.ReadAllTextAsync(Target.Path);
        Assert.DoesNotContain(secret, text);
        Assert.Contains(GatewayKey.HashText(secret), text);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target.Path));
        }
    }

    [Fact]
    public async Task CreateAsync_folder_missing_is_made_and_no_temporary_file_stays()
    {
        var file = new KeyFile(_folder.File("a/b"), TimeProvider.System);
        await new KeyAdministration(file, TimeProvider.System).CreateAsync("acme", null, null, null, default);
        Assert.Equal(["keys.json", "keys.json.lock"], Directory.GetFiles(_folder.File("a/b")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task RevokeAsync_twice_keeps_the_first_time()
    {
        var created = await Keys().CreateAsync("acme", null, null, null, default);
        var first = await Keys().RevokeAsync(created.Entry.Id, default);
        var second = await Keys().RevokeAsync(created.Entry.Id, default);
        Assert.NotNull(first?.RevokedAt);
        Assert.Equal(first, second);
        Assert.Equal(first, Assert.Single(Keys().List()));
    }

    [Fact]
    public async Task RevokeAsync_unknown_id_changes_nothing()
    {
        Assert.Null(await Keys().RevokeAsync("0123456789ab", default));
        Assert.False(File.Exists(Target.Path));
    }

    [Theory]
    [InlineData("Acme", null, null, "tenant must be")]
    [InlineData("acme", "_x", null, "application must be")]
    [InlineData("acme", null, "two\nlines", "note must be")]
    public async Task CreateAsync_bad_value_refused_before_anything_is_written(string tenant, string? application, string? note, string message)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Keys().CreateAsync(tenant, application, null, note, default));
        Assert.Contains(message, error.Message);
        Assert.False(File.Exists(Target.Path));
    }

    [Fact]
    public async Task UpdateAsync_broken_file_is_not_overwritten()
    {
        await File.WriteAllTextAsync(Target.Path, "{");
        await Assert.ThrowsAsync<KeyFileException>(() => Keys().CreateAsync("acme", null, null, null, default));
        Assert.Equal("{", await File.ReadAllTextAsync(Target.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"version":2,"keys":[]}""")]
    [InlineData("""{"version":1,"keys":null}""")]
    [InlineData("""{"version":1,"keys":[null]}""")]
    [InlineData("""{"version":1,"keys":[],"keys":[]}""")]
    [InlineData($$"""{"version":1,"keys":[{{Good}},{{Good}}]}""")]
    public void Read_bad_document_refused(string text)
    {
        File.WriteAllText(Target.Path, text);
        Assert.Contains(Target.Path, Assert.Throws<KeyFileException>(() => Target.Read()).Message);
    }

    [Theory]
    [InlineData("\"0123456789ab\"", "\"short\"")]
    [InlineData("\"acme\"", "\"_acme\"")]
    [InlineData("\"acme\"", "null")]
    [InlineData("e3b0", "E3B0")]
    [InlineData("e3b0", "")]
    [InlineData("\"createdAt\"", "\"revokedat\":\"2026-01-01T00:00:00Z\",\"createdAt\"")]
    [InlineData("\"createdAt\"", "\"application\":\"A B\",\"createdAt\"")]
    public void Read_bad_entry_refused(string old, string replacement)
    {
        File.WriteAllText(Target.Path, $$"""{"version":1,"keys":[{{Good.Replace(old, replacement)}}]}""");
        Assert.Throws<KeyFileException>(() => Target.Read());
    }

    [Fact]
    public void Read_good_document_accepted()
    {
        File.WriteAllText(Target.Path, $$"""{"version":1,"keys":[{{Good}}]}""");
        Assert.Equal("acme", Assert.Single(Target.Read()).Tenant);
    }

    private KeyFile Target => new(_folder.Path, TimeProvider.System);

    private KeyAdministration Keys() => new(Target, TimeProvider.System);
}
