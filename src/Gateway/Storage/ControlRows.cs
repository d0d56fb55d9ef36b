using System.Globalization;
using System.Security.Cryptography;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Microsoft.Data.Sqlite;

namespace Gateway.Storage;

/// <summary>The statements of the control store. Each runs on the caller's connection, those that write inside the caller's transaction.</summary>
internal static class ControlRows
{
    public static ControlState ReadState(SqliteConnection connection)
    {
        using var command = Command(connection, "SELECT json FROM state");
        return command.ExecuteScalar() is byte[] json ? ControlJson.ReadState(json) : ControlState.Empty;
    }

    public static long ReadRevision(SqliteConnection connection) =>
        Convert.ToInt64(DecisionDatabase.Scalar(connection, "SELECT COALESCE(MAX(revision), 0) FROM state"), CultureInfo.InvariantCulture);

    public static void WriteState(SqliteConnection connection, ControlState state)
    {
        using var command = Command(
            connection, "INSERT INTO state (id, revision, json) VALUES (1, $revision, $json) ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, json = excluded.json");
        command.Parameters.AddWithValue("$revision", state.Revision);
        command.Parameters.AddWithValue("$json", ControlJson.WriteState(state));
        command.ExecuteNonQuery();
    }

    public static StoredVersion? Find(SqliteConnection connection, long number) =>
        List(connection, 1, number + 1) is [var info] && info.Number == number ? new StoredVersion(info, Documents(connection, number)) : null;

    public static IReadOnlyList<VersionInfo> List(SqliteConnection connection, int limit, long? before)
    {
        using var command = Command(
            connection,
            "SELECT number, hash, parent, author, reason, at, source FROM versions WHERE number < $before ORDER BY number DESC LIMIT $limit");
        command.Parameters.AddWithValue("$before", before ?? long.MaxValue);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var versions = new List<VersionInfo>();
        while (reader.Read())
        {
            versions.Add(new VersionInfo(
                reader.GetInt64(0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetInt64(2),
                reader.GetString(3),
                reader.GetString(4),
                DateTimeOffset.Parse(reader.GetString(5), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                Enum.Parse<ChangeSource>(reader.GetString(6))));
        }

        return versions;
    }

    /// <summary>Writes a version in place of one that has its number.</summary>
    public static void Write(SqliteConnection connection, StoredVersion version)
    {
        var info = version.Info;
        using var command = Command(
            connection,
            "DELETE FROM documents WHERE version = $number; INSERT OR REPLACE INTO versions (number, hash, parent, author, reason, at, source) VALUES ($number, $hash, $parent, $author, $reason, $at, $source)");
        command.Parameters.AddWithValue("$number", info.Number);
        command.Parameters.AddWithValue("$hash", info.Hash);
        command.Parameters.AddWithValue("$parent", (object?)info.Parent ?? DBNull.Value);
        command.Parameters.AddWithValue("$author", info.Author);
        command.Parameters.AddWithValue("$reason", info.Reason);
        command.Parameters.AddWithValue("$at", info.At.ToString("O", CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$source", info.Source.ToString());
        command.ExecuteNonQuery();
        WriteDocuments(connection, info.Number, version.Documents);
    }

    public static string? ReadNote(SqliteConnection connection, string name)
    {
        using var command = Command(connection, "SELECT value FROM notes WHERE name = $name");
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() as string;
    }

    public static void WriteNote(SqliteConnection connection, string name, string value)
    {
        using var command = Command(connection, "INSERT OR REPLACE INTO notes (name, value) VALUES ($name, $value)");
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    private static List<PolicyFile> Documents(SqliteConnection connection, long number)
    {
        using var command = Command(
            connection, "SELECT d.name, c.content FROM documents d JOIN contents c ON c.hash = d.content WHERE d.version = $number");
        command.Parameters.AddWithValue("$number", number);
        using var reader = command.ExecuteReader();
        var documents = new List<PolicyFile>();
        while (reader.Read())
        {
            documents.Add(new PolicyFile(reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        }

        // Not by the database: it would order by UTF-8 bytes, which is another order than ordinal beyond the basic plane.
        return [.. documents.OrderBy(document => document.Name, StringComparer.Ordinal)];
    }

    private static void WriteDocuments(SqliteConnection connection, long number, IReadOnlyList<PolicyFile> documents)
    {
        using var content = Command(connection, "INSERT OR IGNORE INTO contents (hash, content) VALUES ($hash, $content)");
        using var document = Command(connection, "INSERT INTO documents (version, name, content) VALUES ($number, $name, $hash)");
        foreach (var file in documents)
        {
            var hash = SHA256.HashData(file.Content.Span);
            content.Parameters.Clear();
            content.Parameters.AddWithValue("$hash", hash);
            content.Parameters.AddWithValue("$content", file.Content.ToArray());
            content.ExecuteNonQuery();
            document.Parameters.Clear();
            document.Parameters.AddWithValue("$number", number);
            document.Parameters.AddWithValue("$name", file.Name);
            document.Parameters.AddWithValue("$hash", hash);
            document.ExecuteNonQuery();
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file only.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
