using Gateway.Core.Tenants;

namespace Gateway.Authentication;

/// <summary>
/// Loads the keys before the first request and again whenever the file changes: at the system's notice where there is one, and at the latest after a second
/// (notices do not come for every file system).
/// </summary>
internal sealed class KeyFileWatcher(KeyRegistry keys, KeyFile file, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        keys.Reload();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = TryWatch();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            keys.Reload();
        }
    }

    private FileSystemWatcher? TryWatch()
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(file.Path)!, KeyFile.FileName);
            watcher.Changed += (_, _) => keys.Reload();
            watcher.Created += (_, _) => keys.Reload();
            watcher.Renamed += (_, _) => keys.Reload();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            // No folder yet, or no more notices to be had from the system: the interval is enough.
            return null;
        }
    }
}
