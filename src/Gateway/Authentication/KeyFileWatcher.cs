using Gateway.Core.Tenants;

namespace Gateway.Authentication;

/// <summary>
/// Loads the keys before the first request and again within a second of a change. It looks instead of asking the system for notices: they do not
/// come for every file system, and where they come, every write of the decision store beside the key file would be one.
/// </summary>
internal sealed class KeyFileWatcher(KeyRegistry keys, TimeProvider time) : BackgroundService
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
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            keys.Reload();
        }
    }
}
