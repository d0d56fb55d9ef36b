using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
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

    // Other tests run servers at the same time; the trace and the port tell whose activity or measurement it is.
    [Fact]
    public async Task Requests_leave_no_activity_under_the_servers_usual_name()
    {
        await using var provider = new SimulatedProvider(TimeProvider.System);
        await provider.StartAsync(CancellationToken.None);
        var trace = ActivityTraceId.CreateRandom();
        var traces = new ConcurrentBag<ActivityTraceId>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => traces.Add(activity.TraceId),
        };
        ActivitySource.AddActivityListener(listener);

        await RequestAsync(provider, trace);

        Assert.DoesNotContain(trace, traces);
    }

    [Fact]
    public async Task Requests_leave_no_measurement_under_the_servers_usual_name()
    {
        var ports = new ConcurrentBag<object?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => ports.Add(PortOf(tags)));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => ports.Add(PortOf(tags)));
        listener.Start();
        await using var provider = new SimulatedProvider(TimeProvider.System);
        await provider.StartAsync(CancellationToken.None);
        var port = provider.BaseAddress.Port;

        await RequestAsync(provider, ActivityTraceId.CreateRandom());
        await provider.StopAsync(CancellationToken.None);

        Assert.DoesNotContain(port, ports);
    }

    private static async Task RequestAsync(SimulatedProvider provider, ActivityTraceId trace)
    {
        using var client = new HttpClient { BaseAddress = provider.BaseAddress };
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        await client.GetAsync("nowhere");
    }

    private static object? PortOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "server.port")
            {
                return tag.Value;
            }
        }

        return null;
    }
}
