using System.Buffers;
using System.Text.Json;
using Gateway.Core.Decisions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Storage;

/// <summary>Writes batches on one connection. Not thread-safe: it belongs to the store's writer loop.</summary>
internal sealed class DecisionWriter : IDisposable
{
    /// <summary>Pages in the log after which they are moved into the file; SQLite's own number.</summary>
    public const int CheckpointPages = 1_000;

    /// <summary>Asks for the pages written, into the log that is: <c>SQLITE_DBSTATUS_CACHE_WRITE</c>.</summary>
    private const int PagesWritten = 9;

    /// <summary>Records inserted in one go.</summary>
    private const int Slice = 32;

    private readonly SqliteConnection _connection;
    private readonly InsertStatement _insert;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private int _logPages;

    /// <summary>Takes over <paramref name="connection"/>.</summary>
    public DecisionWriter(SqliteConnection connection)
    {
        _connection = connection;
        _insert = new InsertStatement(connection);

        // SQLite would do it inside a commit, where the wait for the disk (tens of milliseconds) holds a thread that serves requests.
        DecisionDatabase.Execute(connection, "PRAGMA wal_autocheckpoint=0");
        _json = new Utf8JsonWriter(_buffer);
    }

    /// <summary>
    /// Writes <paramref name="batch"/> in one transaction. Returns how many records are in the store after the commit; one that cannot be
    /// serialised is left out and does not take the others with it. An empty batch writes too, to find out whether the store can be written.
    /// After every <see cref="Slice"/> records the thread goes back to the pool: a whole batch takes milliseconds, in which requests would wait.
    /// </summary>
    /// <exception cref="SqliteException">Nothing was written, or the commit's result is not known.</exception>
    public async ValueTask<int> WriteAsync(IReadOnlyList<DecisionRecord> batch)
    {
        var written = await InsertAsync(batch);
        raw.sqlite3_db_status(_connection.Handle!, PagesWritten, out var pages, out _, resetFlg: 1);
        _logPages += pages;
        if (_logPages >= CheckpointPages)
        {
            _logPages = 0;
            await Task.Factory.StartNew(
                () => DecisionDatabase.Execute(_connection, "PRAGMA wal_checkpoint(PASSIVE)"),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return written;
    }

    /// <summary>Moves the log into the file and empties it, so that what stays behind is one file.</summary>
    public void Checkpoint() => DecisionDatabase.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        _json.Dispose();
        _insert.Dispose();
        _connection.Dispose();
    }

    private async ValueTask<int> InsertAsync(IReadOnlyList<DecisionRecord> batch)
    {
        DecisionDatabase.Execute(_connection, "BEGIN IMMEDIATE");
        try
        {
            if (batch.Count == 0)
            {
                DecisionSchema.Touch(_connection);
            }

            var written = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                if (i > 0 && i % Slice == 0)
                {
                    await Task.Yield();
                }

                if (TrySerialize(batch[i]))
                {
                    _insert.Execute(batch[i], _buffer.WrittenSpan);
                    written++;
                }
            }

            DecisionDatabase.Execute(_connection, "COMMIT");
            return written;
        }
        catch
        {
            DecisionDatabase.TryRollback(_connection);
            throw;
        }
    }

    private bool TrySerialize(DecisionRecord record)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        try
        {
            DecisionJsonWriter.Write(_json, record);
            _json.Flush();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // A number that JSON does not have, or text that is not Unicode.
            return false;
        }
    }
}
