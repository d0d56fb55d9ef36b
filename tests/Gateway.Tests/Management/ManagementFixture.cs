using System.Net;
using System.Text.Json;
using Gateway.Authentication;
using Gateway.Core.Policies;
using Gateway.Core.Tenants;
using Gateway.Management;
using Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Management;

/// <summary>The management API alone, on a real socket, with a real store and key file.</summary>
internal sealed class ManagementFixture : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    private ManagementFixture(GatewayOptions options, Action<IServiceCollection> configure)
    {
        options.DataFolder = _folder;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Policies);
        // The records of these tests have fixed dates: retention by the real clock must not reach them.
        builder.Services.AddDecisionStore(
            new DecisionStoreOptions { Folder = _folder, Linger = TimeSpan.Zero, QueueCapacity = 100, RetentionAge = TimeSpan.FromDays(36_500) });
        builder.AddTrafficAuthentication(options, acceptDemoKey: false);
        builder.AddGatewayManagement(options);
        configure(builder.Services);
        _app = builder.Build();
        _app.MapGatewayManagement();
    }

    public PolicyStore Policies { get; } = new();

    public SqliteDecisionStore Store => _app.Services.GetRequiredService<SqliteDecisionStore>();

    public KeyRegistry Registry => _app.Services.GetRequiredService<KeyRegistry>();

    public KeyFile Keys => _app.Services.GetRequiredService<KeyFile>();

    public HttpClient Client { get; private set; } = null!;

    public static async Task<ManagementFixture> StartAsync(GatewayOptions? options = null, Action<IServiceCollection>? configure = null)
    {
        var fixture = new ManagementFixture(options ?? new GatewayOptions(), configure ?? (_ => { }));
        await fixture._app.StartAsync();
        fixture.Client = new HttpClient { BaseAddress = new Uri(fixture._app.Urls.Single()) };
        return fixture;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Get, path, headers);
        return (response.StatusCode, await ReadAsync(response));
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    public async Task WrittenAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Store.Status.Written < count)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
