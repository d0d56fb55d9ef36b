using System.Text;
using Gateway.Core.Decisions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Storage;

/// <summary>
/// The prepared insert. It binds spans through SQLite's own interface: the ADO.NET layer boxes every value and wants a byte array of its own for
/// each blob. An id that is there already is left alone, so that a batch whose commit was reported as failed may be written again.
/// </summary>
internal sealed class InsertStatement : IDisposable
{
    private const string Sql = "INSERT OR IGNORE INTO decisions (id, time_ms, tenant, outcome, format, json) VALUES (?, ?, ?, ?, ?, ?)";
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public InsertStatement(SqliteConnection connection)
    {
        _database = connection.Handle!;
        Require(raw.sqlite3_prepare_v3(_database, Sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), raw.SQLITE_OK);
    }

    /// <exception cref="SqliteException">Not inserted.</exception>
    public void Execute(DecisionRecord record, ReadOnlySpan<byte> json)
    {
        try
        {
            Bind(1, record.Id);
            Require(raw.sqlite3_bind_int64(_statement, 2, record.Time.ToUnixTimeMilliseconds()), raw.SQLITE_OK);
            Bind(3, record.Tenant);
            Bind(4, OutcomeWords.Of(record.Outcome));
            Bind(5, record.Format);
            Require(raw.sqlite3_bind_blob(_statement, 6, json), raw.SQLITE_OK);
            Require(raw.sqlite3_step(_statement), raw.SQLITE_DONE);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(int index, string? text)
    {
        if (text is null)
        {
            Require(raw.sqlite3_bind_null(_statement, index), raw.SQLITE_OK);
            return;
        }

        Span<byte> stack = stackalloc byte[256];
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= stack.Length ? stack : new byte[Encoding.UTF8.GetByteCount(text)];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        Require(raw.sqlite3_bind_text(_statement, index, bytes[..length]), raw.SQLITE_OK);
    }

    private void Require(int code, int expected)
    {
        if (code != expected)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), code & 0xFF, code);
        }
    }
}
