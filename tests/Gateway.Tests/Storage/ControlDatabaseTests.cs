using System.Text;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;
using Gateway.Storage;
using Gateway.Tests.Policies;
using Microsoft.Data.Sqlite;
using static Gateway.Tests.Policies.ControlHarness;

namespace Gateway.Tests.Storage;

public sealed class ControlDatabaseTests : IDisposable
{
    private readonly ControlHarness _harness = new();

    private ControlDatabase Database => _harness.Database;

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task ReadAsync_of_a_new_file_is_the_empty_state()
    {
        Assert.Equal(0, (await Database.ReadAsync(default)).Revision);
        Assert.Null(await Database.FindAsync(1, default));
        Assert.Empty(await Database.ListAsync(10, null, default));
        Assert.Null(await Database.FolderHashAsync(default));
    }

    [Fact]
    public async Task TryCommitAsync_keeps_state_and_version_for_another_process()
    {
        var version = Stored(1, null, Document("o3"), Document("o4", "b.yaml", "globex"));
        var state = State(1, version, Override()) with { Canary = Canary() with { StartedAt = Noon, Tenants = ["acme"] }, FolderHash = "ff" };

        Assert.True(await Database.TryCommitAsync(state, version, default));

        using var other = _harness.OpenDatabase();
        Assert.Equal(ControlJson.WriteState(state), ControlJson.WriteState(await other.ReadAsync(default)));
        var found = await other.FindAsync(1, default);
        Assert.Equal(version.Info, found!.Info);
        Assert.Equal(version.Documents.Select(Text), found.Documents.Select(Text));
        Assert.Equal([version.Info], await other.ListAsync(10, null, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task TryCommitAsync_from_another_revision_is_refused_and_keeps_neither_state_nor_version(long revision)
    {
        var first = Stored(1, null, Document("o3"));
        Assert.True(await Database.TryCommitAsync(State(1, first), first, default));
        var second = Stored(2, 1, Document("o4"));

        Assert.False(await Database.TryCommitAsync(State(revision, second), second, default));

        Assert.Equal(1, (await Database.ReadAsync(default)).Version);
        Assert.Null(await Database.FindAsync(2, default));
    }

    [Fact]
    public async Task TryCommitAsync_of_many_at_once_makes_each_revision_once()
    {
        const int Each = 25;
        ControlDatabase[] databases = [_harness.OpenDatabase(), _harness.OpenDatabase(), _harness.OpenDatabase(), _harness.OpenDatabase()];

        // Each has a connection of its own and its own thread, as another process has.
        var made = await Task.WhenAll(databases.Select(database => Task.Run(() => MakeAsync(database))));

        var all = made.SelectMany(revisions => revisions).ToList();
        Assert.Equal(Enumerable.Range(1, Each * databases.Length).Select(i => (long)i), all.Order());
        Assert.Equal(all.Count, (await Database.ReadAsync(default)).Revision);
        Assert.Equal(all.Order().Reverse(), (await Database.ListAsync(1000, null, default)).Select(info => info.Number));

        static async Task<List<long>> MakeAsync(ControlDatabase database)
        {
            var revisions = new List<long>();
            while (revisions.Count < Each)
            {
                var next = (await database.ReadAsync(default)).Revision + 1;
                var version = Stored(next, null, Document($"m{next}"));
                if (await database.TryCommitAsync(State(next, version), version, default))
                {
                    revisions.Add(next);
                }
            }

            return revisions;
        }
    }

    [Fact]
    public async Task ListAsync_gives_pages_newest_first()
    {
        await FillAsync(5);

        Assert.Equal([5, 4], (await Database.ListAsync(2, null, default)).Select(info => info.Number));
        Assert.Equal([3, 2], (await Database.ListAsync(2, 4, default)).Select(info => info.Number));
    }

    [Fact]
    public async Task TryCommitAsync_keeps_a_document_that_many_versions_have_once()
    {
        var large = new PolicyFile("z.yaml", Encoding.UTF8.GetBytes(new string('#', 500_000)));
        for (var i = 1; i <= 20; i++)
        {
            var version = Stored(i, null, Document($"m{i}"), large);
            Assert.True(await Database.TryCommitAsync(State(i, version), version, default));
        }

        using var connection = new SqliteConnection($"Data Source={Database.Path}");
        connection.Open();
        Assert.Equal(1L, DecisionDatabase.Scalar(connection, "SELECT COUNT(*) FROM contents WHERE LENGTH(content) = 500000"));
        Assert.Equal(20L, DecisionDatabase.Scalar(connection, "SELECT COUNT(*) FROM documents WHERE name = 'z.yaml'"));
    }

    [Fact]
    public async Task TryCommitAsync_waits_for_the_disk()
    {
        await FillAsync(1);

        using var connection = new SqliteConnection($"Data Source={Database.Path}");
        connection.Open();
        Assert.Equal("wal", DecisionDatabase.Scalar(connection, "PRAGMA journal_mode"));
        Assert.Equal(2L, Database.Pragma("synchronous"));
    }

    [Fact]
    public async Task MirrorAsync_takes_over_whatever_it_held()
    {
        await FillAsync(5);
        var version = Stored(2, 1, Document("other"));

        await Database.MirrorAsync(State(3, version), [version], default);

        Assert.Equal(3, (await Database.ReadAsync(default)).Revision);
        Assert.Equal(version.Info.Hash, PolicyDocuments.Hash((await Database.FindAsync(2, default))!.Documents));
    }

    [Fact]
    public async Task RememberFolderAsync_is_read_after_a_restart()
    {
        await Database.RememberFolderAsync("aa", default);
        await Database.RememberFolderAsync("bb", default);

        using var other = _harness.OpenDatabase();
        Assert.Equal("bb", await other.FolderHashAsync(default));
    }

    [Fact]
    public async Task ReadAsync_of_a_file_that_is_no_database_moves_it_aside_and_begins_anew()
    {
        File.WriteAllText(Database.Path, "this is not a database, it is " + new string('x', 5000));

        Assert.Equal(0, (await Database.ReadAsync(default)).Revision);

        Assert.StartsWith("this is not", File.ReadAllText(Database.MovedAside!));
        await FillAsync(1);
    }

    [Fact]
    public async Task ReadAsync_of_a_file_with_a_damaged_page_moves_it_aside()
    {
        await FillAsync(50);
        Database.Dispose();
        var bytes = File.ReadAllBytes(Database.Path);
        bytes.AsSpan(4096, bytes.Length - 4096).Fill(0xA5);
        File.WriteAllBytes(Database.Path, bytes);

        using var other = _harness.OpenDatabase();
        Assert.Equal(0, (await other.ReadAsync(default)).Revision);

        Assert.NotNull(other.MovedAside);
    }

    [Fact]
    public async Task ReadAsync_of_a_newer_programs_file_is_refused_and_leaves_it_alone()
    {
        await FillAsync(1);
        Database.Pragma("user_version=99");
        using var other = _harness.OpenDatabase();

        var refusal = await Assert.ThrowsAsync<ControlStoreException>(async () => await other.ReadAsync(default));

        Assert.Contains("99", refusal.Message);
        Assert.Null(other.MovedAside);
    }

    [Fact]
    public async Task ReadAsync_where_no_file_can_be_made_says_which()
    {
        File.WriteAllText(Path.Combine(_harness.Folder, "file"), "");
        using var database = new ControlDatabase(
            Path.Combine(_harness.Folder, "file", "sub"), _harness.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<ControlDatabase>.Instance);

        var refusal = await Assert.ThrowsAsync<ControlStoreException>(async () => await database.ReadAsync(default));

        Assert.Contains("control.db", refusal.Message);
    }

    [Fact]
    public async Task ReadAsync_works_again_once_the_fault_is_gone()
    {
        using (var locker = new SqliteConnection($"Data Source={Database.Path};Pooling=False"))
        {
            await FillAsync(1);
            locker.Open();
            DecisionDatabase.Execute(locker, "DROP TABLE state");
        }

        await Assert.ThrowsAsync<ControlStoreException>(async () => await Database.ReadAsync(default));
        using (var repair = new SqliteConnection($"Data Source={Database.Path};Pooling=False"))
        {
            repair.Open();
            DecisionDatabase.Execute(repair, "CREATE TABLE state (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, json BLOB NOT NULL)");
        }

        Assert.Equal(0, (await Database.ReadAsync(default)).Revision);
    }

    private static string Text(PolicyFile file) => $"{file.Name}: {Encoding.UTF8.GetString(file.Content.Span)}";

    private async Task FillAsync(int versions)
    {
        for (var i = 1; i <= versions; i++)
        {
            var version = Stored(i, i > 1 ? i - 1 : null, Document($"m{i}"));
            Assert.True(await Database.TryCommitAsync(State(i, version), version, default));
        }
    }
}
