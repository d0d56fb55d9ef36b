using System.Globalization;
using Gateway.Core.Decisions;
using Microsoft.Data.Sqlite;

namespace Gateway.Storage;

/// <summary>
/// Builds the statement of a question. Every value is a parameter; only conditions of this file become text. The index is named outright: without
/// statistics SQLite may take the one that leads through all records of a tenant to its few blocked ones.
/// </summary>
internal sealed class DecisionSelect(string condition)
{
    /// <summary>How far the time in an id may differ from the record's time.</summary>
    private static readonly TimeSpan IdSlack = TimeSpan.FromMinutes(1);

    private readonly List<string> _conditions = [condition];
    private readonly List<(string Name, object Value)> _values = [];
    private string _index = "";
    private int _limit = 1;

    /// <summary>The statement for <paramref name="query"/>; it may return one row more than asked for.</summary>
    /// <exception cref="ArgumentException"><see cref="DecisionQuery.Before"/> is no id.</exception>
    public static DecisionSelect For(DecisionQuery query)
    {
        var select = new DecisionSelect("1") { _limit = query.Limit + 1 };
        select.Index(query);
        if (query.Before is { } before)
        {
            var id = Guid.TryParseExact(before, "D", out var parsed) ? parsed : throw new ArgumentException("before is no record id.", nameof(query));
            select.Where("id < $before", "$before", id.ToString());
        }

        if (query.From is { } from)
        {
            select.Where("time_ms >= $from", "$from", from.ToUnixTimeMilliseconds());
            select.Where("id >= $firstId", "$firstId", IdPrefix(from, -IdSlack));
        }

        if (query.To is { } to)
        {
            select.Where("time_ms < $to", "$to", to.ToUnixTimeMilliseconds());
            select.Where("id < $lastId", "$lastId", IdPrefix(to, IdSlack));
        }

        return select;
    }

    /// <summary>Gives a parameter its value.</summary>
    public DecisionSelect With(string name, object value)
    {
        _values.Add((name, value));
        return this;
    }

    /// <summary>The statement, ready to run.</summary>
    public SqliteCommand ToCommand(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Conditions of this file only; values are parameters.
        command.CommandText = $"SELECT id, json FROM decisions {_index} WHERE {string.Join(" AND ", _conditions)} ORDER BY id DESC LIMIT {_limit}";
#pragma warning restore CA2100
        foreach (var (name, value) in _values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>The lowest text that an id made <paramref name="shift"/> after <paramref name="time"/> can begin with: 48 bits of milliseconds.</summary>
    internal static string IdPrefix(DateTimeOffset time, TimeSpan shift)
    {
        var milliseconds = Math.Clamp(time.ToUnixTimeMilliseconds() + (long)shift.TotalMilliseconds, 0, (1L << 48) - 1);
        return milliseconds.ToString("x12", CultureInfo.InvariantCulture).Insert(8, "-");
    }

    private void Index(DecisionQuery query)
    {
        if (query.Tenant is { } tenant)
        {
            Where("tenant = $tenant", "$tenant", tenant);
            _index = "INDEXED BY decisions_by_tenant";
        }

        if (query.Outcome is { } outcome)
        {
            Where("outcome = $outcome", "$outcome", OutcomeWords.Of(outcome));
            if (outcome != Outcome.Allowed)
            {
                // Literally the condition of the partial index, else SQLite may not use it.
                _conditions.Add("outcome <> 'allowed'");
                _index = "INDEXED BY decisions_by_outcome";
            }
        }
    }

    private void Where(string text, string name, object value)
    {
        _conditions.Add(text);
        With(name, value);
    }
}
