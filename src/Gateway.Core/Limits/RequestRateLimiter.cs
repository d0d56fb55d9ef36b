using Gateway.Core.Policies;

namespace Gateway.Core.Limits;

/// <summary>
/// Requests per minute with a burst, by the generic cell rate algorithm (ITU-T I.371): one number, the theoretical arrival time of the next
/// request, is moved by compare-and-swap, so admission takes no lock. Rate and burst come with each call: a policy change applies at once.
/// </summary>
public sealed class RequestRateLimiter
{
    private long _nextArrival;

    /// <summary>When the limiter has forgotten all requests, in the ticks given to <see cref="TryAcquire"/>.</summary>
    public long IdleAt => Volatile.Read(ref _nextArrival);

    /// <summary>Takes one request at <paramref name="now"/> (ticks of 100 ns). False: <paramref name="retryAfter"/> says when one would be admitted.</summary>
    public bool TryAcquire(RequestRate rate, long now, out TimeSpan retryAfter)
    {
        var interval = TimeSpan.TicksPerMinute / rate.PerMinute;
        var tolerance = interval * (rate.Burst - 1);
        while (true)
        {
            var stored = Volatile.Read(ref _nextArrival);
            var arrival = Math.Max(stored, now);
            if (arrival - now > tolerance)
            {
                retryAfter = TimeSpan.FromTicks(arrival - now - tolerance);
                return false;
            }

            if (Interlocked.CompareExchange(ref _nextArrival, arrival + interval, stored) == stored)
            {
                retryAfter = TimeSpan.Zero;
                return true;
            }
        }
    }
}
