using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>What the gateway cannot look into, over HTTP: settings, betas, and the paths it does not serve.</summary>
public sealed class UnseenTests : IAsyncLifetime
{
    private const string Policy = """
        policy: acme
        tenants: [acme]
        models: { allow: [gpt-4o*, claude-*] }
        unseen: { audio: annotate, secondModel: allow, inlineTool: allow, betas: [listed-2025-01-01, other-2025-02-02] }
        guards:
          content:
            - { id: no-blue-falcon, match: "blue falcon", surfaces: [user, document, tool_definition], action: block, severity: high }
        """;

    private const string Claude = """{"model":"claude-sonnet-5","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";

    private GatewayUnderTest? _started;

    private GatewayUnderTest Gateway => _started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _started = await GatewayUnderTest.StartAsync(Policy);

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    [Fact]
    public async Task Use_that_the_policy_denies_is_a_403_that_names_the_setting()
    {
        using var response = await Gateway.PostAsync("""{"model":"gpt-4o","store":true,"messages":[{"role":"user","content":"Hello"}]}""");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var error = (await ErrorAsync(response)).GetProperty("error");
        Assert.Equal("policy_blocked", error.GetProperty("code").GetString());
        Assert.Contains("unseen.providerStorage", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("$.store", error.GetProperty("param").GetString());
        Assert.Empty(Gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Unknown_part_is_refused_by_the_reader_with_the_setting_and_a_finding()
    {
        using var response = await Gateway.PostAsync("""{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"x_text","value":"hidden"}]}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("unseen.unknownPart", (await ErrorAsync(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        var record = await Gateway.RecordAsync(response);
        Assert.Equal("unknown_type", record.GetProperty("reason").GetString());
        Assert.Equal(("capability", "unknown_part"), FindingOf(record));
        Assert.Empty(Gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Use_that_the_policy_annotates_passes_byte_identical_and_is_on_record()
    {
        const string Body = """{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]}]}""";
        using var response = await Gateway.PostAsync(Body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Body, Assert.Single(Gateway.Upstream.Seen).Text);
        Assert.Equal(("capability", "audio"), FindingOf(await Gateway.RecordAsync(response)));
        Assert.Equal(1, await Gateway.MetricAsync("gateway_capability_uses_total{capability=\"audio\",action=\"annotate\",mode=\"enforce\"}"));
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","input":"Hello"}""", """{"store":false,"model":"gpt-4o","input":"Hello"}""")]
    [InlineData("""{"model":"gpt-4o","store":null,"input":"Hello"}""", """{"model":"gpt-4o","store":false,"input":"Hello"}""")]
    [InlineData("""{"model":"gpt-4o","store":false,"input":"Hello"}""", """{"model":"gpt-4o","store":false,"input":"Hello"}""")]
    public async Task Silence_about_storage_reaches_the_provider_as_no(string sent, string forwarded)
    {
        using var response = await Gateway.PostAsync(sent, "/v1/responses");
        Assert.Equal(forwarded, Assert.Single(Gateway.Upstream.Seen).Text);
    }

    [Fact]
    public async Task Second_model_that_is_not_allowed_does_not_exist()
    {
        using var response = await Gateway.PostAsync("""{"model":"gpt-4o","models":["gpt-4o-mini","evil/large"],"messages":[{"role":"user","content":"Hello"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("$.models[1]", (await ErrorAsync(response)).GetProperty("error").GetProperty("param").GetString());
        Assert.Empty(Gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("listed-2025-01-01", "listed-2025-01-01")]
    [InlineData("listed-2025-01-01, new-2026-01-01 ,other-2025-02-02", "listed-2025-01-01,other-2025-02-02")]
    [InlineData("Listed-2025-01-01", null)]
    [InlineData("new-2026-01-01", null)]
    [InlineData(" , ,", null)]
    public async Task Betas_pass_only_when_listed(string sent, string? passed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(Claude, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("anthropic-beta", sent);
        using var response = await Gateway.Http.SendAsync(request);
        var seen = Assert.Single(Gateway.Upstream.Seen);
        Assert.Equal(passed, seen.Headers.GetValueOrDefault("anthropic-beta"));
    }

    [Theory]
    [InlineData("GET", "/v1/realtime?model=gpt-4o", 403, "policy_blocked", "realtime")]
    [InlineData("POST", "/v1/realtime/client_secrets", 403, "policy_blocked", "realtime")]
    [InlineData("POST", "/v1/batches", 403, "policy_blocked", "batch")]
    [InlineData("POST", "/v1/files", 404, "unknown_url", "stored_file")]
    [InlineData("POST", "/v1/threads", 404, "unknown_url", "stored_history")]
    [InlineData("POST", "/v1/nothing", 404, "unknown_url", "unknown_route")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed", "unknown_route")]
    public async Task Path_that_is_not_served_is_refused_under_the_tenants_policy(string method, string path, int status, string code, string rule)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await Gateway.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (await ErrorAsync(response)).GetProperty("error").GetProperty("code").GetString());
        var record = await Gateway.RecordAsync(response);
        Assert.Equal(("acme", "acme"), (record.GetProperty("tenant").GetString(), record.GetProperty("policy").GetString()));
        Assert.Equal(("capability", rule), FindingOf(record));
        Assert.Empty(Gateway.Upstream.Seen);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/realtime")]
    public async Task Socket_is_refused_on_every_path(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        using var response = await Gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(("capability", "realtime"), FindingOf(await Gateway.RecordAsync(response)));
        Assert.Empty(Gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Post_that_asks_for_an_upgrade_reaches_no_provider()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        using var response = await Gateway.Http.SendAsync(request);
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Empty(Gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Batches_are_refused_in_the_shape_of_the_clients_format()
    {
        using var response = await Gateway.PostAsync("{}", "/v1/messages/batches");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("error", (await ErrorAsync(response)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Path_that_is_not_served_tells_nothing_without_a_key()
    {
        using var client = new HttpClient { BaseAddress = Gateway.Http.BaseAddress };
        using var response = await client.GetAsync(new Uri("/v1/batches", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    private static (string?, string?) FindingOf(JsonElement record)
    {
        var finding = record.GetProperty("findings")[0];
        return (finding.GetProperty("guard").GetString(), finding.GetProperty("rule").GetString());
    }
}
