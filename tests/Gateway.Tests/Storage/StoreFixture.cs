using System.Text.Json;
using Gateway.Core.Decisions;
using Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Storage;

/// <summary>A decision store on a real file in a folder of its own.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private bool _running;

    public StoreFixture(Func<DecisionStoreOptions, DecisionStoreOptions>? change = null)
    {
        Folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;
        var options = new DecisionStoreOptions { Folder = Folder, Linger = TimeSpan.Zero, RetryDelays = [TimeSpan.Zero, TimeSpan.Zero] };
        Options = change?.Invoke(options) ?? options;
        Reopen();
    }

    public string Folder { get; }

    public string File => Path.Combine(Folder, "decisions.db");

    public DecisionStoreOptions Options { get; }

    public DecisionDatabase Database { get; private set; } = null!;

    public SqliteDecisionStore Store { get; private set; } = null!;

    public DecisionReader Reader { get; private set; } = null!;

    public async Task StartAsync()
    {
        await Store.StartAsync(default);
        _running = true;
    }

    public async Task StopAsync()
    {
        await Store.StopAsync(default);
        _running = false;
    }

    /// <summary>A new store on the same file, as after a restart.</summary>
    public void Reopen()
    {
        Database = new DecisionDatabase(Options, TimeProvider.System);
        Store = new SqliteDecisionStore(Options, Database, TimeProvider.System, null, NullLogger<SqliteDecisionStore>.Instance);
        Reader = new DecisionReader(Database, TimeProvider.System);
    }

    /// <summary>Writes <paramref name="records"/> through the store and stops it.</summary>
    public async Task FillAsync(params IEnumerable<DecisionRecord> records)
    {
        await StartAsync();
        foreach (var record in records)
        {
            Store.TryWrite(record);
        }

        await StopAsync();
        Reopen();
    }

    public async Task<string[]> IdsAsync(DecisionQuery query) => [.. (await Reader.QueryAsync(query, default)).Items.Select(Parse).Select(record => record.Id)];

    public static DecisionRecord Parse(byte[] json) => JsonSerializer.Deserialize(json, DecisionJson.Default.DecisionRecord)!;

    public async ValueTask DisposeAsync()
    {
        if (_running)
        {
            await Store.StopAsync(default);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }
}
