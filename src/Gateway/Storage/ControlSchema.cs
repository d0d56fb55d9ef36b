using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Gateway.Storage;

/// <summary>
/// The tables of the control store. The content of documents is kept once, by its hash: a version usually differs from the last in one document of many.
/// </summary>
internal static class ControlSchema
{
    private const int Version = 1;

    private const string Tables = """
        CREATE TABLE state (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL,
            json BLOB NOT NULL);
        CREATE TABLE versions (
            number INTEGER NOT NULL PRIMARY KEY,
            hash TEXT NOT NULL,
            parent INTEGER,
            author TEXT NOT NULL,
            reason TEXT NOT NULL,
            at TEXT NOT NULL,
            source TEXT NOT NULL);
        CREATE TABLE contents (
            hash BLOB NOT NULL PRIMARY KEY,
            content BLOB NOT NULL);
        CREATE TABLE documents (
            version INTEGER NOT NULL,
            name TEXT NOT NULL,
            content BLOB NOT NULL REFERENCES contents (hash),
            PRIMARY KEY (version, name)) WITHOUT ROWID;
        CREATE TABLE notes (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL);
        """;

    /// <summary>Makes the tables in a new file.</summary>
    /// <exception cref="InvalidOperationException">A newer program made them.</exception>
    public static void Prepare(SqliteConnection connection)
    {
        // Immediate: of two that open a new file, the second waits and then finds the work done.
        DecisionDatabase.Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            var version = Convert.ToInt32(DecisionDatabase.Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
            if (version > Version)
            {
                throw new InvalidOperationException($"it has schema version {version}; this program knows {Version}. Start the newer gateway, or move the file away");
            }

            if (version == 0)
            {
                DecisionDatabase.Execute(connection, Tables);
                DecisionDatabase.Execute(connection, $"PRAGMA user_version={Version}");
            }

            DecisionDatabase.Execute(connection, "COMMIT");
        }
        catch
        {
            DecisionDatabase.TryRollback(connection);
            throw;
        }
    }
}
