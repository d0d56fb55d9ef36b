using Gateway.Core.Tenants;
using Gateway.Tests.Support;
using Xunit;

namespace Gateway.Tests.Clients;

/// <summary>One scripted provider and one gateway in front of it, with keys of two tenants, for all client scenarios.</summary>
public sealed class ClientsFixture : IAsyncLifetime
{
    /// <summary>Bodies above this many bytes are refused.</summary>
    public const int BodyLimit = 1_048_576;

    /// <summary>How many seconds the provider may be silent before the gateway gives up.</summary>
    private const string ProviderTimeoutSeconds = "3";

    private const string Policy = """
        policy: clients
        tenants: [acme]
        models:
          allow: [gpt-4o*, text-embedding-3*, claude-*, gemini-2.5-flash*]
        limits:
          requests: { perMinute: 6000, burst: 1000 }
          size: { bodyBytes: 1048576 }
        guards:
          content:
            - { id: no-blue-falcon, match: "blue falcon", ignoreCase: true, surfaces: [user, output], action: block, severity: high }
        """;

    /// <summary>One request at once, then one every three seconds: long enough that the second call of a scenario is always refused.</summary>
    private static string LimitedPolicy => $$"""
        policy: limited
        tenants: [{{string.Join(", ", Limited.Select(Tenant))}}]
        models:
          allow: [gpt-4o*, text-embedding-3*, claude-*, gemini-2.5-flash*]
        limits:
          requests: { perMinute: 20, burst: 1 }
        """;

    private static IEnumerable<string> Limited => DotNetClients.Concat(NpmScenarios.Clients);

    /// <summary>Names that <see cref="Client"/> knows.</summary>
    public static IReadOnlyList<string> DotNetClients { get; } = ["openai-dotnet", "openai-responses-dotnet", "anthropic-dotnet", "meai-openai-dotnet"];

    private ScriptedProvider? _provider;
    private GatewayProcess? _gateway;

    public ScriptedProvider Provider => _provider ?? throw new InvalidOperationException("The fixture was not started.");

    public GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("The fixture was not started.");

    public string Key { get; private set; } = "";

    /// <summary>Keys of tenants that may send one request in three seconds, by scenario client.</summary>
    public Dictionary<string, string> LimitedKeys { get; } = [];

    public async Task InitializeAsync()
    {
        _provider = await ScriptedProvider.StartAsync();
        var options = new GatewayProcessOptions
        {
            ProviderUrl = _provider.BaseUrl,
            Policies = new Dictionary<string, string> { ["clients.yaml"] = Policy, ["limited.yaml"] = LimitedPolicy },
            Environment = new Dictionary<string, string>
            {
                ["Gateway__Providers__openai__TimeoutSeconds"] = ProviderTimeoutSeconds,
                ["Gateway__Providers__anthropic__TimeoutSeconds"] = ProviderTimeoutSeconds,
                ["Gateway__Providers__gemini__BaseUrl"] = _provider.BaseUrl,
                ["Gateway__Providers__gemini__ApiKey"] = "upstream-secret",
                ["Gateway__Providers__gemini__TimeoutSeconds"] = ProviderTimeoutSeconds,
            },
        };
        _gateway = await GatewayProcess.PrepareAsync(options);
        Key = await GatewayCli.CreateKeyAsync("acme", "shop", _gateway.DataFolder);
        var keys = new KeyAdministration(new KeyFile(_gateway.DataFolder, TimeProvider.System), TimeProvider.System);
        foreach (var client in Limited)
            LimitedKeys[client] = (await keys.CreateAsync(Tenant(client), "shop", null, null, CancellationToken.None)).Text;
        await _gateway.StartAsync(options);
    }

    public async Task DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
    }

    private static string Tenant(string client) => $"limited-{client}";

    public IScenarioClient Client(string name, string? key = null) => name switch
    {
        "openai-dotnet" => new OpenAIScenarioClient(Gateway.TrafficUrl, key ?? Key),
        "openai-responses-dotnet" => new OpenAIResponsesScenarioClient(Gateway.TrafficUrl, key ?? Key),
        "anthropic-dotnet" => new AnthropicScenarioClient(Gateway.TrafficUrl, key ?? Key),
        "meai-openai-dotnet" => new ExtensionsAIScenarioClient(Gateway.TrafficUrl, key ?? Key),
        _ => throw new ArgumentException($"No client is named {name}."),
    };
}

/// <summary>All client scenarios share one gateway and run one class after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClientsGroup : ICollectionFixture<ClientsFixture>
{
    public const string Name = "clients";
}
