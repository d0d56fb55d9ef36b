using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>Streams over real sockets. Every split position is tried at the inspector; here the same must hold through Kestrel, YARP and HTTP.</summary>
[Collection(ProxyTests.Name)]
public sealed class StreamingTests : IDisposable
{
    private readonly GatewayUnderTest _gateway;

    public StreamingTests(ProxyFixture fixture)
    {
        _gateway = fixture.Gateway;
        _gateway.Upstream.Forget();
    }

    public void Dispose() => _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);

    [Fact]
    public async Task Allowed_stream_arrives_byte_identical_at_every_split_of_its_bytes()
    {
        var body = Chat("Grüße ☕ in bl", "ue and 😀 fal", "afel.");
        for (var split = 1; split < body.Length; split++)
        {
            var at = split;
            _gateway.Upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(context, body[..at], body[at..]);
            using var response = await _gateway.ChatAsync("Hello", stream: true);
            Assert.Equal(body, await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Forbidden_phrase_never_reaches_the_client_at_any_split_of_its_bytes()
    {
        var body = Chat("see the blue fal", "con now");
        for (var split = 1; split < body.Length; split++)
        {
            var at = split;
            _gateway.Upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(context, body[..at], body[at..]);
            using var response = await _gateway.ChatAsync("Hello", stream: true);
            var text = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain("con now", text, StringComparison.Ordinal);
            Assert.DoesNotContain("blue fal", text.Replace("no-blue-falcon", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains("policy_blocked", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cut_stream_is_recorded_as_cut_with_its_rule()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Upstream.Answer = async context =>
        {
            var body = Chat("fine so far, ", "blue falcon");
            var first = Encoding.UTF8.GetString(body).IndexOf("\n\n", StringComparison.Ordinal) + 2;
            await ScriptedUpstream.WriteStreamAsync(context, body[..first]);
            await arrived.Task;
            await ScriptedUpstream.WriteStreamAsync(context, body[first..]);
        };
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[10]);
        arrived.SetResult();
        await new StreamReader(stream).ReadToEndAsync();
        var record = await _gateway.RecordAsync(response);
        Assert.True(record.GetProperty("outcome").GetString() == "cut", record.ToString());
        Assert.Equal("no-blue-falcon", record.GetProperty("reason").GetString());
        Assert.Equal("policy_blocked", record.GetProperty("errorCode").GetString());
    }

    [Fact]
    public async Task Stream_that_is_stopped_before_anything_was_sent_is_an_error_with_a_status()
    {
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(context, Chat("blue falcon"));
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("blocked", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Stream_that_ends_without_terminator_ends_with_an_error()
    {
        var whole = Chat("half");
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(context, whole[..^"data: [DONE]\n\n".Length]);
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.Equal("upstream_failed", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Stream_that_is_broken_off_ends_with_an_error()
    {
        _gateway.Upstream.Answer = async context =>
        {
            await ScriptedUpstream.WriteStreamAsync(context, Chat("half")[..^60]);
            context.Abort();
        };
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.Equal("upstream_failed", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Cut_stream_ends_the_call_to_the_provider()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Upstream.Answer = async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            var body = Chat("blue falcon");
            await ScriptedUpstream.WriteStreamAsync(context, body[..^"data: [DONE]\n\n".Length]);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        await response.Content.ReadAsStringAsync();
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    private static byte[] Chat(params string[] pieces)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            text.Append("data: ").Append(Chunk(new { content = piece }, null)).Append("\n\n");
        }

        text.Append("data: ").Append(Chunk(new { }, "stop")).Append("\n\ndata: [DONE]\n\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Chunk(object delta, string? finish) => JsonSerializer.Serialize(
        new { id = "c", @object = "chat.completion.chunk", created = 1, model = "gpt-4o-mini", choices = new[] { new { index = 0, delta, finish_reason = finish } } },
        Readable);
}
