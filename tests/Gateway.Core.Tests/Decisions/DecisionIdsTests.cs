using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Gateway.Core.Decisions;

namespace Gateway.Core.Tests.Decisions;

public sealed class DecisionIdsTests
{
    private static readonly Gen<DateTimeOffset> Times = Gen.Long[0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    [Fact]
    public void Next_any_time_is_a_version_7_uuid_that_tells_it()
    {
        var ids = new DecisionIds();
        Times.Sample(time =>
        {
            var id = ids.Next(time);
            var guid = Guid.ParseExact(id, "D");
            Assert.Equal((7, 8), (guid.Version, guid.Variant & 0xC));
            Assert.Equal(time.ToUnixTimeMilliseconds(), long.Parse(id[..8] + id[9..13], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            Assert.Equal(id.ToLowerInvariant(), id);
        });
    }

    [Fact]
    public void Next_later_time_sorts_behind()
    {
        var ids = new DecisionIds();
        Gen.Select(Times, Times).Where((one, other) => one < other).Sample((one, other) => string.CompareOrdinal(ids.Next(one), ids.Next(other)) < 0);
    }

    [Fact]
    public void Next_many_threads_at_one_time_never_repeats()
    {
        const int Threads = 8, Each = 5_000;
        var ids = new DecisionIds();
        var all = new ConcurrentBag<string>();
        Parallel.For(0, Threads, _ =>
        {
            for (var i = 0; i < Each; i++)
            {
                all.Add(ids.Next(DateTimeOffset.UnixEpoch));
            }
        });
        Assert.Equal(Threads * Each, all.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Next_every_random_bit_takes_both_values()
    {
        var ids = new DecisionIds();
        UInt128 ones = 0, zeros = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var id = UInt128.Parse(ids.Next(DateTimeOffset.UnixEpoch).Replace("-", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ones |= id;
            zeros |= ~id;
        }

        // 74 bits: each is fixed over 1,000 ids with a chance of 2^-999.
        Assert.Equal(74, (int)UInt128.PopCount(ones & zeros));
    }

    [Fact]
    public void Next_before_1970_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new DecisionIds().Next(DateTimeOffset.MinValue));
}
