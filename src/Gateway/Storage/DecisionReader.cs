using System.Globalization;
using Gateway.Core.Decisions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Storage;

/// <summary>One page of records, newest first.</summary>
/// <param name="Items">Records as stored: UTF-8 JSON.</param>
/// <param name="Next">Value of <see cref="DecisionQuery.Before"/> for the next page; null: this was the last.</param>
public sealed record DecisionPage(IReadOnlyList<byte[]> Items, string? Next);

/// <summary>The store cannot answer now: busy, damaged, or the question takes too long. The message is fit for an operator.</summary>
public sealed class DecisionReadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Reads the decision store on read-only connections of its own. SQLite works on the calling thread, so at most two questions run at once and each
/// is interrupted after ten seconds: a question over all records must not take the threads that serve traffic.
/// </summary>
public sealed class DecisionReader : IDisposable
{
    /// <summary>Most records of one page.</summary>
    public const int MaxLimit = 1000;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);
    private readonly DecisionDatabase _database;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _running = new(2);

    /// <summary>Reads <paramref name="database"/>; opens nothing yet.</summary>
    internal DecisionReader(DecisionDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>The record with this id as UTF-8 JSON, or null.</summary>
    /// <exception cref="DecisionReadException">The store cannot answer now.</exception>
    public async Task<byte[]?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = await RunAsync(new DecisionSelect("id = $id").With("$id", id.ToString()), cancellationToken);
        return rows.Count == 0 ? null : rows[0].Json;
    }

    /// <summary>The newest records that match.</summary>
    /// <exception cref="ArgumentException">The limit is not 1 to <see cref="MaxLimit"/>, or <see cref="DecisionQuery.Before"/> is no id.</exception>
    /// <exception cref="DecisionReadException">The store cannot answer now.</exception>
    public async Task<DecisionPage> QueryAsync(DecisionQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > MaxLimit)
        {
            throw new ArgumentException($"The limit must be 1 to {MaxLimit}.", nameof(query));
        }

        // One more than asked for tells whether there is a next page.
        var rows = await RunAsync(DecisionSelect.For(query), cancellationToken);
        var page = rows.Take(query.Limit).ToList();
        return new DecisionPage([.. page.Select(row => row.Json)], rows.Count > query.Limit ? page[^1].Id : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private async Task<List<(string Id, byte[] Json)>> RunAsync(DecisionSelect select, CancellationToken cancellationToken)
    {
        await _running.WaitAsync(cancellationToken);
        try
        {
            return Run(select, cancellationToken);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new DecisionReadException(
                string.Create(CultureInfo.InvariantCulture, $"The question took more than {TimeLimit.TotalSeconds} seconds; narrow it by tenant or time."),
                exception);
        }
        catch (SqliteException exception)
        {
            throw new DecisionReadException($"The decision store cannot be read: {exception.Message}", exception);
        }
        finally
        {
            _running.Release();
        }
    }

    private List<(string Id, byte[] Json)> Run(DecisionSelect select, CancellationToken cancellationToken)
    {
        using var connection = _database.OpenReader();
        using var limit = new CancellationTokenSource(TimeLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var interrupt = both.Token.Register(() => raw.sqlite3_interrupt(connection.Handle!));
        using var command = select.ToCommand(connection);
        using var reader = command.ExecuteReader();
        var rows = new List<(string, byte[])>();
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        }

        return rows;
    }
}
