using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Gateway.Tests.Simulation;

public sealed class SimulatedGeminiTests(SimulatedProviderFixture provider) : IClassFixture<SimulatedProviderFixture>
{
    private const string Tool =
        ""","tools":[{"function_declarations":[{"name":"get_weather","parameters":{"type":"OBJECT","required":["town"],"properties":{"town":{"type":"STRING"}}}}]}]""";

    [Fact]
    public async Task Generate_says_what_it_was_told_with_usage()
    {
        var answer = await JsonAsync("generateContent", Body("say: We open at nine."));
        var candidate = answer.GetProperty("candidates")[0];
        Assert.Equal("We open at nine.", candidate.GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Equal("STOP", candidate.GetProperty("finishReason").GetString());
        Assert.True(answer.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32() > 0);
        Assert.Equal("gemini-x", answer.GetProperty("modelVersion").GetString());
    }

    [Theory]
    [InlineData("streamGenerateContent?alt=sse", "text/event-stream")]
    [InlineData("streamGenerateContent", "application/json")]
    public async Task Stream_has_the_framing_that_was_asked_for(string method, string mediaType)
    {
        using var response = await PostAsync(method, Body("say: We open at nine."));
        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
        var chunks = Chunks(mediaType, await response.Content.ReadAsStringAsync());
        Assert.Equal("We open at nine.", string.Concat(chunks.Select(chunk => chunk.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString())));
        Assert.Equal("STOP", chunks[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task Generate_calls_a_tool_that_is_named()
    {
        var answer = await JsonAsync("generateContent", Body("Please get_weather {\\\"town\\\":\\\"Lindau\\\"}", Tool));
        var call = answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("functionCall");
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        Assert.Equal("Lindau", call.GetProperty("args").GetProperty("town").GetString());
    }

    [Theory]
    [InlineData("generateContent", "simulate: error-429", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("generateContent", "simulate: nonsense", 400, "INVALID_ARGUMENT")]
    public async Task Error_has_the_format_s_shape(string method, string text, int status, string word)
    {
        using var response = await PostAsync(method, Body(text));
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal((status, word), (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Truncated_stream_has_no_finish_reason()
    {
        using var response = await PostAsync("streamGenerateContent?alt=sse", Body("simulate: truncated say: We open at nine."));
        Assert.DoesNotContain("finishReason", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("countTokens", """{"contents":[{"parts":[{"text":"x"}]}]}""", "totalTokens")]
    [InlineData("embedContent", """{"content":{"parts":[{"text":"x"}]}}""", "embedding")]
    [InlineData("batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"x"}]}}]}""", "embeddings")]
    public async Task Numbers_are_answered(string method, string body, string member) =>
        Assert.True((await JsonAsync(method, body)).TryGetProperty(member, out _));

    private static string Body(string text, string more = "") => $$"""{"contents":[{"role":"user","parts":[{"text":"{{text}}"}]}]{{more}}}""";

    private static JsonElement[] Chunks(string mediaType, string text) => mediaType == "application/json"
        ? [.. JsonDocument.Parse(text).RootElement.EnumerateArray()]
        : [.. text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => JsonDocument.Parse(frame["data: ".Length..]).RootElement)];

    private async Task<JsonElement> JsonAsync(string method, string body)
    {
        using var response = await PostAsync(method, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private Task<HttpResponseMessage> PostAsync(string method, string body) => provider.Client.PostAsync(
        new Uri($"v1beta/models/gemini-x:{method}", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
}
