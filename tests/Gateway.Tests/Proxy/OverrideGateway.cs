using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Hosting;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Proxy;

/// <summary>A gateway in this process whose overrides a test can change, on real sockets, in front of a scripted provider.</summary>
public sealed class OverrideGateway : IAsyncDisposable
{
    private const string Policy = """
        policy: acme
        tenants: [acme]
        mode: MODE
        models:
          allow: [gpt-4o, gpt-4o-mini, claude-*]
          alias: { fast: gpt-4o-mini }
          fallback: { gpt-4o: [gpt-4o-mini] }
        guards:
          content:
            - { id: no-blue-falcon, match: "blue falcon", surfaces: [user, output], action: block, severity: high }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-");
    private WebApplication _gateway = null!;
    private HttpClient _management = null!;
    private int _changes;

    public ScriptedUpstream Upstream { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    public string Key { get; private set; } = "";

    public static async Task<OverrideGateway> StartAsync(string mode)
    {
        var made = new OverrideGateway { Upstream = await ScriptedUpstream.StartAsync() };
        var policies = made._folder.CreateSubdirectory("policies").FullName;
        await File.WriteAllTextAsync(Path.Combine(policies, "policy.yaml"), Policy.Replace("MODE", mode, StringComparison.Ordinal));
        var data = made._folder.CreateSubdirectory("data").FullName;
        made.Key = await GatewayCli.CreateKeyAsync("acme", "tests", data);
        made._gateway = await GatewayHost.CreateAsync(
            [
                "--Gateway:TrafficUrl=http://127.0.0.1:0", "--Gateway:ManagementUrl=http://127.0.0.1:0", $"--Gateway:DataFolder={data}", $"--Gateway:PoliciesFolder={policies}",
                $"--Gateway:Providers:openai:BaseUrl={made.Upstream.BaseUrl}/v1", "--Gateway:Providers:openai:ApiKey=upstream-secret",
                $"--Gateway:Providers:anthropic:BaseUrl={made.Upstream.BaseUrl}", "--Gateway:Providers:anthropic:ApiKey=upstream-secret",
                "--Gateway:Providers:openai:MaxAttempts=3", "--Gateway:EndUserHeader=x-user", "--Gateway:DrainSeconds=0",
            ],
            builder => builder.Logging.ClearProviders());
        await made._gateway.StartAsync();
        made.Http.BaseAddress = new Uri(made._gateway.Urls.First());
        made.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Key);
        made._management = new HttpClient { BaseAddress = new Uri(made._gateway.Urls.Last()) };
        return made;
    }

    /// <summary>Puts overrides in force in the place of those that were.</summary>
    public void Use(params PolicyOverride[] overrides)
    {
        var store = _gateway.Services.GetRequiredService<PolicyStore>();
        store.Accept(store.Current!.With(++_changes, OverrideSet.Compile([.. overrides])));
        Upstream.Forget();
        Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);
    }

    public static PolicyOverride Override(OverrideMeasure measure, OverrideScope? scope = null)
    {
        var (made, errors) = OverrideCompiler.Create(
            new OverrideDraft { Measure = measure, Scope = scope, Reason = "Injection campaign" }, "ann", [], TimeProvider.System.GetUtcNow());
        return made ?? throw new InvalidOperationException(string.Join('\n', errors));
    }

    public async Task<HttpResponseMessage> PostAsync(
        string body, string path = "/v1/chat/completions", string? user = null, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (user is not null)
        {
            request.Headers.Add("x-user", user);
        }

        return await Http.SendAsync(request, until);
    }

    /// <summary>The record of an exchange, once it is written.</summary>
    public async Task<JsonElement> RecordAsync(HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("x-gateway-decision-id").Single();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await pace.WaitForNextTickAsync(limit.Token))
        {
            using var found = await _management.GetAsync($"/admin/decisions/{id}", limit.Token);
            if (found.IsSuccessStatusCode)
            {
                return JsonSerializer.Deserialize<JsonElement>(await found.Content.ReadAsStringAsync(limit.Token));
            }
        }

        throw new TimeoutException("The record did not come.");
    }

    public async Task<string> ScrapeAsync() => await _management.GetStringAsync(new Uri("/metrics", UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _management.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await Upstream.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>One gateway, whose policy only watches, for all tests of a class; each puts its own overrides in force.</summary>
public sealed class OverrideFixture : IAsyncLifetime
{
    private OverrideGateway? _gateway;

    public OverrideGateway Gateway => _gateway ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _gateway = await OverrideGateway.StartAsync("monitor");

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
