using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>The Gemini paths over real sockets: the model and the method stand in the path, the framing in the query.</summary>
[Collection(ProxyTests.Name)]
public sealed class GeminiTests : IDisposable
{
    private const string Answer = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Fine."}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"totalTokenCount":7},"modelVersion":"gemini-x-001","responseId":"r1"}""";

    private readonly GatewayUnderTest _gateway;
    private readonly HttpClient _client;

    public GeminiTests(ProxyFixture fixture)
    {
        _gateway = fixture.Gateway;
        _gateway.Upstream.Forget();
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, Answer);
        _client = new HttpClient { BaseAddress = _gateway.Http.BaseAddress };
        _client.DefaultRequestHeaders.Add("x-goog-api-key", _gateway.Key);
    }

    public void Dispose()
    {
        _client.Dispose();
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);
    }

    [Theory]
    [InlineData("/v1beta/models/gemini-x:generateContent", "/v1beta/models/gemini-x:generateContent")]
    [InlineData("/v1/models/gemini-x:generateContent", "/v1/models/gemini-x:generateContent")]
    [InlineData("/v1alpha/models/gemini-x:GENERATEcontent", "/v1alpha/models/gemini-x:generateContent")]
    [InlineData("/v1beta/models/gemini%2Dx%3AgenerateContent", "/v1beta/models/gemini-x:generateContent")]
    [InlineData("/v1beta/models/quick:generateContent?alt=json", "/v1beta/models/gemini-x:generateContent")]
    public async Task Whole_answer_comes_from_the_path_built_for_the_policy_s_model(string asked, string sent)
    {
        using var response = await PostAsync(asked, Body("Hello"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal(sent, seen.Path);
        Assert.Equal(Body("Hello"), seen.Text);
        Assert.Equal("upstream-secret", seen.Headers["x-goog-api-key"]);
        Assert.DoesNotContain(seen.Headers, header => header.Value.Contains("gw_", StringComparison.Ordinal));
        var record = await _gateway.RecordAsync(response);
        Assert.Equal("allowed", record.GetProperty("outcome").GetString());
        Assert.Equal("gemini-x", record.GetProperty("modelSent").GetString());
        Assert.Equal(7, record.GetProperty("usage").GetProperty("input").GetInt64() + record.GetProperty("usage").GetProperty("output").GetInt64());
    }

    [Fact]
    public async Task Alias_is_replaced_in_the_path_and_in_the_body()
    {
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, """{"totalTokens":3}""");
        using var response = await PostAsync("/v1beta/models/quick:countTokens", """{"generateContentRequest":{"model":"models/quick","contents":[{"parts":[{"text":"x"}]}]}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal("/v1beta/models/gemini-x:countTokens", seen.Path);
        Assert.Equal("""{"generateContentRequest":{"model":"models/gemini-x","contents":[{"parts":[{"text":"x"}]}]}}""", seen.Text);
    }

    [Theory]
    [InlineData("/v1beta/models/gemini-x:embedContent", """{"content":{"parts":[{"text":"blue falcon"}]}}""")]
    [InlineData("/v1beta/models/gemini-x:batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"blue "},{"text":"falcon"}]}}]}""")]
    [InlineData("/v1beta/models/gemini-x:countTokens", """{"generate_content_request":{"contents":{"parts":{"text":"blue falcon"}}}}""")]
    [InlineData("/v1/models/gemini-x:generateContent", """{"contents":[{"parts":[{"text":"blue falcon"}]}]}""")]
    [InlineData("/v1beta/models/gemini-x:streamGenerateContent?alt=sse", """{"contents":[{"parts":[{"text":"blue falcon"}]}]}""")]
    [InlineData("/v1beta/models/gemini-x:streamGenerateContent", """{"contents":[{"parts":[{"text":"blue falcon"}]}]}""")]
    public async Task Forbidden_phrase_is_stopped_on_every_method_in_the_format_s_own_shape(string path, string body)
    {
        using var response = await PostAsync(path, body);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal("PERMISSION_DENIED", error.GetProperty("status").GetString());
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("/v1beta/models/gemini-x:generateContent?key=gw_x", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/gemini-x:generateContent?alt=sse", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/gemini-x:streamGenerateContent?ALT=sse", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/gemini-x:streamGenerateContent?alt=sse&alt=json", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/gemini-x:streamGenerateContent?alt=media", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/gemini-x:generateContent?$fields=x", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/gemini-x:generateContent?$httpMethod=GET", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/models%2Fgemini-x:generateContent", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/gemini-x:generateContent:streamGenerateContent", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models/other-model:generateContent", HttpStatusCode.NotFound)]
    [InlineData("/v1beta/tunedModels/gemini-x:generateContent", HttpStatusCode.NotFound)]
    [InlineData("/v1beta/models/gemini-x:batchGenerateContent", HttpStatusCode.Forbidden)]
    [InlineData("/v1beta/models/gemini-x:predict", HttpStatusCode.NotFound)]
    [InlineData("/v1beta/models/a/gemini-x:generateContent", HttpStatusCode.NotFound)]
    [InlineData("/v1beta/cachedContents", HttpStatusCode.NotFound)]
    [InlineData("/v1beta/files", HttpStatusCode.NotFound)]
    public async Task Path_or_query_beside_the_known_ones_reaches_no_provider(string path, HttpStatusCode expected)
    {
        using var response = await PostAsync(path, Body("Hello"));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal((int)expected, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Empty(_gateway.Upstream.Seen);
        Assert.DoesNotContain("gw_x", _gateway.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_method_on_a_known_path_is_refused()
    {
        using var response = await _client.GetAsync(new Uri("/v1beta/models/gemini-x:generateContent", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Allowed_stream_arrives_byte_identical_in_both_framings(bool events)
    {
        var stream = Stream(events, "Grüße ☕ ", "in blue", " and falafel");
        foreach (var split in Splits(stream))
        {
            Answering(events, stream[..split], stream[split..]);
            using var response = await StreamAsync(events);
            Assert.Equal(events ? "text/event-stream" : "application/json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(stream, await response.Content.ReadAsByteArrayAsync());
        }

        var seen = _gateway.Upstream.Seen.Last();
        Assert.Equal("/v1beta/models/gemini-x:streamGenerateContent", seen.Path);
        Assert.Equal(events ? "?alt=sse" : "", seen.Query);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Forbidden_phrase_in_a_stream_never_reaches_the_client(bool events)
    {
        var stream = Stream(events, "fine. ", "the blue fal", "con now");
        foreach (var split in Splits(stream))
        {
            Answering(events, stream[..split], stream[split..]);
            using var response = await StreamAsync(events);
            var text = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain("blue fal", text.Replace("no-blue-falcon", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains("PERMISSION_DENIED", text, StringComparison.Ordinal);
            if (!events && response.IsSuccessStatusCode)
            {
                Assert.True(JsonDocument.Parse(text).RootElement.EnumerateArray().Last().TryGetProperty("error", out _));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_in_the_other_framing_is_withheld(bool events)
    {
        Answering(!events, Stream(!events, "fine"));
        using var response = await StreamAsync(events);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_without_a_finish_reason_ends_with_an_error(bool events)
    {
        var chunk = Chunk("half", finish: false);
        Answering(events, Encoding.UTF8.GetBytes(events ? $"data: {chunk}\r\n\r\n" : $"[{chunk}\n]"));
        using var response = await StreamAsync(events);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.Equal("truncated", (await _gateway.RecordAsync(response)).GetProperty("reason").GetString());
    }

    private static IEnumerable<int> Splits(byte[] stream) => Enumerable.Range(1, stream.Length - 1).Where(split => split % 7 == 0);

    private static string Body(string text) => $$"""{"contents":[{"role":"user","parts":[{"text":"{{text}}"}]}]}""";

    private static string Chunk(string text, bool finish) =>
        $$$"""{"candidates":[{"content":{"parts":[{"text":"{{{text}}}"}],"role":"model"}{{{(finish ? ",\"finishReason\":\"STOP\"" : "")}}},"index":0}],"usageMetadata":{"promptTokenCount":5}}""";

    private static byte[] Stream(bool events, params string[] pieces)
    {
        var chunks = pieces.Select((piece, index) => Chunk(piece, index == pieces.Length - 1));
        return Encoding.UTF8.GetBytes(events ? string.Concat(chunks.Select(chunk => $"data: {chunk}\r\n\r\n")) : $"[{string.Join("\n,\r\n", chunks)}\n]");
    }

    private void Answering(bool events, params byte[][] chunks) => _gateway.Upstream.Answer = context =>
    {
        context.Response.ContentType = events ? "text/event-stream" : "application/json; charset=UTF-8";
        return WriteAsync(context, chunks);
    };

    private static async Task WriteAsync(Microsoft.AspNetCore.Http.HttpContext context, byte[][] chunks)
    {
        foreach (var chunk in chunks)
        {
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private Task<HttpResponseMessage> StreamAsync(bool events) =>
        PostAsync("/v1beta/models/gemini-x:streamGenerateContent" + (events ? "?alt=sse" : ""), Body("Hello"));

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
}
