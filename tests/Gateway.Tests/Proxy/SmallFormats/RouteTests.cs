using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy.SmallFormats;

[Collection(SmallFormatsTests.Name)]
public sealed class RouteTests
{
    private const string Completion = "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"text\":\" fine\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}";
    private const string Embedding = "{ \"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"AAAAPwAAgD4AAIC/\"}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2}}";

    private readonly SmallFormatsFixture _gateway;

    public RouteTests(SmallFormatsFixture fixture)
    {
        _gateway = fixture;
        _gateway.Upstream.Forget();
    }

    [Theory]
    [InlineData("/v1/completions", "/v1/completions", "{ \"model\":\"gpt-4o-mini\", \"prompt\":[\"H\\u00e4llo\"],\"n\":1 }", Completion, "openai_completions")]
    [InlineData("/completions", "/v1/completions", "{\"model\":\"gpt-4o-mini\",\"prompt\":\"x\"}", Completion, "openai_completions")]
    [InlineData("/v1/embeddings", "/v1/embeddings", "{ \"model\":\"gpt-4o-mini\",\"input\":\"x\",\"encoding_format\":\"base64\"}", Embedding, "openai_embeddings")]
    [InlineData("/v1/messages/count_tokens?beta=true", "/v1/messages/count_tokens", "{\"model\":\"claude-sonnet-5\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "{\"input_tokens\": 12}", "anthropic_count_tokens")]
    public async Task Bodies_pass_byte_identical_and_are_recorded(string path, string upstream, string body, string answer, string format)
    {
        _gateway.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, answer);
        using var response = await _gateway.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal((upstream, body), (seen.Path, seen.Text));
        var record = await _gateway.RecordAsync(response);
        Assert.Equal(format, record.GetProperty("format").GetString());
        Assert.True(record.GetProperty("usage").GetProperty("input").GetInt64() > 0);
    }

    [Theory]
    [InlineData("/v1/completions", "{\"model\":\"gpt-4o-mini\",\"prompt\":[\"x\",\"the blue falcon\"]}", "$.prompt[1]")]
    [InlineData("/v1/completions", "{\"model\":\"gpt-4o-mini\",\"prompt\":\"x\",\"suffix\":\"blue falcon\"}", "$.suffix")]
    [InlineData("/v1/embeddings", "{\"model\":\"gpt-4o-mini\",\"input\":[\"blue\\u0020falcon\"]}", "$.input[0]")]
    [InlineData("/v1/messages/count_tokens", "{\"model\":\"claude-sonnet-5\",\"messages\":[{\"role\":\"user\",\"content\":\"blue falcon\"}]}", "$.messages[0].content")]
    public async Task Forbidden_text_of_a_request_never_reaches_the_provider(string path, string body, string where)
    {
        using var response = await _gateway.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal(path.Contains("messages", StringComparison.Ordinal), error.TryGetProperty("request_id", out _));
        Assert.Equal("policy_blocked", error.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(where, (await _gateway.RecordAsync(response)).GetProperty("findings")[0].GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("/v1/completions", "{\"model\":\"gpt-4o-mini\",\"prompt\":\"x\"}", "{\"choices\":[{\"text\":\"a blue falcon\",\"index\":0}]}")]
    [InlineData("/v1/embeddings", "{\"model\":\"gpt-4o-mini\",\"input\":\"x\"}", "{\"data\":[{\"embedding\":\"blue falcon\"}]}")]
    public async Task Forbidden_text_of_an_answer_never_reaches_the_client(string path, string body, string answer)
    {
        _gateway.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, answer);
        using var response = await _gateway.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("blocked", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Refusal_is_told_as_one_where_the_format_has_words_and_as_an_error_where_it_has_none()
    {
        using var completion = await _gateway.PostAsync("/v1/completions", "{\"model\":\"gpt-4o-mini\",\"prompt\":\"blue falcon\"}", _gateway.BetaKey);
        Assert.Equal(HttpStatusCode.OK, completion.StatusCode);
        var choice = JsonSerializer.Deserialize<JsonElement>(await completion.Content.ReadAsStringAsync()).GetProperty("choices")[0];
        Assert.Equal("content_filter", choice.GetProperty("finish_reason").GetString());
        using var embedding = await _gateway.PostAsync("/v1/embeddings", "{\"model\":\"gpt-4o-mini\",\"input\":\"blue falcon\"}", _gateway.BetaKey);
        Assert.Equal(HttpStatusCode.Forbidden, embedding.StatusCode);
    }

    [Fact]
    public async Task Completions_stream_passes_byte_identical_and_is_cut_at_forbidden_text()
    {
        var done = Encoding.UTF8.GetBytes("data: [DONE]\n\n");
        _gateway.Answer = context => ScriptedUpstream.WriteStreamAsync(context, Chunk(" all"), Chunk(" well"), done);
        using var allowed = await _gateway.PostAsync("/v1/completions", "{\"model\":\"gpt-4o-mini\",\"prompt\":\"x\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        var received = await allowed.Content.ReadAsByteArrayAsync();
        byte[] sent = [.. Chunk(" all"), .. Chunk(" well"), .. done];
        Assert.Equal(sent, received);

        _gateway.Answer = context => ScriptedUpstream.WriteStreamAsync(context, Chunk(" a"), Chunk(" blue fal"), Chunk("con"), done);
        using var cut = await _gateway.PostAsync("/v1/completions", "{\"model\":\"gpt-4o-mini\",\"prompt\":\"x\",\"stream\":true}");
        var text = await cut.Content.ReadAsStringAsync();
        Assert.DoesNotContain("fal\"", text, StringComparison.Ordinal);
        Assert.Contains("policy_blocked", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_an_embeddings_request_did_not_ask_for_is_not_passed_on()
    {
        _gateway.Answer = context => ScriptedUpstream.WriteStreamAsync(context, Chunk("blue falcon"));
        using var response = await _gateway.PostAsync("/v1/embeddings", "{\"model\":\"gpt-4o-mini\",\"input\":\"x\",\"stream\":true}");
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/chat")]
    [InlineData("POST", "/api/generate")]
    [InlineData("POST", "/v1/moderations")]
    [InlineData("POST", "/v1/tokenize")]
    [InlineData("GET", "/v1/files")]
    [InlineData("POST", "/openai/deployments/gpt-4o/images/generations?api-version=2024-10-21")]
    public async Task Route_of_no_format_is_refused_and_recorded(string method, string path)
    {
        var body = method == "POST" ? "{\"model\":\"gpt-4o-mini\",\"messages\":[]}" : null;
        using var response = await _gateway.SendAsync(new HttpMethod(method), path, body, key: null);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("\"unknown_url\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("refused", (await _gateway.RecordAsync(response)).GetProperty("outcome").GetString());
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("GET", "/v1/completions", "POST")]
    [InlineData("GET", "/openai/deployments/gpt-4o/chat/completions", "POST")]
    [InlineData("DELETE", "/v1/models/gpt-4o", "GET")]
    public async Task Other_method_of_a_known_path_is_405_and_names_the_right_one(string method, string path, string allow)
    {
        using var response = await _gateway.SendAsync(new HttpMethod(method), path, body: null, key: null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal([allow], response.Content.Headers.Allow);
    }

    private static byte[] Chunk(string text) =>
        Encoding.UTF8.GetBytes($"data: {{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"text\":\"{text}\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}}]}}\n\n");
}
