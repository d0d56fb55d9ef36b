using System.Threading.Channels;
using Gateway.Core.Policies;

namespace Gateway.Policies;

/// <summary>
/// Watches the policies folder, one of the two doors by which documents come into force. The first look happens before the host listens; with nothing stored and
/// a broken folder nothing is in force then, so that the host starts, is not ready and refuses traffic. Later a broken change keeps what is in force.
/// </summary>
/// <param name="options">Where the folder is.</param>
/// <param name="store">Told of what came of each attempt.</param>
/// <param name="door">Where the documents go.</param>
/// <param name="time">Drives the poll.</param>
/// <param name="loaded">Called after every completed attempt with its result and the snapshot in force, for metrics and logs.</param>
public sealed class PolicyReloader(
    PolicyReloaderOptions options,
    PolicyStore store,
    FolderDoor door,
    TimeProvider time,
    Action<PolicyLoadStatus, PolicySnapshot?> loaded) : IHostedService, IDisposable
{
    private readonly PolicyFolder _folder = new(options.Folder);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private string? _seen;

    /// <summary>Whether the snapshot in force is the built-in policy because there is no folder.</summary>
    public bool UsesBuiltIn => door.UsesBuiltIn;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await door.OpenAsync(cancellationToken);
        await ReloadAsync(cancellationToken);
        _loop = RunAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    /// <summary>Reads the folder now, changed or not. What is new in it is in force after this, and the callback was told.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await LoadAsync(_folder.Read(), cancellationToken);
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

            await LoadAsync(content, stopping);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task LoadAsync(PolicyFolderContent content, CancellationToken cancellationToken)
    {
        var before = store.LastLoad;
        var brought = await door.BringAsync(content, cancellationToken);
        if (brought.Errors.Count == 0)
        {
            store.Loaded(time.GetUtcNow());
        }
        else
        {
            store.Reject(time.GetUtcNow(), brought.Errors);
        }

        // Remembered only now: an attempt that did not get this far, or whose result could not be kept, is made again at the next poll. One that fails again in
        // the same way is not told again.
        _seen = brought.IsFinal ? content.Fingerprint : null;
        if (brought.IsFinal || before is null || !before.Errors.SequenceEqual(brought.Errors))
        {
            loaded(store.LastLoad!, store.Current);
        }
    }
}
