using Gateway.Core.Decisions;
using Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Storage;

public sealed class DecisionRetentionTests
{
    [Fact]
    public async Task RunOnce_records_past_their_age_are_deleted_and_only_those()
    {
        await using var fixture = new StoreFixture(options => options with { RetentionAge = TimeSpan.FromDays(90) });
        var old = Enumerable.Range(1, 1_500).Select(i => Records.At(Records.Noon.AddDays(-90).AddMilliseconds(-i)));
        var kept = Records.At(Records.Noon.AddDays(-90));
        var young = Records.At(Records.Noon);
        await fixture.FillAsync([.. old, kept, young]);

        Assert.Equal(1_500, await RunAsync(fixture));
        Assert.Equal([young.Id, kept.Id], await fixture.IdsAsync(new DecisionQuery()));
    }

    [Fact]
    public async Task RunOnce_store_over_its_size_loses_its_oldest_records_until_it_fits()
    {
        await using var fixture = new StoreFixture(options => options with { RetentionBytes = 3 * 1024 * 1024 });
        await fixture.FillAsync(Enumerable.Range(0, 4_000).Select(i => Records.Full(Records.Noon.AddSeconds(-i))));

        var deleted = await RunAsync(fixture);
        Assert.InRange(deleted, 1_000, 3_999);
        var left = await fixture.IdsAsync(new DecisionQuery { Limit = 1000 });
        Assert.Equal(Records.Noon.ToUnixTimeMilliseconds().ToString("x12"), left[0].Replace("-", "")[..12]);
        Assert.Equal(0, await RunAsync(fixture));
    }

    [Fact]
    public async Task RunOnce_nothing_to_delete_deletes_nothing()
    {
        await using var fixture = new StoreFixture();
        await fixture.FillAsync(Records.At(Records.Noon));
        Assert.Equal(0, await RunAsync(fixture));
    }

    private static async Task<long> RunAsync(StoreFixture fixture)
    {
        var time = new FakeTimeProvider(Records.Noon) { AutoAdvanceAmount = TimeSpan.Zero };
        using var retention = new DecisionRetention(fixture.Options, fixture.Database, time, NullLogger<DecisionRetention>.Instance);
        var run = retention.RunOnceAsync(default);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        return await run;
    }
}
