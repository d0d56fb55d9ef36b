using System.Threading.Channels;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Gateway.Policies;
using Gateway.Storage;
using Gateway.Tests.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Policies;

/// <summary>A reloader on a real folder; each result of a load can be awaited in order.</summary>
internal sealed class ReloaderHarness : IAsyncDisposable
{
    public static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly BridgeFixture _bridge = new();
    private readonly Channel<(PolicyLoadStatus Status, PolicySnapshot? Snapshot)> _loads = Channel.CreateUnbounded<(PolicyLoadStatus, PolicySnapshot?)>();

    public ReloaderHarness(bool builtInWhenMissing = false, TimeProvider? time = null, Action? onLoaded = null, bool createFolder = true)
    {
        Root = Directory.CreateTempSubdirectory("policies-").FullName;
        Folder = Path.Combine(Root, "policies");
        if (createFolder)
        {
            Directory.CreateDirectory(Folder);
        }

        var options = new PolicyReloaderOptions { Folder = Folder, BuiltInWhenMissing = builtInWhenMissing, SettleTime = SettleTime };
        var clock = time ?? TimeProvider.System;
        Database = new ControlDatabase(Path.Combine(Root, "data"), clock, NullLogger<ControlDatabase>.Instance);
        Control = new PolicyControl(Database, Store, clock, _bridge.Metrics, new PolicyLog(new LogLines()));
        Reloader = new PolicyReloader(options, Store, new FolderDoor(Control, Database, builtInWhenMissing, clock), clock, (status, snapshot) =>
        {
            onLoaded?.Invoke();
            _loads.Writer.TryWrite((status, snapshot));
        });
    }

    public string Root { get; }

    public string Folder { get; }

    public PolicyStore Store { get; } = new();

    public ControlDatabase Database { get; }

    public PolicyControl Control { get; }

    public PolicyReloader Reloader { get; }

    public int Pending => _loads.Reader.Count;

    public static string Document(string model) => $"policy: p\ntenants: [acme]\nmodels: {{ allow: [{model}] }}\n";

    /// <summary>Writes the way an editor does that rewrites in place.</summary>
    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public Task StartAsync() => Reloader.StartAsync(CancellationToken.None);

    /// <summary>The next result that has not been taken yet.</summary>
    public async Task<(PolicyLoadStatus Status, PolicySnapshot? Snapshot)> NextAsync() => await _loads.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next result, with a clock that is moved on until it is there.</summary>
    public async Task<(PolicyLoadStatus Status, PolicySnapshot? Snapshot)> NextAsync(FakeTimeProvider time)
    {
        var next = NextAsync();
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        return await next;
    }

    /// <summary>Takes results until one satisfies the condition: a writer that truncates and then writes may be seen in between.</summary>
    public async Task<(PolicyLoadStatus Status, PolicySnapshot? Snapshot)> UntilAsync(Func<PolicyLoadStatus, PolicySnapshot?, bool> condition)
    {
        while (true)
        {
            var (status, snapshot) = await NextAsync();
            if (condition(status, snapshot))
            {
                return (status, snapshot);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Reloader.StopAsync(CancellationToken.None);
        Reloader.Dispose();
        Control.Dispose();
        Database.Dispose();
        _bridge.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
