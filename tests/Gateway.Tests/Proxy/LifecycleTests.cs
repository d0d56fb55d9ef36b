using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>What starting, changing, stopping and killing the gateway does to traffic and records.</summary>
public sealed class LifecycleTests
{
    private const string Written = "gateway_records_total{sink=\"store\",result=\"written\"}";

    [Fact]
    public async Task Sigkill_under_load_loses_no_record_that_was_counted_as_written()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var load = Enumerable.Range(0, 4).Select(_ => SendUntilAsync(gateway, stop.Token)).ToArray();
        double acknowledged = 0;
        while (acknowledged < 200)
        {
            acknowledged = await gateway.MetricAsync(Written) ?? 0;
        }

        using (var process = Process.GetProcessById(gateway.Process.ProcessId))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        await gateway.Process.RestartAsync();
        Assert.True(await CountRecordsAsync(gateway) >= acknowledged);
        using var again = await gateway.ChatAsync("Hello");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await gateway.RecordAsync(again);
    }

    [Fact]
    public async Task Sigterm_lets_an_open_stream_finish_and_keeps_its_record()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Upstream.Answer = async context =>
        {
            await ScriptedUpstream.WriteStreamAsync(context, Frame("first"));
            await release.Task;
            await ScriptedUpstream.WriteStreamAsync(context, Frame("last"), Frame("", "\"stop\""), "data: [DONE]\n\n"u8.ToArray());
        };
        using var response = await gateway.ChatAsync("Hello", stream: true);
        var id = response.Headers.GetValues("x-gateway-decision-id").Single();
        var stopping = gateway.Process.StopAsync();
        await RefusesConnectionsAsync(gateway);
        release.SetResult();
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal), text);
        Assert.Equal(0, await stopping);
        await gateway.Process.RestartAsync();
        Assert.Equal("allowed", (await gateway.RecordAsync(id)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Sigterm_ends_a_stream_that_outlasts_the_drain_with_an_error_and_keeps_its_record()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(environment: new Dictionary<string, string> { ["Gateway__DrainSeconds"] = "1" });
        gateway.Upstream.Answer = async context =>
        {
            await ScriptedUpstream.WriteStreamAsync(context, Frame("first"));
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using var response = await gateway.ChatAsync("Hello", stream: true);
        var id = response.Headers.GetValues("x-gateway-decision-id").Single();
        var stopping = gateway.Process.StopAsync();
        Assert.Contains("shutting_down", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await stopping);
        await gateway.Process.RestartAsync();
        var record = await gateway.RecordAsync(id);
        Assert.Equal("cut", record.GetProperty("outcome").GetString());
        Assert.Equal("shutting_down", record.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Broken_policy_keeps_the_last_good_version_and_says_so_in_health_metric_and_log()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var file = Path.Combine(gateway.Process.PoliciesFolder, "policy.yaml");
        await File.WriteAllTextAsync(file, GatewayUnderTest.Policy.Replace("models:", "modells:", StringComparison.Ordinal));
        await UntilAsync(async () => await gateway.MetricAsync("gateway_policy_loads_total{result=\"rejected\"}") >= 1);
        using var blocked = await gateway.ChatAsync("the blue falcon");
        Assert.Equal(HttpStatusCode.Forbidden, blocked.StatusCode);
        using var allowed = await gateway.ChatAsync("Hello");
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        var ready = await gateway.Management.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("modells", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("policy.yaml", gateway.Process.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, GatewayUnderTest.Policy.Replace("blue falcon", "red heron", StringComparison.Ordinal));
        await UntilAsync(async () =>
        {
            using var response = await gateway.ChatAsync("the blue falcon");
            return response.StatusCode == HttpStatusCode.OK;
        });
        using var other = await gateway.ChatAsync("the red heron");
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task Broken_policy_at_the_start_lets_no_traffic_through()
    {
        await using var gateway = await GatewayUnderTest.StartAsync("policy: acme\ntenants: [acme]\n", waitUntilReady: false);
        using var response = await gateway.ChatAsync("Hello");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(gateway.Upstream.Seen);
    }

    private static async Task SendUntilAsync(GatewayUnderTest gateway, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var response = await gateway.ChatAsync("Hello");
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<int> CountRecordsAsync(GatewayUnderTest gateway)
    {
        var count = 0;
        string? before = null;
        while (true)
        {
            var page = JsonSerializer.Deserialize<JsonElement>(
                await gateway.Management.GetStringAsync(new Uri($"/admin/decisions?limit=1000{(before is null ? "" : $"&before={before}")}", UriKind.Relative)));
            var items = page.GetProperty("items");
            count += items.GetArrayLength();
            if (items.GetArrayLength() < 1000)
            {
                return count;
            }

            before = items[items.GetArrayLength() - 1].GetProperty("id").GetString();
        }
    }

    private static async Task RefusesConnectionsAsync(GatewayUnderTest gateway) => await UntilAsync(async () =>
    {
        using var socket = new System.Net.Sockets.TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(gateway.Process.TrafficUrl).Port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    });

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    private static byte[] Frame(string text, string finish = "null") => System.Text.Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{finish}}}]}}\n\n"));
}
