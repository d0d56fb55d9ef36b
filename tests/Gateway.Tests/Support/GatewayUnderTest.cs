using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>A gateway process in front of a scripted provider, with one key, for the tests of the request path.</summary>
public sealed class GatewayUnderTest : IAsyncDisposable
{
    public const string Policy = """
        policy: acme
        tenants: [acme]
        models:
          allow: [gpt-4o*, claude-*, gemini-*]
          alias: { fast: gpt-4o-mini, quick: gemini-x }
        guards:
          content:
            - { id: no-blue-falcon, match: "blue falcon", surfaces: [user, output, tool_arguments], action: block, severity: high }
        """;

    private GatewayUnderTest(ScriptedUpstream upstream, GatewayProcess process, string key)
    {
        Upstream = upstream;
        Process = process;
        Key = key;
        Http = new HttpClient { BaseAddress = new Uri(process.TrafficUrl) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Management = new HttpClient { BaseAddress = new Uri(process.ManagementUrl) };
    }

    public ScriptedUpstream Upstream { get; }

    public GatewayProcess Process { get; }

    public string Key { get; }

    /// <summary>Client of the traffic listener, with the key.</summary>
    public HttpClient Http { get; }

    /// <summary>Client of the management listener.</summary>
    public HttpClient Management { get; }

    public static async Task<GatewayUnderTest> StartAsync(
        string policy = Policy, IReadOnlyDictionary<string, string>? environment = null, bool waitUntilReady = true)
    {
        var upstream = await ScriptedUpstream.StartAsync();
        var options = new GatewayProcessOptions
        {
            ProviderUrl = upstream.BaseUrl,
            Policies = new Dictionary<string, string> { ["policy.yaml"] = policy },
            Environment = environment ?? new Dictionary<string, string>(),
        };
        var process = await GatewayProcess.PrepareAsync(options);
        var key = await GatewayCli.CreateKeyAsync("acme", "tests", process.DataFolder);
        await process.StartAsync(options, waitUntilReady);
        return new GatewayUnderTest(upstream, process, key);
    }

    public static string Chat(string text, bool stream = false, string model = "gpt-4o-mini") => JsonSerializer.Serialize(
        new { model, stream, messages = new[] { new { role = "user", content = text } } });

    public Task<HttpResponseMessage> ChatAsync(string text, bool stream = false, string model = "gpt-4o-mini") => PostAsync(Chat(text, stream, model));

    public Task<HttpResponseMessage> PostAsync(string body, string path = "/v1/chat/completions") => PostAsync(Encoding.UTF8.GetBytes(body), path);

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string path = "/v1/chat/completions")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The record of an exchange, once it is written.</summary>
    public async Task<JsonElement> RecordAsync(string decisionId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await pace.WaitForNextTickAsync(limit.Token))
        {
            using var response = await Management.GetAsync($"/admin/decisions/{decisionId}", limit.Token);
            if (response.IsSuccessStatusCode)
            {
                return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(limit.Token));
            }
        }

        throw new TimeoutException("The record did not come.");
    }

    public Task<JsonElement> RecordAsync(HttpResponseMessage response) => RecordAsync(response.Headers.GetValues("x-gateway-decision-id").Single());

    /// <summary>The value of one series of the scrape, or null when there is none.</summary>
    public async Task<double?> MetricAsync(string series)
    {
        var scrape = await Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var line = scrape.Split('\n').FirstOrDefault(candidate => candidate.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Management.Dispose();
        await Process.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
