using Gateway.Core.Decisions;
using Gateway.Storage;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Gateway.Tests.Storage;

public sealed class SqliteDecisionStoreTests
{
    [Fact]
    public async Task Stop_every_accepted_record_is_readable_after_reopening()
    {
        await using var fixture = new StoreFixture();
        var records = Enumerable.Range(0, 2_345).Select(i => Records.Full(Records.Noon.AddMilliseconds(i))).ToList();
        await fixture.FillAsync(records);
        foreach (var record in records)
        {
            var json = await fixture.Reader.FindAsync(Guid.Parse(record.Id), default);
            Assert.Equal(record.Id, StoreFixture.Parse(json!).Id);
        }
    }

    [Fact]
    public async Task TryWrite_from_many_threads_counts_and_keeps_each_record_once()
    {
        await using var fixture = new StoreFixture();
        await fixture.StartAsync();
        await Parallel.ForAsync(0, 3_000, (i, _) =>
        {
            Assert.True(fixture.Store.TryWrite(Records.At(Records.Noon.AddMilliseconds(i))));
            return ValueTask.CompletedTask;
        });
        await fixture.StopAsync();
        Assert.Equal(3_000, fixture.Store.Status.Written);
        Assert.Equal(3_000L, Count(fixture.File));
    }

    [Fact]
    public async Task Written_is_counted_only_for_records_another_connection_can_read()
    {
        await using var fixture = new StoreFixture();
        await fixture.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            fixture.Store.TryWrite(Records.At(Records.Noon.AddSeconds(i)));
            var written = fixture.Store.Status.Written;
            Assert.True(Count(fixture.File) >= written);
        }
    }

    [Fact]
    public async Task TryWrite_full_queue_drops_and_counts()
    {
        await using var fixture = new StoreFixture(options => options with { QueueCapacity = 3 });
        var taken = Enumerable.Range(0, 5).Select(i => fixture.Store.TryWrite(Records.At(Records.Noon.AddSeconds(i)))).ToArray();
        Assert.Equal([true, true, true, false, false], taken);
        Assert.Equal(2, fixture.Store.Status.Dropped);
        Assert.Equal(3, fixture.Store.QueueLength);
        await fixture.StartAsync();
        await fixture.StopAsync();
        Assert.Equal(3, fixture.Store.Status.Written);
    }

    [Fact]
    public async Task TryWrite_after_stop_drops_and_counts()
    {
        await using var fixture = new StoreFixture();
        await fixture.StartAsync();
        await fixture.StopAsync();
        Assert.False(fixture.Store.TryWrite(Records.At(Records.Noon)));
        Assert.Equal(1, fixture.Store.Status.Dropped);
    }

    [Fact]
    public async Task Stop_leaves_one_file_without_a_log()
    {
        await using var fixture = new StoreFixture();
        await fixture.FillAsync(Records.At(Records.Noon));
        SqliteConnection.ClearAllPools();
        Assert.Equal(["decisions.db"], Directory.GetFiles(fixture.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Write_many_small_batches_keep_the_log_short()
    {
        await using var fixture = new StoreFixture();
        using var writer = new DecisionWriter(fixture.Database.OpenWriter());
        for (var i = 0; i < 3_000; i++)
        {
            Assert.Equal(1, await writer.WriteAsync([Records.At(Records.Noon.AddMilliseconds(i)) with { Reason = new string('x', 8192) }]));
        }

        // Every one of them is four pages and more; the log begins anew after it was moved.
        Assert.InRange(new FileInfo(fixture.File + "-wal").Length, 1, DecisionWriter.CheckpointPages * 2L * 8192);
        Assert.Equal(3_000L, Count(fixture.File));
    }

    [Fact]
    public async Task Write_record_that_json_cannot_hold_fails_alone()
    {
        await using var fixture = new StoreFixture();
        await fixture.StartAsync();
        fixture.Store.TryWrite(Records.At(Records.Noon));
        fixture.Store.TryWrite(Records.At(Records.Noon) with { DurationMs = double.NaN });
        fixture.Store.TryWrite(Records.At(Records.Noon));
        await fixture.StopAsync();
        Assert.Equal((2, 1), (fixture.Store.Status.Written, fixture.Store.Status.Failed));
    }

    [Fact]
    public async Task Write_same_id_twice_is_stored_once()
    {
        await using var fixture = new StoreFixture();
        var record = Records.At(Records.Noon);
        await fixture.FillAsync(record, record);
        Assert.Equal([record.Id], await fixture.IdsAsync(new DecisionQuery()));
    }

    [Fact]
    public async Task Write_store_cannot_be_written_counts_failed_and_tells_why()
    {
        await using var fixture = new StoreFixture();
        await fixture.StartAsync();
        using (var other = Open(fixture.File))
        {
            Run(other, "DROP TABLE decisions");
        }

        fixture.Store.TryWrite(Records.At(Records.Noon));
        await fixture.StopAsync();
        Assert.Equal((0, 1), (fixture.Store.Status.Written, fixture.Store.Status.Failed));
        Assert.Contains("no such table", fixture.Store.Status.Error);
    }

    [Fact]
    public async Task Write_store_failed_and_works_again_is_found_without_a_new_record()
    {
        await using var fixture = new StoreFixture(options => options with { ProbeInterval = TimeSpan.FromMilliseconds(5), RetryDelays = [] });
        await fixture.StartAsync();
        using var other = Open(fixture.File);
        Run(other, "ALTER TABLE decisions RENAME TO away");
        fixture.Store.TryWrite(Records.At(Records.Noon));
        await Until(() => fixture.Store.Status.Failed == 1);
        Run(other, "ALTER TABLE away RENAME TO decisions");
        await Until(() => fixture.Store.Status.Error is null);
    }

    [Fact]
    public async Task Write_another_process_holds_the_write_lock_waits_and_loses_nothing()
    {
        await using var fixture = new StoreFixture();
        await fixture.StartAsync();
        using var other = Open(fixture.File);
        Run(other, "BEGIN IMMEDIATE");
        fixture.Store.TryWrite(Records.At(Records.Noon));
        var stopping = fixture.StopAsync();
        Assert.False(stopping.IsCompleted);
        Run(other, "ROLLBACK");
        await stopping;
        Assert.Equal(1, fixture.Store.Status.Written);
    }

    [Fact]
    public async Task Start_file_is_no_database_is_moved_aside_and_counted()
    {
        await using var fixture = new StoreFixture();
        await File.WriteAllTextAsync(fixture.File, new string('x', 20_000));
        await fixture.StartAsync();
        fixture.Store.TryWrite(Records.At(Records.Noon));
        await fixture.StopAsync();
        Assert.Equal((1, 1), (fixture.Store.Status.Written, fixture.Store.Status.FilesReplaced));
        Assert.Equal(new string('x', 20_000), await File.ReadAllTextAsync(Directory.GetFiles(fixture.Folder, "*.corrupt-*").Single()));
    }

    [Fact]
    public async Task Start_damage_in_the_middle_of_the_file_is_moved_aside()
    {
        await using var fixture = new StoreFixture();
        await fixture.FillAsync(Enumerable.Range(0, 500).Select(i => Records.Full(Records.Noon.AddSeconds(i))));
        await using (var stream = File.OpenWrite(fixture.File))
        {
            stream.Position = 8192 * 20;
            stream.Write(new byte[8192 * 4]);
        }

        await fixture.StartAsync();
        Assert.Equal(1, fixture.Store.Status.FilesReplaced);
        Assert.Equal(0L, Count(fixture.File));
    }

    [Fact]
    public async Task Write_file_damaged_while_running_is_replaced_and_the_batch_written_to_the_new_one()
    {
        await using var fixture = new StoreFixture();
        await fixture.FillAsync(Enumerable.Range(0, 500).Select(i => Records.Full(Records.Noon.AddSeconds(i))));
        await fixture.StartAsync();
        using (var other = Open(fixture.File))
        {
            Run(other, "PRAGMA writable_schema=ON");
            Run(other, "UPDATE sqlite_schema SET rootpage=99999 WHERE name='decisions_by_tenant'");
            Run(other, "PRAGMA schema_version=99");
        }

        var record = Records.At(Records.Noon.AddDays(1));
        fixture.Store.TryWrite(record);
        await fixture.StopAsync();
        Assert.Equal((1, 0, 1), (fixture.Store.Status.Written, fixture.Store.Status.Failed, fixture.Store.Status.FilesReplaced));
        Assert.Equal([record.Id], await fixture.IdsAsync(new DecisionQuery()));
    }

    [Fact]
    public async Task Start_file_of_a_newer_version_is_refused_and_left_alone()
    {
        await using var fixture = new StoreFixture();
        await fixture.FillAsync(Records.At(Records.Noon));
        using (var other = Open(fixture.File))
        {
            Run(other, $"PRAGMA user_version={DecisionSchema.Version + 1}");
        }

        var error = await Assert.ThrowsAsync<InvalidOperationException>(fixture.StartAsync);
        Assert.Contains("schema version", error.Message);
        Assert.Equal(1L, Count(fixture.File));
    }

    [Fact]
    public async Task Start_folder_cannot_be_made_says_so()
    {
        await using var fixture = new StoreFixture();
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, "plain"), "");
        var options = fixture.Options with { Folder = Path.Combine(fixture.Folder, "plain", "data") };
        var database = new DecisionDatabase(options, TimeProvider.System);
        using var store = new SqliteDecisionStore(
            options, database, TimeProvider.System, null, Microsoft.Extensions.Logging.Abstractions.NullLogger<SqliteDecisionStore>.Instance);
        Assert.Contains("cannot be opened", (await Assert.ThrowsAsync<InvalidOperationException>(() => store.StartAsync(default))).Message);
    }

    [Theory]
    [InlineData(StoreDurability.Normal, 1L)]
    [InlineData(StoreDurability.Full, 2L)]
    public async Task OpenWriter_sets_log_mode_and_durability(StoreDurability durability, long synchronous)
    {
        await using var fixture = new StoreFixture(options => options with { Durability = durability });
        using var connection = fixture.Database.OpenWriter();
        Assert.Equal("wal", DecisionDatabase.Scalar(connection, "PRAGMA journal_mode"));
        Assert.Equal(synchronous, DecisionDatabase.Scalar(connection, "PRAGMA synchronous"));
        Assert.Equal(5000L, DecisionDatabase.Scalar(connection, "PRAGMA busy_timeout"));
        Assert.Equal((long)DecisionSchema.Version, DecisionDatabase.Scalar(connection, "PRAGMA user_version"));
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql) => DecisionDatabase.Execute(connection, sql);

    private static long Count(string file)
    {
        using var connection = Open(file);
        return (long)DecisionDatabase.Scalar(connection, "SELECT count(*) FROM decisions")!;
    }
}
