using System.Buffers;
using System.Text.Json;
using Gateway.Core.Decisions;
using Microsoft.Data.Sqlite;

namespace Gateway.Storage;

/// <summary>Writes batches on one connection. Not thread-safe: it belongs to the store's writer loop.</summary>
internal sealed class DecisionWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly InsertStatement _insert;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;

    /// <summary>Takes over <paramref name="connection"/>.</summary>
    public DecisionWriter(SqliteConnection connection)
    {
        _connection = connection;
        _insert = new InsertStatement(connection);
        _json = new Utf8JsonWriter(_buffer);
    }

    /// <summary>
    /// Writes <paramref name="batch"/> in one transaction. Returns how many records are in the store after the commit; one that cannot be
    /// serialised is left out and does not take the others with it. An empty batch writes too, to find out whether the store can be written.
    /// </summary>
    /// <exception cref="SqliteException">Nothing was written, or the commit's result is not known.</exception>
    public int Write(IReadOnlyList<DecisionRecord> batch)
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

    /// <summary>Moves the log into the file and empties it, so that what stays behind is one file.</summary>
    public void Checkpoint() => DecisionDatabase.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        _json.Dispose();
        _insert.Dispose();
        _connection.Dispose();
    }

    private bool TrySerialize(DecisionRecord record)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        try
        {
            JsonSerializer.Serialize(_json, record, DecisionJson.Default.DecisionRecord);
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
