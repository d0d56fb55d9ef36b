using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Support;

/// <summary>What a test changes about the gateway that it starts.</summary>
public sealed record GatewayProcessOptions
{
    /// <summary>Base address of the provider that answers all formats, without <c>/v1</c>.</summary>
    public required string ProviderUrl { get; init; }

    /// <summary>Policy files: name, text.</summary>
    public required IReadOnlyDictionary<string, string> Policies { get; init; }

    /// <summary>More configuration, as environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// The built gateway as a process of its own, on free loopback ports and temporary folders. Disposing sends SIGTERM, waits
/// for the drain and deletes the folders.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(40);

    private readonly DirectoryInfo _root;
    private readonly ConcurrentQueue<string> _output = [];
    private Process? _process;
    private GatewayProcessOptions? _options;

    private GatewayProcess(DirectoryInfo root) => _root = root;

    public string TrafficUrl { get; } = FreeAddress();

    public string ManagementUrl { get; } = FreeAddress();

    public string DataFolder => Path.Combine(_root.FullName, "data");

    public string PoliciesFolder => Path.Combine(_root.FullName, "policies");

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The gateway was not started.");

    /// <summary>Everything that the gateway wrote so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Folders with the policies written, but nothing started: the place to create keys before the first start.</summary>
    public static async Task<GatewayProcess> PrepareAsync(GatewayProcessOptions options)
    {
        var gateway = new GatewayProcess(Directory.CreateTempSubdirectory("gateway-"));
        Directory.CreateDirectory(gateway.DataFolder);
        Directory.CreateDirectory(gateway.PoliciesFolder);
        foreach (var (name, text) in options.Policies)
            await File.WriteAllTextAsync(Path.Combine(gateway.PoliciesFolder, name), text);
        return gateway;
    }

    /// <summary>Starts the process and waits until it is ready. Throws with its output when it is not within a minute.</summary>
    public async Task StartAsync(GatewayProcessOptions options, bool waitUntilReady = true)
    {
        _options = options;
        var process = new Process { StartInfo = StartInfo(options), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await WaitForAsync(process, waitUntilReady ? "/healthz/ready" : "/healthz/live");
    }

    /// <summary>Starts a process that has ended again, on the same ports and folders.</summary>
    public async Task RestartAsync()
    {
        _process?.Dispose();
        await StartAsync(_options ?? throw new InvalidOperationException("The gateway was not started."));
    }

    /// <summary>Sends SIGTERM and waits for the end of the process; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (_process is not { HasExited: false } process)
            return _process?.ExitCode ?? 0;
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The gateway did not stop within {StopLimit}:\n{Output}");
        }

        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _root.Delete(recursive: true);
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }

    private ProcessStartInfo StartInfo(GatewayProcessOptions options)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Gateway.dll"));
        // A key in the developer's own environment must never reach a real provider from a test.
        start.Environment.Remove("OPENAI_API_KEY");
        start.Environment.Remove("ANTHROPIC_API_KEY");
        start.Environment.Remove("GEMINI_API_KEY");
        start.Environment["Gateway__TrafficUrl"] = TrafficUrl;
        start.Environment["Gateway__ManagementUrl"] = ManagementUrl;
        start.Environment["Gateway__DataFolder"] = DataFolder;
        start.Environment["Gateway__PoliciesFolder"] = PoliciesFolder;
        start.Environment["Gateway__Providers__openai__BaseUrl"] = options.ProviderUrl + "/v1";
        start.Environment["Gateway__Providers__openai__ApiKey"] = "upstream-secret";
        start.Environment["Gateway__Providers__anthropic__BaseUrl"] = options.ProviderUrl;
        start.Environment["Gateway__Providers__anthropic__ApiKey"] = "upstream-secret";
        start.Environment["Gateway__Providers__gemini__BaseUrl"] = options.ProviderUrl;
        start.Environment["Gateway__Providers__gemini__ApiKey"] = "upstream-secret";
        foreach (var (name, value) in options.Environment)
            start.Environment[name] = value;
        return start;
    }

    private async Task WaitForAsync(Process process, string path)
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(StartLimit);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await pace.WaitForNextTickAsync(limit.Token))
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"The gateway ended with {process.ExitCode} before it was ready:\n{Output}");
                if (await AnswersAsync(http, path, limit.Token))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The gateway was not ready within {StartLimit}:\n{Output}");
        }
    }

    private async Task<bool> AnswersAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(ManagementUrl + path), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
