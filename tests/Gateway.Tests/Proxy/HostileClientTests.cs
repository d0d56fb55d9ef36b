using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>A gateway with short bounds, and a second tenant that must not notice what the first one does.</summary>
public sealed class HostileClientFixture : IAsyncLifetime
{
    public const int BodySeconds = 8;
    public const int MostConnections = 400;

    private HttpClient? _bystander;

    public GatewayUnderTest Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Gateway = await GatewayUnderTest.StartAsync(
            GatewayUnderTest.Policy.Replace("tenants: [acme]", "tenants: [acme, bystander]", StringComparison.Ordinal),
            new Dictionary<string, string>
            {
                ["Gateway__Connections__HeadSeconds"] = "2",
                ["Gateway__Connections__BodySeconds"] = $"{BodySeconds}",
                ["Gateway__Connections__Most"] = $"{MostConnections}",
                ["Gateway__DrainSeconds"] = "1",
            });
        var key = await GatewayCli.CreateKeyAsync("bystander", "tests", Gateway.Process.DataFolder);
        _bystander = new HttpClient { BaseAddress = new Uri(Gateway.Process.TrafficUrl), Timeout = TimeSpan.FromSeconds(20) };
        _bystander.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var attempt = 0; await StatusOfBystanderAsync() != HttpStatusCode.OK; attempt++)
        {
            Assert.True(attempt < 100, "The second tenant's key was not taken over.");
            await pace.WaitForNextTickAsync();
        }
    }

    public async Task<HttpStatusCode> StatusOfBystanderAsync()
    {
        using var content = new StringContent(GatewayUnderTest.Chat("Hello"), Encoding.UTF8, "application/json");
        using var response = await _bystander!.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
        return response.StatusCode;
    }

    public async Task DisposeAsync()
    {
        _bystander?.Dispose();
        await Gateway.DisposeAsync();
    }
}

/// <summary>
/// Clients that want the gateway's memory, time or connections. Each gets a clear answer where one is possible, the gateway's memory stays within
/// a bound, and another tenant is served meanwhile.
/// </summary>
public sealed class HostileClientTests(HostileClientFixture fixture) : IClassFixture<HostileClientFixture>
{
    private const long MiB = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly GatewayUnderTest _gateway = fixture.Gateway;

    public static TheoryData<string> Codings => [.. Compression.Known];

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Decompression_bomb_is_refused(string coding)
    {
        var bomb = Compression.Bomb(512 * MiB, coding);
        await InBoundsAsync(400, async () => await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var (status, code) = await PostAsync(bomb, coding);
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (status, code));
        })));
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Bomb_inside_a_bomb_is_not_unpacked_twice(string coding)
    {
        var nested = Compression.Pack(Compression.Bomb(512 * MiB, coding), coding);
        await InBoundsAsync(200, async () =>
        {
            Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported_media_type"), await PostAsync(nested, $"{coding}, {coding}"));
            var (status, _) = await PostAsync(nested, coding);
            Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"{status}");
        });
    }

    [Fact]
    public async Task Declared_gigabyte_is_refused_before_a_byte_of_it_is_read() => await InBoundsAsync(20, async () =>
    {
        using var client = await RawClient.ConnectAsync(_gateway.Process.TrafficUrl);
        await client.WriteAsync(RawClient.Head(_gateway.Key, "Content-Length: 1073741824"));
        AssertError(await client.ReadAsync(Patience), 413, "body_too_large");
    });

    [Fact]
    public async Task Declared_length_takes_no_memory_before_the_bytes_come() => await InBoundsAsync(60, async () =>
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            var client = await RawClient.ConnectAsync(_gateway.Process.TrafficUrl);
            await client.WriteAsync(RawClient.Head(_gateway.Key, "Content-Length: 33554432") + "{");
            return client;
        }));
        Assert.Equal(HttpStatusCode.OK, await fixture.StatusOfBystanderAsync());
        foreach (var client in clients)
        {
            client.Dispose();
        }
    });

    [Fact]
    public async Task Chunked_body_without_end_is_refused_at_the_limit() => await InBoundsAsync(200, async () =>
    {
        using var client = await RawClient.ConnectAsync(_gateway.Process.TrafficUrl);
        await client.WriteAsync(RawClient.Head(_gateway.Key, "Transfer-Encoding: chunked"));
        byte[] chunk = [.. "100000\r\n"u8, .. new byte[MiB], .. "\r\n"u8];
        chunk.AsSpan(8, (int)MiB).Fill((byte)' ');
        var answer = client.ReadAsync(Patience);
        var sent = 0L;
        for (; sent < 1024 * MiB && !answer.IsCompleted && await client.WriteAsync(chunk); sent += MiB)
        {
        }

        Assert.True(sent < 256 * MiB, $"{sent} bytes were taken.");
        AssertError(await answer, 413, "body_too_large");
    });

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("5\r\n{\"a\"}garbage")]
    [InlineData("ffffffffffffffffff\r\n")]
    public async Task Broken_chunks_are_refused(string chunks)
    {
        using var client = await RawClient.ConnectAsync(_gateway.Process.TrafficUrl);
        await client.WriteAsync(RawClient.Head(_gateway.Key, "Transfer-Encoding: chunked") + chunks);
        AssertError(await client.ReadAsync(Patience), 400, "invalid_request");
    }

    [Fact]
    public async Task Client_that_sends_a_byte_a_second_is_told_so()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TrickleAsync(TimeSpan.FromSeconds(1), 1)));
        Assert.All(answers, answer => AssertError(answer, 400, "request_timeout"));
        Assert.Equal(HttpStatusCode.OK, await fixture.StatusOfBystanderAsync());
    }

    [Fact]
    public async Task Client_that_is_never_done_is_ended_by_the_total_time()
    {
        var watch = Stopwatch.StartNew();
        AssertError(await TrickleAsync(TimeSpan.FromMilliseconds(50), 4096), 400, "request_timeout");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(HostileClientFixture.BodySeconds * 3), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Head_that_never_ends_is_given_up()
    {
        using var client = await RawClient.ConnectAsync(_gateway.Process.TrafficUrl);
        await client.WriteAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nX-Slow: ");
        var answer = await client.ReadAsync(Patience);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task Header_flood_is_refused() => await InBoundsAsync(40, async () =>
    {
        foreach (var headers in new[]
        {
            Enumerable.Range(0, 5000).Select(i => $"X-{i}: 1"),
            Enumerable.Range(0, 90).Select(i => $"X-{i}: {new string('a', 8000)}"),
            [$"X-Long: {new string('a', 4_000_000)}"],
        })
        {
            using var client = await RawClient.ConnectAsync(_gateway.Process.TrafficUrl);
            await client.WriteAsync(RawClient.Head(_gateway.Key, headers));
            var answer = await client.ReadAsync(Patience);
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 431", StringComparison.Ordinal), answer);
        }
    });

    [Fact]
    public async Task Idle_connections_are_bounded_and_leave_the_management_listener_alone() => await InBoundsAsync(60, async () =>
    {
        var idle = new List<RawClient>();
        for (var i = 0; i < HostileClientFixture.MostConnections * 2; i++)
        {
            idle.Add(await RawClient.ConnectAsync(_gateway.Process.TrafficUrl));
        }

        using var health = await _gateway.Management.GetAsync(new Uri("/healthz/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("", await idle[^1].ReadAsync(Patience));
        idle.ForEach(client => client.Dispose());
        await EventuallyServedAsync();
    });

    public static TheoryData<string, string> Shapes => new()
    {
        { "deep arrays", "too_deep" },
        { "deep objects", "too_deep" },
        { "huge string", "" },
        { "tiny members", "*" },
        { "unknown members", "*" },
        { "many messages", "*" },
        { "same name", "duplicate_key" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Body_of_an_extreme_shape_is_answered_in_bounded_memory(string shape, string reason) => await InBoundsAsync(900, async () =>
    {
        using var response = await SendAsync(Encoding.UTF8.GetBytes(Shape(shape)), null);
        if (reason == "")
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        else if (reason != "*")
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(reason, (await _gateway.RecordAsync(response)).GetProperty("reason").GetString());
        }
        else
        {
            Assert.True((int)response.StatusCode is 200 or 400 or 403 or 413, $"{response.StatusCode}");
        }
    });

    private static string Shape(string shape)
    {
        static string Around(string members) => $"{{\"model\":\"gpt-4o-mini\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}],{members}}}";
        return shape switch
        {
            "deep arrays" => Around($"\"x\":{new string('[', 100_000)}{new string(']', 100_000)}"),
            "deep objects" => Around($"\"x\":{string.Concat(Enumerable.Repeat("{\"a\":", 100_000))}1{new string('}', 100_000)}"),
            "huge string" => GatewayUnderTest.Chat(new string('a', 27 * (int)MiB)),
            "tiny members" => Around($"\"metadata\":{{{string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"{i:x}\":\"v\""))}}}"),
            "unknown members" => Around(string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"unknown_{i}\":\"v\""))),
            "many messages" =>
                $"{{\"model\":\"gpt-4o-mini\",\"messages\":[{string.Join(',', Enumerable.Repeat("{\"role\":\"user\",\"content\":\"a\"}", 500_000))}]}}",
            _ => Around(string.Join(',', Enumerable.Repeat("\"a\":1", 10_000))),
        };
    }

    private static void AssertError(string answer, int status, string code)
    {
        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), answer);
        var error = JsonSerializer.Deserialize<JsonElement>(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
    }

    private async Task<string> TrickleAsync(TimeSpan pause, int bytes)
    {
        using var client = await RawClient.ConnectAsync(_gateway.Process.TrafficUrl);
        await client.WriteAsync(RawClient.Head(_gateway.Key, "Content-Length: 30000000"));
        var answer = client.ReadAsync(Patience);
        var piece = Encoding.UTF8.GetBytes(new string(' ', bytes));
        using var pace = new PeriodicTimer(pause);
        while (!answer.IsCompleted && await pace.WaitForNextTickAsync())
        {
            await client.WriteAsync(piece);
        }

        return await answer;
    }

    /// <summary>Lets another tenant ask meanwhile and holds the process to a peak: generous, and far below what the attack asks for.</summary>
    private async Task InBoundsAsync(int mebibytes, Func<Task> attack)
    {
        var before = Peak();
        await attack();
        await EventuallyServedAsync();
        var growth = (Peak() - before) / MiB;
        Assert.True(growth < mebibytes, $"The peak grew by {growth} MiB.");
    }

    private async Task EventuallyServedAsync()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                Assert.Equal(HttpStatusCode.OK, await fixture.StatusOfBystanderAsync());
                return;
            }
            catch (HttpRequestException) when (attempt < 49)
            {
                // Its own connection may be among those over the bound.
                await Task.Delay(100);
            }
        }
    }

    private long Peak()
    {
        using var process = Process.GetProcessById(_gateway.Process.ProcessId);
        return process.PeakWorkingSet64;
    }

    private async Task<(HttpStatusCode Status, string? Code)> PostAsync(byte[] body, string coding)
    {
        using var response = await SendAsync(body, coding);
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error");
        return (response.StatusCode, error.GetProperty("code").GetString());
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string? coding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (coding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        return await _gateway.Http.SendAsync(request);
    }
}
