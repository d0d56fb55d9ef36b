using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

[Collection(ProxyTests.Name)]
public sealed class ForwardingTests : IDisposable
{
    private readonly GatewayUnderTest _gateway;

    public ForwardingTests(ProxyFixture fixture)
    {
        _gateway = fixture.Gateway;
        _gateway.Upstream.Forget();
    }

    public void Dispose() => _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);

    [Fact]
    public async Task Allowed_body_arrives_byte_identical_with_the_provider_credential_only()
    {
        const string Body = "{ \"model\" : \"gpt-4o-mini\",\n  \"messages\":[{\"role\":\"user\",\"content\":\"H\\u00e4llo \\ud83d\\ude00\"}], \"temperature\":0.50 }";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/chat/completions") { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("OpenAI-Organization", "org-1");
        request.Headers.Add("Cookie", "a=b");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await _gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ScriptedUpstream.ChatAnswer, await response.Content.ReadAsStringAsync());
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal(Body, seen.Text);
        Assert.Equal("/v1/chat/completions", seen.Path);
        Assert.Equal("Bearer upstream-secret", seen.Headers["Authorization"]);
        Assert.Equal("identity", seen.Headers["Accept-Encoding"]);
        Assert.DoesNotContain(seen.Headers, header => header.Value.Contains("gw_", StringComparison.Ordinal));
        Assert.Empty(seen.Headers.Keys.Intersect(["X-Forwarded-Host", "X-Forwarded-For", "OpenAI-Organization", "Cookie", "traceparent"], StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Alias_is_replaced_and_nothing_else_changes()
    {
        using var response = await _gateway.PostAsync("{\"messages\":[{\"role\":\"user\",\"content\":\"fast\"}],\"model\":\"fast\",\"seed\":1}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{\"messages\":[{\"role\":\"user\",\"content\":\"fast\"}],\"model\":\"gpt-4o-mini\",\"seed\":1}", Assert.Single(_gateway.Upstream.Seen).Text);
        var record = await _gateway.RecordAsync(response);
        Assert.Equal("fast", record.GetProperty("modelRequested").GetString());
        Assert.Equal("gpt-4o-mini", record.GetProperty("modelSent").GetString());
    }

    [Fact]
    public async Task Streamed_request_asks_the_provider_for_usage_and_the_client_does_not_see_that_chunk()
    {
        const string Text = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":null}]}\n\n";
        const string Finish = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
        const string Usage = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13}}\n\n";
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(context, Encoding.UTF8.GetBytes(Text + Finish + Usage + "data: [DONE]\n\n"));
        using var response = await _gateway.ChatAsync("Hello", stream: true);
        Assert.Equal(Text + Finish + "data: [DONE]\n\n", await response.Content.ReadAsStringAsync());
        var sent = JsonSerializer.Deserialize<JsonElement>(Assert.Single(_gateway.Upstream.Seen).Body);
        Assert.True(sent.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        var usage = (await _gateway.RecordAsync(response)).GetProperty("usage");
        Assert.Equal(9, usage.GetProperty("input").GetInt64());
        Assert.Equal(4, usage.GetProperty("output").GetInt64());
    }

    [Fact]
    public async Task Provider_headers_pass_by_allowlist()
    {
        _gateway.Upstream.Answer = context =>
        {
            context.Response.Headers["x-ratelimit-remaining-requests"] = "7";
            context.Response.Headers["openai-organization"] = "org-secret";
            context.Response.Headers["x-should-retry"] = "true";
            context.Response.Headers.SetCookie = "a=b";
            return ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);
        };
        using var response = await _gateway.ChatAsync("Hello");
        Assert.Equal("7", response.Headers.GetValues("x-ratelimit-remaining-requests").Single());
        Assert.False(response.Headers.Contains("openai-organization"));
        Assert.False(response.Headers.Contains("x-should-retry"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData(302, "text/plain", "go", 502)]
    [InlineData(200, "text/html", "<html>blue</html>", 502)]
    [InlineData(200, "application/json", "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}", 502)]
    [InlineData(200, "text/event-stream", "data: [DONE]\n\n", 502)]
    [InlineData(401, "application/json", "{\"error\":{\"message\":\"Incorrect API key provided: sk-ab12\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}", 502)]
    [InlineData(400, "application/json", "{\"error\":{\"message\":\"Too long.\",\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}", 400)]
    [InlineData(429, "application/json", "{\"error\":{\"message\":\"slow down\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}", 429)]
    [InlineData(500, "text/html", "<html>stack trace</html>", 502)]
    public async Task Answer_that_cannot_be_passed_on_becomes_an_error_of_the_format(int status, string type, string body, int expected)
    {
        _gateway.Upstream.Answer = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers.Location = "http://evil.example/";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        };
        using var response = await _gateway.ChatAsync("Hello");
        Assert.Equal(expected, (int)response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.NotEqual("", JsonSerializer.Deserialize<JsonElement>(text).GetProperty("error").GetProperty("message").GetString());
        Assert.DoesNotContain("sk-ab12", text, StringComparison.Ordinal);
        Assert.DoesNotContain("html", text, StringComparison.Ordinal);
        Assert.Null(response.Headers.Location);
        Assert.Equal(expected is 429 or >= 500, response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("upstream_failed", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Forbidden_answer_is_withheld_and_tried_once_only()
    {
        _gateway.Upstream.Answer = context =>
            ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer.Replace("Fine.", "the bl\\u0075e falcon", StringComparison.Ordinal));
        using var response = await _gateway.ChatAsync("Hello");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("falcon", (await response.Content.ReadAsStringAsync()).Replace("no-blue-falcon", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(_gateway.Upstream.Seen);
        var record = await _gateway.RecordAsync(response);
        Assert.Equal("blocked", record.GetProperty("outcome").GetString());
        Assert.Equal("$.choices[0].message.content", record.GetProperty("findings")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_call_to_the_provider()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Upstream.Answer = async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            await ScriptedUpstream.WriteStreamAsync(context, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":null}]}\n\n"u8.ToArray());
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var response = await _gateway.ChatAsync("Hello", stream: true);
        var id = response.Headers.GetValues("x-gateway-decision-id").Single();
        response.Dispose();
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("cancelled", (await _gateway.RecordAsync(id)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Unknown_path_is_answered_in_the_shape_sdks_read_and_recorded()
    {
        using var response = await _gateway.PostAsync("{}", "/v1/files");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("unknown_url", JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("refused", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("/healthz/ready")]
    [InlineData("/healthz/live")]
    [InlineData("/metrics")]
    [InlineData("/admin/decisions")]
    [InlineData("/admin/policy")]
    public async Task Traffic_listener_answers_nothing_of_management(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = new Uri(_gateway.Process.ManagementUrl).Authority;
        using var response = await _gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Management_listener_proxies_nothing()
    {
        using var response = await _gateway.Management.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative), new StringContent(GatewayUnderTest.Chat("Hello"), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("2099-01-01")]
    [InlineData("2023-06-01, 2099-01-01")]
    public async Task Version_of_a_format_that_is_not_known_is_refused_and_never_forwarded(string version)
    {
        const string Body = """{"model":"claude-sonnet-5","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("anthropic-version", version);
        using var response = await _gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("anthropic-version", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_gateway.Upstream.Seen);
    }
}
