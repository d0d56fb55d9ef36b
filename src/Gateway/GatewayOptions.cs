namespace Gateway;

/// <summary>Settings of the host, section <c>Gateway</c>. Policy stands in the policies folder, never here.</summary>
public sealed class GatewayOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Gateway";

    /// <summary>Where clients connect.</summary>
    public string TrafficUrl { get; set; } = "http://*:8080";

    /// <summary>Where operators connect: health, metrics, API. Loopback unless configured.</summary>
    public string ManagementUrl { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Folder for keys, records and other state; created when missing.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>Folder of the policy documents. When it does not exist, the embedded default policy is enforced.</summary>
    public string PoliciesFolder { get; set; } = "policies";

    /// <summary>Bearer token for <c>/admin</c>; required when the management listener is not loopback.</summary>
    public string? ManagementToken { get; set; }

    /// <summary>Request header that names the end user; without it the body's own field counts.</summary>
    public string? EndUserHeader { get; set; }

    /// <summary>How long open streams may go on after SIGTERM, in seconds.</summary>
    public int DrainSeconds { get; set; } = 25;

    /// <summary>What clients may cost before a policy applies to them.</summary>
    public ConnectionOptions Connections { get; set; } = new();

    /// <summary>Providers by name: <c>openai</c>, <c>anthropic</c>, <c>azure</c>.</summary>
    public Dictionary<string, ProviderOptions> Providers { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Bounds of the listeners, section <c>Gateway:Connections</c>: what a client may hold and how slow it may be, whoever it is.</summary>
public sealed class ConnectionOptions
{
    /// <summary>Most connections of one listener at the same time; more are closed at once.</summary>
    public int Most { get; set; } = 10_000;

    /// <summary>Longest wait for a request's head to be whole, in seconds.</summary>
    public int HeadSeconds { get; set; } = 15;

    /// <summary>Most headers of one request.</summary>
    public int HeaderCount { get; set; } = 100;

    /// <summary>Most bytes of all headers of one request.</summary>
    public int HeaderBytes { get; set; } = 32 * 1024;

    /// <summary>Longest wait for a request's body to be whole, in seconds.</summary>
    public int BodySeconds { get; set; } = 300;

    /// <summary>Slowest body, in bytes a second on average; 0: no bound.</summary>
    public int BodyBytesPerSecond { get; set; } = 240;

    /// <summary>Longest idle time between two requests of a connection, in seconds.</summary>
    public int IdleSeconds { get; set; } = 130;
}

/// <summary>One provider.</summary>
public sealed class ProviderOptions
{
    /// <summary>Base address; the provider's public one when a key is set and this is not.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Further base addresses by destination name, used in turn and when one fails.</summary>
    public Dictionary<string, string> Destinations { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The credential. Better given by environment or file.</summary>
    public string? ApiKey { get; set; }

    /// <summary>File that holds the credential; read at start.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>Longest silence of the provider, before the first byte and between bytes, in seconds. The SDKs wait 600.</summary>
    public int TimeoutSeconds { get; set; } = 600;

    /// <summary>Longest wait for a connection, in seconds.</summary>
    public int ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>Most attempts of one exchange over destinations and fallback models.</summary>
    public int MaxAttempts { get; set; } = 2;

    /// <summary>Path probed for active health checks; none when empty.</summary>
    public string? HealthPath { get; set; }

    /// <summary>Seconds between probes.</summary>
    public int HealthIntervalSeconds { get; set; } = 15;
}
