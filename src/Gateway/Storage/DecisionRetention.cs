using System.Globalization;
using Gateway.Telemetry;
using Microsoft.Data.Sqlite;

namespace Gateway.Storage;

/// <summary>
/// Deletes records that are too old or too many, oldest first, in small transactions with a pause after each, so that the writer never waits long.
/// Freed pages are filled again; the file itself does not shrink.
/// </summary>
internal sealed class DecisionRetention(
    DecisionStoreOptions options, DecisionDatabase database, TimeProvider time, ILogger<DecisionRetention> logger) : BackgroundService
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>One look; returns how many records were deleted.</summary>
    /// <exception cref="SqliteException">The store could not be read or written.</exception>
    public async Task<long> RunOnceAsync(CancellationToken cancellationToken)
    {
        var oldestKept = (time.GetUtcNow() - options.RetentionAge).ToUnixTimeMilliseconds();
        var old = await DeleteAsync("age", connection => DeleteOldest(connection, oldestKept), cancellationToken);
        var many = await DeleteAsync(
            "size", connection => UsedBytes(connection) > options.RetentionBytes ? DeleteOldest(connection, long.MaxValue) : 0, cancellationToken);
        return old + many;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RetentionInterval, time);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                StorageLog.RetentionFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<long> DeleteAsync(string reason, Func<SqliteConnection, int> deleteBatch, CancellationToken cancellationToken)
    {
        long deleted = 0;
        int batch;
        do
        {
            batch = database.Maintain(deleteBatch);
            deleted += batch;
            await Task.Delay(Pause, time, cancellationToken);
        }
        while (batch == BatchSize);

        if (deleted > 0)
        {
            StorageLog.Deleted(logger, deleted, reason);
        }

        return deleted;
    }

    /// <summary>Which are the oldest is judged by id, whether one of them is too old by its own time.</summary>
    private static int DeleteOldest(SqliteConnection connection, long beforeMs)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM decisions WHERE id IN (SELECT id FROM decisions ORDER BY id LIMIT $batch) AND time_ms < $before";
        command.Parameters.AddWithValue("$batch", BatchSize);
        command.Parameters.AddWithValue("$before", beforeMs);
        return command.ExecuteNonQuery();
    }

    private static long UsedBytes(SqliteConnection connection) =>
        (Number(connection, "PRAGMA page_count") - Number(connection, "PRAGMA freelist_count")) * Number(connection, "PRAGMA page_size");

    private static long Number(SqliteConnection connection, string pragma) =>
        Convert.ToInt64(DecisionDatabase.Scalar(connection, pragma), CultureInfo.InvariantCulture);
}
