using Gateway.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedProviderTests
{
    [Fact]
    public async Task AddSimulatedProvider_starts_and_stops_with_the_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TimeProvider.System).AddSimulatedProvider();
        using var host = builder.Build();
        var provider = host.Services.GetRequiredService<SimulatedProvider>();
        using var client = new HttpClient();

        Assert.Throws<InvalidOperationException>(() => provider.BaseAddress);
        await host.StartAsync();
        var address = provider.BaseAddress;
        Assert.True(address.IsLoopback);
        Assert.Equal(404, (int)(await client.GetAsync(address)).StatusCode);
        await host.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address));
    }

    [Fact]
    public async Task StartAsync_twice_listens_once()
    {
        await using var provider = new SimulatedProvider(TimeProvider.System);
        await provider.StartAsync(CancellationToken.None);
        var address = provider.BaseAddress;
        await provider.StartAsync(CancellationToken.None);

        Assert.Equal(address, provider.BaseAddress);
    }

    [Fact]
    public async Task Requests_leave_no_activity_under_the_servers_usual_name()
    {
        await using var provider = new SimulatedProvider(TimeProvider.System);
        await provider.StartAsync(CancellationToken.None);
        var port = provider.BaseAddress.Port;
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Add($"{activity.GetTagItem("server.port")}"),
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        using var client = new HttpClient { BaseAddress = provider.BaseAddress };

        await client.GetAsync("nowhere");

        Assert.DoesNotContain($"{port}", seen);
    }
}
