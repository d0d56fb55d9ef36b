using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Storage;

/// <summary>The store's file: how it is opened, migrated and, when it cannot be read any more, moved aside.</summary>
internal sealed class DecisionDatabase(DecisionStoreOptions options, TimeProvider time)
{
    /// <summary>Name of the file in the folder.</summary>
    public const string FileName = "decisions.db";

    private const int BusyTimeoutMs = 5_000;
    private static readonly TimeSpan CheckTime = TimeSpan.FromSeconds(2);
    private readonly Lock _maintenance = new();

    /// <summary>Full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(options.Folder, FileName));

    /// <summary>Opens for writing, with the schema brought up to date.</summary>
    /// <exception cref="SqliteException">Unreadable, damaged or not writable.</exception>
    /// <exception cref="InvalidOperationException">Written by a newer version of the gateway.</exception>
    public SqliteConnection OpenWriter()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        return Open(SqliteOpenMode.ReadWriteCreate, pooling: false, connection =>
        {
            // 8 KiB pages: a row of about 1 KB wastes less of them than of the default 4 KiB, and costs about a fifth less CPU to insert.
            Execute(connection, "PRAGMA page_size=8192");
            Execute(connection, "PRAGMA journal_mode=WAL");
            Execute(connection, options.Durability == StoreDurability.Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
            Execute(connection, "PRAGMA journal_size_limit=67108864");
            DecisionSchema.Migrate(connection);
        });
    }

    /// <summary>Opens for reading only. Pooled.</summary>
    /// <exception cref="SqliteException">Missing or unreadable.</exception>
    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadOnly, pooling: true, static _ => { });

    /// <summary>
    /// Runs <paramref name="work"/> on a writing connection of its own, never while the file is moved aside: SQLite deletes a log by its name when the
    /// last connection closes, so one that is still open on the moved file would take the new file's log away.
    /// </summary>
    /// <exception cref="SqliteException">Unreadable, damaged or not writable.</exception>
    public int Maintain(Func<SqliteConnection, int> work)
    {
        lock (_maintenance)
        {
            using var connection = OpenWriter();
            return work(connection);
        }
    }

    /// <summary>
    /// Looks for damage as long as <see cref="CheckTime"/> allows, which covers small files whole; damage in the rest of a large one is met by the
    /// writer later and handled the same way.
    /// </summary>
    /// <exception cref="SqliteException">Damaged (code 11).</exception>
    public void Check(SqliteConnection connection)
    {
        using var limit = new CancellationTokenSource(CheckTime, time);
        using var interrupt = limit.Token.Register(() => raw.sqlite3_interrupt(connection.Handle!));
        try
        {
            if (Scalar(connection, "PRAGMA quick_check(1)") is string verdict and not "ok")
            {
                throw new SqliteException(verdict, raw.SQLITE_CORRUPT);
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
        }
    }

    /// <summary>Whether <paramref name="exception"/> says that the file itself is damaged or no database.</summary>
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>
    /// Renames the file, with its log, so that a person can look at it later. Returns the new path. The writer's connection is closed by then, and
    /// readers cannot delete the log (see <see cref="Maintain"/>): they may not write.
    /// </summary>
    public string MoveAside()
    {
        lock (_maintenance)
        {
            SqliteConnection.ClearAllPools();
            var aside = $"{Path}.corrupt-{time.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}";
            foreach (var suffix in (string[])["", "-wal", "-shm"])
            {
                if (File.Exists(Path + suffix))
                {
                    File.Move(Path + suffix, aside + suffix, overwrite: true);
                }
            }

            return aside;
        }
    }

    /// <summary>Runs <paramref name="sql"/>, a constant of this folder.</summary>
    public static void Execute(SqliteConnection connection, string sql) => Scalar(connection, sql);

    /// <summary>The first value of <paramref name="sql"/>, a constant of this folder.</summary>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants only.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>Ends a failed transaction. SQLite may have done so itself; the caller's own exception is the one that counts.</summary>
    public static void TryRollback(SqliteConnection connection)
    {
        try
        {
            Execute(connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode, bool pooling, Action<SqliteConnection> prepare)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = pooling, DefaultTimeout = BusyTimeoutMs / 1000 };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout={BusyTimeoutMs}");
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
