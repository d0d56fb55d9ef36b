using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Architecture;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>What is compressed is unpacked and read before it goes anywhere, in both directions.</summary>
[Collection(ProxyTests.Name)]
public sealed class CompressedBodyTests : IDisposable
{
    private const string Stream =
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"TEXT\"},\"finish_reason\":null}]}\n\n";

    private readonly GatewayUnderTest _gateway;

    public CompressedBodyTests(ProxyFixture fixture)
    {
        _gateway = fixture.Gateway;
        _gateway.Upstream.Forget();
    }

    public static TheoryData<string> Codings => [.. Compression.Known];

    public void Dispose() => _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Compressed_request_is_forwarded_unpacked(string coding)
    {
        var body = GatewayUnderTest.Chat("Grüße ☕");
        using var response = await SendAsync(Compression.Pack(Encoding.UTF8.GetBytes(body), coding), coding);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal(body, seen.Text);
        Assert.Equal("identity", seen.Headers["Accept-Encoding"]);
        Assert.DoesNotContain("Content-Encoding", seen.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(seen.Text.Length, body.Length);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Compressed_request_with_a_forbidden_phrase_is_blocked(string coding)
    {
        using var response = await SendAsync(Compression.Pack(Encoding.UTF8.GetBytes(GatewayUnderTest.Chat("the blue falcon")), coding), coding);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Golden_gzip_request_is_read_like_any_other_body()
    {
        var packed = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "tests/Gateway.Core.Tests/Formats/Golden/hazard.gzip.request.bin"));
        using var response = await SendAsync(packed, "gzip");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((byte)'{', Assert.Single(_gateway.Upstream.Seen).Body[0]);
        _gateway.Upstream.Forget();

        // Without the header that names it, it is not JSON.
        using var unnamed = await _gateway.PostAsync(packed);
        Assert.Equal(HttpStatusCode.BadRequest, unnamed.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("gzip, gzip", 415, "content_encoding")]
    [InlineData("identity, gzip", 415, "content_encoding")]
    [InlineData("gzip, br", 415, "content_encoding")]
    [InlineData("compress", 415, "content_encoding")]
    [InlineData("aws-chunked", 415, "content_encoding")]
    [InlineData("br", 400, "compressed_invalid")]
    [InlineData("zstd", 400, "compressed_invalid")]
    [InlineData("deflate", 400, "compressed_invalid")]
    [InlineData("identity", 400, "not_utf8")]
    public async Task Gzip_body_under_another_header_is_refused(string header, int status, string reason) =>
        await AssertRefusedAsync(Compression.Pack(Encoding.UTF8.GetBytes(GatewayUnderTest.Chat("Hello")), "gzip"), header, status, reason);

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Compressed_request_that_ends_early_or_late_is_refused(string coding)
    {
        var packed = Compression.Pack(Encoding.UTF8.GetBytes(GatewayUnderTest.Chat("Hello")), coding);
        await AssertRefusedAsync(packed[..^1], coding, 400, null);
        await AssertRefusedAsync([.. packed, .. "{}"u8], coding, 400, null);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Compressed_inside_compressed_is_not_json(string coding) => await AssertRefusedAsync(
        Compression.Pack(Compression.Pack(Encoding.UTF8.GetBytes(GatewayUnderTest.Chat("Hello")), coding), coding), coding, 400, null);

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Compressed_answer_is_unpacked_and_inspected(string coding)
    {
        await AnswerAsync(200, "application/json", ScriptedUpstream.ChatAnswer, coding);
        using var allowed = await _gateway.ChatAsync("Hello");
        Assert.Equal(ScriptedUpstream.ChatAnswer, await allowed.Content.ReadAsStringAsync());
        Assert.Empty(allowed.Content.Headers.ContentEncoding);

        await AnswerAsync(200, "application/json", ScriptedUpstream.ChatAnswer.Replace("Fine.", "the blue falcon", StringComparison.Ordinal), coding);
        using var blocked = await _gateway.ChatAsync("Hello");
        Assert.Equal(HttpStatusCode.Forbidden, blocked.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Compressed_error_of_the_provider_is_unpacked_and_inspected(string coding)
    {
        const string Error = "{\"error\":{\"message\":\"TEXT\",\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\",\"param\":null}}";
        await AnswerAsync(400, "application/json", Error.Replace("TEXT", "Too long.", StringComparison.Ordinal), coding);
        using var plain = await _gateway.ChatAsync("Hello");
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        Assert.Contains("context_length_exceeded", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await AnswerAsync(400, "application/json", Error.Replace("TEXT", "the blue falcon", StringComparison.Ordinal), coding);
        using var forbidden = await _gateway.ChatAsync("Hello");
        Assert.DoesNotContain("falcon", await forbidden.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Compressed_stream_is_unpacked_and_each_frame_goes_on_at_once(string coding)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Upstream.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.ContentEncoding = coding;
            using var buffer = new MemoryStream();
            await using var packer = Compression.Open(buffer, coding);
            await WriteAsync(context, buffer, packer, Stream.Replace("TEXT", "one", StringComparison.Ordinal));
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));
            await WriteAsync(context, buffer, packer, "data: [DONE]\n\n");
        };
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        var first = await body.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains("one", Encoding.UTF8.GetString(buffer, 0, first), StringComparison.Ordinal);
        arrived.SetResult();
        using var rest = new StreamReader(body);
        Assert.EndsWith("data: [DONE]\n\n", await rest.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Forbidden_phrase_in_a_compressed_stream_never_arrives(string coding)
    {
        await AnswerAsync(200, "text/event-stream", Stream.Replace("TEXT", "the blue falcon", StringComparison.Ordinal) + "data: [DONE]\n\n", coding);
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("gzip, gzip")]
    [InlineData("compress")]
    [InlineData("br")]
    public async Task Answer_in_an_encoding_that_is_not_known_or_not_its_own_is_withheld(string header)
    {
        var packed = Compression.Pack(Encoding.UTF8.GetBytes(ScriptedUpstream.ChatAnswer), "gzip");
        _gateway.Upstream.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = header;
            await context.Response.Body.WriteAsync(packed);
        };
        using var response = await _gateway.ChatAsync("Hello");
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.DoesNotContain("Fine", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task Answer_that_unpacks_to_too_much_is_withheld_plain_or_streamed(string coding)
    {
        var bomb = Compression.Bomb(256L * 1024 * 1024, coding);
        foreach (var stream in new[] { false, true })
        {
            _gateway.Upstream.Answer = async context =>
            {
                context.Response.ContentType = stream ? "text/event-stream" : "application/json";
                context.Response.Headers.ContentEncoding = coding;
                await context.Response.Body.WriteAsync(bomb, context.RequestAborted);
            };
            using var response = await _gateway.ChatAsync("Hello", stream);
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        }
    }

    private static async Task WriteAsync(Microsoft.AspNetCore.Http.HttpContext context, MemoryStream buffer, System.IO.Stream packer, string text)
    {
        await packer.WriteAsync(Encoding.UTF8.GetBytes(text));
        await packer.FlushAsync();
        await ScriptedUpstream.WriteStreamAsync(context, buffer.ToArray());
        buffer.SetLength(0);
    }

    private Task AnswerAsync(int status, string type, string body, string coding)
    {
        var packed = Compression.Pack(Encoding.UTF8.GetBytes(body), coding);
        _gateway.Upstream.Answer = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers.ContentEncoding = coding;
            await context.Response.Body.WriteAsync(packed);
        };
        return Task.CompletedTask;
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", header);
        return await _gateway.Http.SendAsync(request);
    }

    private async Task AssertRefusedAsync(byte[] body, string header, int status, string? reason)
    {
        _gateway.Upstream.Forget();
        using var response = await SendAsync(body, header);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEqual("", JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString());
        Assert.Empty(_gateway.Upstream.Seen);
        var record = await _gateway.RecordAsync(response);
        Assert.Equal("refused", record.GetProperty("outcome").GetString());
        if (reason is not null)
        {
            Assert.Equal(reason, record.GetProperty("reason").GetString());
        }
    }
}
