using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Gateway.Storage;

/// <summary>
/// The tables, and how an older file becomes a current one. <c>user_version</c> counts the steps that a file has gone through; a step is never
/// changed once released, a new one is added at the end.
/// </summary>
internal static class DecisionSchema
{
    // Ids are UUIDv7: text order is time order, so the key serves paging and time ranges and inserts go to the end. Every index costs each record,
    // so there are two: one by tenant, and one by outcome that leaves out the outcome nearly every record has.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE decisions (
            id TEXT NOT NULL PRIMARY KEY,
            time_ms INTEGER NOT NULL,
            tenant TEXT,
            outcome TEXT NOT NULL,
            format TEXT NOT NULL,
            json BLOB NOT NULL);
        CREATE INDEX decisions_by_tenant ON decisions (tenant, id);
        CREATE INDEX decisions_by_outcome ON decisions (outcome, id) WHERE outcome <> 'allowed';
        """,
    ];

    /// <summary>The version this program writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings the file up to <see cref="Version"/>, all steps or none.</summary>
    /// <exception cref="InvalidOperationException">The file has gone through steps that this program does not know.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        if (VersionOf(connection) == Version)
        {
            return;
        }

        // Immediate: of two processes that open an old file, the second waits and then finds the work done.
        DecisionDatabase.Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            var version = VersionOf(connection);
            if (version > Version)
            {
                throw new InvalidOperationException(
                    $"{connection.DataSource} has schema version {version}; this program knows {Version}. Start the newer gateway, or move the file away.");
            }

            foreach (var step in Steps.Skip(version))
            {
                DecisionDatabase.Execute(connection, step);
            }

            Touch(connection);
            DecisionDatabase.Execute(connection, "COMMIT");
        }
        catch
        {
            DecisionDatabase.TryRollback(connection);
            throw;
        }
    }

    /// <summary>Writes the version, which is a write to the file even when it is there already.</summary>
    public static void Touch(SqliteConnection connection) => DecisionDatabase.Execute(connection, $"PRAGMA user_version={Version}");

    private static int VersionOf(SqliteConnection connection) =>
        Convert.ToInt32(DecisionDatabase.Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
}
