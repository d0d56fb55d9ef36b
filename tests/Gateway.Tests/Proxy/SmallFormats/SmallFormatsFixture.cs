using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Proxy.SmallFormats;

/// <summary>One gateway with all provider families and two tenants, in front of one scripted provider that also lists models.</summary>
public sealed class SmallFormatsFixture : IAsyncLifetime
{
    public const string OpenAIList = """
        {"object":"list","data":[{"id":"gpt-4o","object":"model","created":7,"owned_by":"openai"},{"id":"gpt-4o-mini","object":"model","created":8,"owned_by":"openai"},{"id":"o9-secret","object":"model","created":9,"owned_by":"org-acme"}]}
        """;

    public const string AnthropicList = """
        {"data":[{"type":"model","id":"claude-sonnet-5","display_name":"Claude Sonnet 5","created_at":"2026-01-02T03:04:05Z"},{"type":"model","id":"claude-opus-5","display_name":"Claude Opus 5","created_at":"2026-01-02T03:04:05Z"}],"has_more":false,"first_id":"claude-sonnet-5","last_id":"claude-opus-5"}
        """;

    private const string Acme = """
        policy: acme
        tenants: [acme]
        models:
          allow: [gpt-4o*, claude-sonnet-5]
          alias: { fast: gpt-4o-mini, gone: gpt-4o-retired }
        guards:
          content:
            - { id: no-blue-falcon, match: "blue falcon", surfaces: [user, output], action: block, severity: high }
        """;

    private const string Beta = """
        policy: beta
        tenants: [beta]
        onViolation: refusal
        models:
          allow: ["claude-*", gpt-4o-mini]
        guards:
          content:
            - { id: no-blue-falcon, match: "blue falcon", surfaces: [user, output], action: block, severity: high }
        """;

    private GatewayProcess? _process;
    private ScriptedUpstream? _upstream;

    public ScriptedUpstream Upstream => _upstream ?? throw new InvalidOperationException("Not started.");

    public HttpClient Http { get; } = new();

    /// <summary>How the provider answers what is no list of models.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);

    public string AcmeKey { get; private set; } = "";

    public string BetaKey { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.Answer = context => !HttpMethods.IsGet(context.Request.Method) ? Answer(context)
            : ScriptedUpstream.WriteJsonAsync(context, 200, context.Request.Headers.ContainsKey("anthropic-version") ? AnthropicList : OpenAIList);
        var options = new GatewayProcessOptions
        {
            ProviderUrl = _upstream.BaseUrl,
            Policies = new Dictionary<string, string> { ["acme.yaml"] = Acme, ["beta.yaml"] = Beta },
            Environment = new Dictionary<string, string>
            {
                ["Gateway__Providers__azure__BaseUrl"] = _upstream.BaseUrl + "/openai/",
                ["Gateway__Providers__azure__ApiKey"] = "azure-secret",
            },
        };
        _process = await GatewayProcess.PrepareAsync(options);
        AcmeKey = await GatewayCli.CreateKeyAsync("acme", "tests", _process.DataFolder);
        BetaKey = await GatewayCli.CreateKeyAsync("beta", "tests", _process.DataFolder);
        await _process.StartAsync(options, waitUntilReady: true);
        Http.BaseAddress = new Uri(_process.TrafficUrl);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string? key = null, string header = "Authorization") =>
        SendAsync(HttpMethod.Post, path, body, key, header);

    public Task<HttpResponseMessage> GetAsync(string path, string? key = null, string? version = null) =>
        SendAsync(HttpMethod.Get, path, null, key, version: version);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string? key, string header = "Authorization", string? version = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation(header, header == "Authorization" ? $"Bearer {key ?? AcmeKey}" : key ?? AcmeKey);
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("anthropic-version", version);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The record of an exchange, once it is written.</summary>
    public async Task<JsonElement> RecordAsync(HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("x-gateway-decision-id").Single();
        using var management = new HttpClient { BaseAddress = new Uri(_process!.ManagementUrl) };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await pace.WaitForNextTickAsync(limit.Token))
        {
            using var found = await management.GetAsync($"/admin/decisions/{id}", limit.Token);
            if (found.IsSuccessStatusCode)
            {
                return JsonSerializer.Deserialize<JsonElement>(await found.Content.ReadAsStringAsync(limit.Token));
            }
        }

        throw new TimeoutException("The record did not come.");
    }
}

/// <summary>Runs its classes one after the other: they share the provider's memory.</summary>
[CollectionDefinition(Name)]
public sealed class SmallFormatsTests : ICollectionFixture<SmallFormatsFixture>
{
    public const string Name = "small formats";
}
