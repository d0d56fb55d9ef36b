using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>
/// Tells log and metric of overrides that expire, once each on every instance. Enforcement does not depend on it: an expired override has no effect by the clock.
/// </summary>
public sealed class OverrideExpiry(PolicyControl control, TimeProvider time, GatewayMetrics metrics, PolicyLog log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private DateTimeOffset _told = time.GetUtcNow();

    /// <summary>Tells of those that expired since the last look, or since the start.</summary>
    public void Look()
    {
        var now = time.GetUtcNow();
        foreach (var expired in control.Current.Overrides.Where(one => one.ExpiresAt > _told && one.ExpiresAt <= now))
        {
            metrics.OverrideChanged(expired, OverrideChange.Expired);
            log.Expired(expired);
        }

        _told = now;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }
}
