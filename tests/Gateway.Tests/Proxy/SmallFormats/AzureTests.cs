using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy.SmallFormats;

[Collection(SmallFormatsTests.Name)]
public sealed class AzureTests
{
    private const string Deployment = "/openai/deployments/gpt-4o-mini/chat/completions";

    private readonly SmallFormatsFixture _gateway;

    public AzureTests(SmallFormatsFixture fixture)
    {
        _gateway = fixture;
        _gateway.Upstream.Forget();
        _gateway.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);
    }

    [Theory]
    [InlineData(Deployment + "?api-version=2024-10-21", "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")]
    [InlineData(Deployment + "?api-version=2025-03-01-preview", "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")]
    [InlineData("/openai/v1/chat/completions", "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")]
    [InlineData("/openai/v1/chat/completions?api-version=preview", "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")]
    public async Task Request_goes_to_the_same_path_with_the_providers_key_only(string path, string body)
    {
        using var response = await _gateway.PostAsync(path, body, header: "api-key");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal(path, seen.Path + seen.Query);
        Assert.Equal(body, seen.Text);
        Assert.Equal("azure-secret", seen.Headers["api-key"]);
        Assert.False(seen.Headers.ContainsKey("Authorization"));
        var record = await _gateway.RecordAsync(response);
        Assert.Equal(("azure", "gpt-4o-mini"), (record.GetProperty("provider").GetString(), record.GetProperty("modelSent").GetString()));
    }

    [Fact]
    public async Task Alias_is_replaced_in_the_path_and_in_the_body()
    {
        using var response = await _gateway.PostAsync(
            "/openai/deployments/fast/chat/completions?api-version=2024-10-21", "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal(Deployment, seen.Path);
        Assert.Equal("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", seen.Text);
    }

    [Theory]
    [InlineData(Deployment + "?api-version=latest", 400, "unknown_query")]
    [InlineData(Deployment + "?api-version=2024-13-45", 400, "unknown_query")]
    [InlineData(Deployment + "?api-version=2024-10-21&api-version=2023-05-15", 400, "unknown_query")]
    [InlineData(Deployment + "?api-version=2024-10-21&x=1", 400, "unknown_query")]
    [InlineData("/openai/responses?api-version=preview", 400, "unknown_query")]
    [InlineData("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", 400, "model_mismatch")]
    [InlineData("/openai/deployments/GPT-4o-mini/chat/completions?api-version=2024-10-21", 400, "model_mismatch")]
    public async Task Request_that_two_readers_would_understand_differently_is_refused(string path, int status, string reason)
    {
        using var response = await _gateway.PostAsync(path, "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(reason, (await _gateway.RecordAsync(response)).GetProperty("reason").GetString());
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("/openai/deployments/o9-secret/chat/completions?api-version=2024-10-21")]
    [InlineData("/openai/deployments/gpt-4o-mini%2F..%2Fo9/chat/completions?api-version=2024-10-21")]
    public async Task Deployment_is_judged_by_the_allowlist_and_cannot_leave_its_place(string path)
    {
        using var response = await _gateway.PostAsync(path, "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var seen = Assert.Single(_gateway.Upstream.Seen);
            Assert.DoesNotContain("/o9", seen.Path, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Empty(_gateway.Upstream.Seen);
        }
    }

    [Fact]
    public async Task Forbidden_text_is_stopped_on_a_deployment_too()
    {
        using var response = await _gateway.PostAsync(Deployment + "?api-version=2024-10-21", "{\"messages\":[{\"role\":\"user\",\"content\":\"blue falcon\"}]}");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("policy_blocked", JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Server_side_retrieval_is_refused()
    {
        using var response = await _gateway.PostAsync(
            Deployment + "?api-version=2024-10-21",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"data_sources\":[{\"type\":\"azure_search\",\"parameters\":{\"role_information\":\"y\"}}]}");
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Filter_results_pass_and_their_strings_are_read()
    {
        const string First = "data: {\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}}]}\n\n";
        const string Text = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":null,\"content_filter_results\":{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}}]}\n\n";
        const string Body = "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        _gateway.Answer = context => ScriptedUpstream.WriteStreamAsync(context, Encoding.UTF8.GetBytes(First + Text + "data: [DONE]\n\n"));
        using var response = await _gateway.PostAsync(Deployment + "?api-version=2024-10-21", Body);
        Assert.Equal(First + Text + "data: [DONE]\n\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/openai/deployments/gpt-4o-mini/embeddings?api-version=2024-10-21", "{\"input\":\"x\"}", "{\"data\":[{\"embedding\":[0.5]}]}")]
    [InlineData("/openai/deployments/gpt-4o-mini/completions?api-version=2024-10-21", "{\"prompt\":\"x\"}", "{\"choices\":[{\"text\":\"y\"}]}")]
    [InlineData("/openai/responses?api-version=2025-03-01-preview", "{\"model\":\"gpt-4o-mini\",\"store\":false,\"input\":\"x\"}", "{\"output\":[]}")]
    [InlineData("/openai/v1/responses", "{\"model\":\"gpt-4o-mini\",\"store\":false,\"input\":\"x\"}", "{\"output\":[]}")]
    [InlineData("/openai/v1/responses?api-version=preview", "{\"model\":\"gpt-4o-mini\",\"store\":false,\"input\":\"x\"}", "{\"output\":[]}")]
    [InlineData("/openai/v1/embeddings", "{\"model\":\"gpt-4o-mini\",\"input\":\"x\"}", "{\"data\":[{\"embedding\":[0.5]}]}")]
    public async Task Other_formats_of_the_family_are_served(string path, string body, string answer)
    {
        _gateway.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, answer);
        using var response = await _gateway.PostAsync(path, body);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
        var seen = Assert.Single(_gateway.Upstream.Seen);
        Assert.Equal(path, seen.Path + seen.Query);
    }
}
