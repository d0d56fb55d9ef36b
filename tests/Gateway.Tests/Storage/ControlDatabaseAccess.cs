using System.Reflection;
using Gateway.Storage;
using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Storage;

/// <summary>What tests do to a control store behind its back.</summary>
internal static class ControlDatabaseAccess
{
    /// <summary>Runs a pragma on the store's own connection.</summary>
    public static object? Pragma(this ControlDatabase database, string pragma) => DecisionDatabase.Scalar(Connection(database)!, $"PRAGMA {pragma}");

    /// <summary>Makes every page of the file unreadable, under the open connection.</summary>
    public static void Damage(this ControlDatabase database)
    {
        DecisionDatabase.Execute(Connection(database)!, "PRAGMA wal_checkpoint(TRUNCATE)");
        using var file = new FileStream(database.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var noise = new byte[file.Length];
        noise.AsSpan().Fill(0xA5);
        file.Write(noise);
        DecisionDatabase.Execute(Connection(database)!, "PRAGMA shrink_memory");
    }

    private static SqliteConnection? Connection(ControlDatabase database) =>
        (SqliteConnection?)typeof(ControlDatabase).GetField("_connection", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(database);
}
