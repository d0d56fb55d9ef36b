using System.Net;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy.SmallFormats;

[Collection(SmallFormatsTests.Name)]
public sealed class ModelListTests(SmallFormatsFixture gateway)
{
    [Fact]
    public async Task List_shows_what_the_tenant_may_use_and_the_provider_has()
    {
        Assert.Equal(["fast", "gpt-4o", "gpt-4o-mini"], await IdsAsync("/v1/models", gateway.AcmeKey));
        Assert.Equal(["gpt-4o-mini"], await IdsAsync("/models", gateway.BetaKey));
    }

    [Fact]
    public async Task List_for_anthropic_clients_has_their_shape()
    {
        Assert.Equal(["claude-sonnet-5"], await IdsAsync("/v1/models", gateway.AcmeKey, "2023-06-01"));
        using var response = await gateway.GetAsync("/v1/models?limit=1", gateway.BetaKey, "2023-06-01");
        var page = await JsonAsync(response);
        Assert.Equal("claude-opus-5", Assert.Single(page.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.True(page.GetProperty("has_more").GetBoolean());
        Assert.Equal(["claude-sonnet-5"], await IdsAsync("/v1/models?limit=1&after_id=claude-opus-5", gateway.BetaKey, "2023-06-01"));
        Assert.Equal("anthropic_models", (await gateway.RecordAsync(response)).GetProperty("format").GetString());
    }

    [Fact]
    public async Task Model_by_its_name_is_described()
    {
        using var response = await gateway.GetAsync("/v1/models/gpt-4o-mini");
        var model = await JsonAsync(response);
        Assert.Equal(("gpt-4o-mini", "model", 8L, "openai"), (
            model.GetProperty("id").GetString(), model.GetProperty("object").GetString(), model.GetProperty("created").GetInt64(), model.GetProperty("owned_by").GetString()));
        var record = await gateway.RecordAsync(response);
        Assert.Equal(("openai_models", "allowed", "acme"), (
            record.GetProperty("format").GetString(), record.GetProperty("outcome").GetString(), record.GetProperty("tenant").GetString()));
    }

    [Theory]
    [InlineData("/v1/models/gpt-4o%2Ffine:tuned", "gpt-4o/fine:tuned")]
    [InlineData("/v1/models/gpt-4o/fine:tuned", "gpt-4o/fine:tuned")]
    public async Task Model_name_may_hold_slashes(string path, string id)
    {
        using var response = await gateway.GetAsync(path);
        Assert.Equal(id, (await JsonAsync(response)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("/v1/models/o9-secret", null)]
    [InlineData("/v1/models/claude-opus-5", "2023-06-01")]
    public async Task Model_that_the_tenant_may_not_use_does_not_exist(string path, string? version)
    {
        using var response = await gateway.GetAsync(path, version: version);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("model_not_found", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("blocked", (await gateway.RecordAsync(response)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Provider_is_asked_with_its_own_credential_and_no_header_of_the_client()
    {
        using var response = await gateway.GetAsync("/v1/models");
        response.EnsureSuccessStatusCode();
        Assert.All(gateway.Upstream.Seen.Where(seen => seen.Path == "/v1/models"), seen =>
            Assert.DoesNotContain(seen.Headers, header => header.Value.Contains("gw_", StringComparison.Ordinal) || header.Key == "traceparent"));
    }

    [Fact]
    public async Task List_without_a_key_is_401()
    {
        using var response = await gateway.GetAsync("/v1/models", "gw_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/models?limit=5", null)]
    [InlineData("/v1/models?limit=0", "2023-06-01")]
    [InlineData("/v1/models?url=http://x", "2023-06-01")]
    public async Task Query_that_the_list_does_not_take_is_refused(string path, string? version)
    {
        using var response = await gateway.GetAsync(path, version: version);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Body_is_refused()
    {
        using var response = await gateway.SendAsync(HttpMethod.Get, "/v1/models", "{\"a\":1}", key: null);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("body_not_taken", (await gateway.RecordAsync(response)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task List_without_the_provider_has_the_names_that_the_policy_spells_out()
    {
        await using var alone = await GatewayUnderTest.StartAsync();
        alone.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 500, "{}");
        using var response = await alone.Http.GetAsync(new Uri("/v1/models", UriKind.Relative));
        Assert.Equal(["fast", "quick"], Ids(await JsonAsync(response)));
    }

    private async Task<string[]> IdsAsync(string path, string key, string? version = null)
    {
        using var response = await gateway.GetAsync(path, key, version);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Ids(await JsonAsync(response));
    }

    private static string[] Ids(JsonElement list) => [.. list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
}
