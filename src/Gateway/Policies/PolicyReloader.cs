using System.Threading.Channels;
using Gateway.Core.Policies;

namespace Gateway.Policies;

/// <summary>
/// Keeps the policy store in step with the policies folder. The first load happens before the host listens; a broken one leaves the store
/// empty, so that the host starts, is not ready and refuses traffic. Later a broken change keeps the last good snapshot in force.
/// </summary>
/// <param name="options">Where the policies come from.</param>
/// <param name="store">Where the snapshot goes.</param>
/// <param name="time">Drives the poll.</param>
/// <param name="loaded">Called after every completed attempt with its result and the snapshot in force, for metrics and logs.</param>
public sealed class PolicyReloader(
    PolicyReloaderOptions options,
    PolicyStore store,
    TimeProvider time,
    Action<PolicyLoadStatus, PolicySnapshot?> loaded) : IHostedService, IDisposable
{
    private readonly PolicyFolder _folder = new(options.Folder);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private string? _seen;
    private bool _folderWasThere;

    /// <summary>Whether the snapshot in force is the built-in policy because there is no folder.</summary>
    public bool UsesBuiltIn { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReloadAsync(cancellationToken);
        _loop = RunAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    /// <summary>Reads and compiles the folder now, changed or not. The result is in the store, and has been given to the callback.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Load(_folder.Read());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _gate.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        using var watcher = new PolicyFolderWatcher(options.Folder, Wake);
        await using var poll = time.CreateTimer(_ => Wake(), null, options.PollInterval, options.PollInterval);
        try
        {
            watcher.Ensure();
            while (await _wake.Reader.WaitToReadAsync(stopping))
            {
                _wake.Reader.TryRead(out _);
                watcher.Ensure();
                await CheckAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task CheckAsync(CancellationToken stopping)
    {
        try
        {
            var content = _folder.Read();
            while (content.Fingerprint != _seen && !await TryLoadSettledAsync(content.Fingerprint, stopping))
            {
                content = _folder.Read();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault of the callback, or of reading: what is in force stays, and the next poll tries again. The loop must not end: without it
            // no correction of a policy would ever be seen.
        }
    }

    // False: the folder was still changing. It is read a second time under the gate, so that of two loads the later one read later.
    private async Task<bool> TryLoadSettledAsync(string fingerprint, CancellationToken stopping)
    {
        await Task.Delay(options.SettleTime, time, stopping);
        await _gate.WaitAsync(stopping);
        try
        {
            var content = _folder.Read();
            if (content.Fingerprint != fingerprint)
            {
                return false;
            }

            Load(content);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Load(PolicyFolderContent content)
    {
        var now = time.GetUtcNow();
        _folderWasThere |= content.Exists;
        var builtIn = !content.Exists && !_folderWasThere && options.BuiltInWhenMissing;
        var compilation = builtIn ? PolicyCompiler.Compile(DefaultPolicies.Read(), now) : Compile(content, now);
        if (compilation.Snapshot is { } snapshot)
        {
            store.Accept(snapshot);
            UsesBuiltIn = builtIn;
        }
        else
        {
            store.Reject(now, compilation.Errors);
        }

        // Remembered only now: an attempt that did not get this far is made again at the next poll.
        _seen = content.Fingerprint;
        loaded(store.LastLoad!, store.Current);
    }

    // Mistakes of the folder and of its documents are told together.
    private static PolicyCompilation Compile(PolicyFolderContent content, DateTimeOffset now)
    {
        if (content.Errors.Count == 0)
        {
            return PolicyCompiler.Compile(content.Files, now);
        }

        var ofDocuments = content.Files.Count > 0 ? PolicyCompiler.Compile(content.Files, now).Errors : [];
        return new PolicyCompilation(null, [.. content.Errors, .. ofDocuments]);
    }
}
