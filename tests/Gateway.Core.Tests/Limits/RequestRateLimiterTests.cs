using CsCheck;
using Gateway.Core.Limits;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Limits;

public sealed class RequestRateLimiterTests
{
    private static readonly RequestRate Sixty = new(PerMinute: 60, Burst: 3);

    [Fact]
    public void TryAcquire_within_burst_admits_then_refuses()
    {
        var limiter = new RequestRateLimiter();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(limiter.TryAcquire(Sixty, now: 0, out _));
        }

        Assert.False(limiter.TryAcquire(Sixty, now: 0, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);
    }

    [Fact]
    public void TryAcquire_after_the_announced_wait_admits()
    {
        var limiter = new RequestRateLimiter();
        while (limiter.TryAcquire(Sixty, now: 0, out _))
        {
        }

        limiter.TryAcquire(Sixty, now: 0, out var retryAfter);
        Assert.False(limiter.TryAcquire(Sixty, retryAfter.Ticks - 1, out _));
        Assert.True(limiter.TryAcquire(Sixty, retryAfter.Ticks, out _));
    }

    [Fact]
    public void TryAcquire_after_idle_time_gives_no_more_than_the_burst()
    {
        var limiter = new RequestRateLimiter();
        var later = TimeSpan.FromHours(1).Ticks;
        Assert.Equal(3, Enumerable.Range(0, 10).Count(i => limiter.TryAcquire(Sixty, later, out _)));
    }

    [Fact]
    public void TryAcquire_in_any_window_admits_at_most_burst_plus_rate() =>
        Gen.Select(Gen.Int[1, 600], Gen.Int[1, 50], Gen.Int[0, 2_000].Array[1, 200]).Sample((perMinute, burst, gaps) =>
        {
            var rate = new RequestRate(perMinute, burst);
            var limiter = new RequestRateLimiter();
            var now = 0L;
            var admitted = new List<long>();
            foreach (var gap in gaps)
            {
                now += gap * TimeSpan.TicksPerMillisecond;
                if (limiter.TryAcquire(rate, now, out var _))
                {
                    admitted.Add(now);
                }
            }

            for (var first = 0; first < admitted.Count; first++)
            {
                for (var last = first; last < admitted.Count; last++)
                {
                    var window = admitted[last] - admitted[first];
                    var most = burst + (window / (TimeSpan.TicksPerMinute / perMinute)) + 1;
                    Assert.True(last - first + 1 <= most, $"{last - first + 1} admitted in {TimeSpan.FromTicks(window)}, at most {most}");
                }
            }
        });

    [Fact]
    public async Task TryAcquire_from_many_threads_admits_exactly_the_burst()
    {
        var limiter = new RequestRateLimiter();
        var rate = new RequestRate(1, 100);
        var admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                if (limiter.TryAcquire(rate, 0, out var _))
                {
                    Interlocked.Increment(ref admitted);
                }
            }
        })));
        Assert.Equal(100, admitted);
    }
}
