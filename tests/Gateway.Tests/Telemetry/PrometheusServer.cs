using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Gateway.Tests.Telemetry;

/// <summary>A real Prometheus on loopback that scrapes one target every second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prometheus-");
    private readonly HttpClient _client = new(new SocketsHttpHandler());
    private Process? _process;

    /// <summary>Starts a server that scrapes <paramref name="target"/> and evaluates <paramref name="rules"/>, if any.</summary>
    public static async Task<PrometheusServer> StartAsync(Uri target, string? rules = null)
    {
        var server = new PrometheusServer();
        var port = FreePort();
        var configuration = Path.Combine(server._folder.FullName, "prometheus.yml");
        if (rules is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(server._folder.FullName, "rules.yml"), rules);
        }

        await File.WriteAllTextAsync(configuration, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [ {{(rules is null ? "" : "rules.yml")}} ]
            scrape_configs:
              - job_name: gateway
                static_configs: [ { targets: ["{{target.Authority}}"] } ]
            """);
        server._process = Tool.Start(
            "prometheus",
            $"--config.file={configuration}",
            $"--storage.tsdb.path={Path.Combine(server._folder.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port}");
        // Read on, or the pipe fills and the server stops.
        _ = server._process.StandardError.ReadToEndAsync();
        _ = server._process.StandardOutput.ReadToEndAsync();
        server._client.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        return server;
    }

    /// <summary>Asks until the answer has a value for which <paramref name="until"/> holds; null after <paramref name="patience"/>.</summary>
    public async Task<double?> AskAsync(string query, Func<double, bool> until, TimeSpan patience)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < patience; await Task.Delay(TimeSpan.FromMilliseconds(250)))
        {
            if (await ValueAsync(query) is { } value && until(value))
            {
                return value;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<double?> ValueAsync(string query)
    {
        try
        {
            await using var body = await _client.GetStreamAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
            using var answer = await JsonDocument.ParseAsync(body);
            var results = answer.RootElement.GetProperty("data").GetProperty("result");
            return results.GetArrayLength() == 0
                ? null
                : double.Parse(results[0].GetProperty("value")[1].GetString()!);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
