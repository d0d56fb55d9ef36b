using System.Text.Json;
using Gateway.Core.Policies.Versions;
using Gateway.Telemetry;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Storage;

/// <summary>
/// State and versions in the SQLite file <c>control.db</c>. A change is one transaction that waits for the disk (WAL, <c>synchronous=FULL</c>): there are few, and
/// one that was answered survives the loss of power. A damaged file is moved aside and a new one begun, empty: the gateway then goes on from what it has in force,
/// or, when it starts, from the policies folder. One operation at a time; other processes may use the file at the same time.
/// </summary>
public sealed class ControlDatabase : IControlMirror, IDisposable
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "control.db";

    private const int BusyTimeoutMs = 5_000;
    private const string FolderNote = "folder_hash";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TimeProvider _time;
    private readonly ILogger<ControlDatabase> _logger;
    private SqliteConnection? _connection;
    private bool _checked;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="folder">The data folder; made if it is missing.</param>
    /// <param name="time">Names files that are moved aside.</param>
    /// <param name="logger">Told of damage.</param>
    public ControlDatabase(string folder, TimeProvider time, ILogger<ControlDatabase> logger)
    {
        Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, FileName));
        _time = time;
        _logger = logger;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Where a damaged file was moved to since the start; null: none was. Overrides and versions that stood only in it are not in force any more.</summary>
    public string? MovedAside { get; private set; }

    /// <inheritdoc/>
    public ValueTask<ControlState> ReadAsync(CancellationToken cancellationToken) => RunAsync(ControlRows.ReadState, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredVersion?> FindAsync(long number, CancellationToken cancellationToken) =>
        RunAsync(connection => ControlRows.Find(connection, number), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VersionInfo>> ListAsync(int limit, long? before, CancellationToken cancellationToken) =>
        RunAsync(connection => ControlRows.List(connection, limit, before), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> TryCommitAsync(ControlState next, StoredVersion? added, CancellationToken cancellationToken) => RunAsync(
        connection => Transact(connection, () =>
        {
            if (ControlRows.ReadRevision(connection) != next.Revision - 1)
            {
                return false;
            }

            Write(connection, next, added is null ? [] : [added]);
            return true;
        }),
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask MirrorAsync(ControlState state, IReadOnlyList<StoredVersion> versions, CancellationToken cancellationToken) => await RunAsync(
        connection => Transact(connection, () =>
        {
            Write(connection, state, versions);
            return true;
        }),
        cancellationToken);

    /// <summary>The hash of the documents that the policies folder of this instance brought last; null: it never brought any.</summary>
    /// <exception cref="ControlStoreException">The store cannot be read.</exception>
    public ValueTask<string?> FolderHashAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => ControlRows.ReadNote(connection, FolderNote), cancellationToken);

    /// <summary>Remembers what the policies folder of this instance brought.</summary>
    /// <exception cref="ControlStoreException">The store cannot be written.</exception>
    public async ValueTask RememberFolderAsync(string hash, CancellationToken cancellationToken) => await RunAsync(
        connection => Transact(connection, () =>
        {
            ControlRows.WriteNote(connection, FolderNote, hash);
            return true;
        }),
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection?.Dispose();
        _gate.Dispose();
    }

    private static void Write(SqliteConnection connection, ControlState state, IReadOnlyList<StoredVersion> versions)
    {
        foreach (var version in versions)
        {
            ControlRows.Write(connection, version);
        }

        ControlRows.WriteState(connection, state);
    }

    // Immediate: two that change at the same time take turns at the start, where waiting is possible; a transaction that begins by reading could only fail.
    private static bool Transact(SqliteConnection connection, Func<bool> work)
    {
        DecisionDatabase.Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            var done = work();
            DecisionDatabase.Execute(connection, "COMMIT");
            return done;
        }
        catch
        {
            DecisionDatabase.TryRollback(connection);
            throw;
        }
    }

    private async ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Run(work);
        }
        catch (Exception exception) when (exception is SqliteException or JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Drop();
            throw new ControlStoreException($"The control store {Path} cannot be used: {exception.Message}", exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    private T Run<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            return work(_connection ??= Open());
        }
        catch (SqliteException damage) when (DecisionDatabase.IsDamage(damage))
        {
            Drop();
            MoveAside(damage);
            return work(_connection = Open());
        }
    }

    private SqliteConnection Open()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var text = new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = BusyTimeoutMs / 1000 };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            DecisionDatabase.Execute(connection, $"PRAGMA busy_timeout={BusyTimeoutMs}");
            DecisionDatabase.Execute(connection, "PRAGMA journal_mode=WAL");
            DecisionDatabase.Execute(connection, "PRAGMA synchronous=FULL");
            Check(connection);
            ControlSchema.Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Once for each start: what breaks later is met by the statement that touches it.
    private void Check(SqliteConnection connection)
    {
        if (!_checked && DecisionDatabase.Scalar(connection, "PRAGMA quick_check(1)") is string verdict and not "ok")
        {
            throw new SqliteException(verdict, raw.SQLITE_CORRUPT);
        }

        _checked = true;
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void MoveAside(SqliteException damage)
    {
        var aside = $"{Path}.corrupt-{_time.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}";
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(Path + suffix))
            {
                File.Move(Path + suffix, aside + suffix, overwrite: true);
            }
        }

        MovedAside = aside;
        ControlLog.Replaced(_logger, damage, Path, aside);
    }
}
