using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Gateway.Tests.Clients;

/// <summary>One run of <c>tests/clients/run.mjs</c> against the fixture's gateway; installs the npm packages when they are missing or older than the lock file.</summary>
public sealed class NpmRun(ClientsFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(6);

    /// <summary>Scenario results by client and scenario: null when it passed, else what went wrong.</summary>
    public Dictionary<(string Client, string Scenario), string?> Results { get; } = [];

    /// <summary>What the runner wrote besides results; shown when a scenario has no result.</summary>
    public string Noise { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!IsInstalled() && await RunAsync("npm", ["ci"], InstallLimit) is not 0)
            throw new InvalidOperationException($"npm ci failed:\n{Noise}");
        await RunAsync("node", ["run.mjs"], RunLimit);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Whether what the lock file says was installed after the lock file changed.</summary>
    private static bool IsInstalled()
    {
        var installed = Path.Combine(NpmScenarios.Folder, "node_modules", ".package-lock.json");
        return File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(NpmScenarios.Folder, "package-lock.json"));
    }

    private void Take(string? line)
    {
        if (line is not ['{', ..])
        {
            Noise += line + "\n";
            return;
        }

        using var json = JsonDocument.Parse(line);
        var result = json.RootElement;
        var error = result.GetProperty("ok").GetBoolean() ? null : result.GetProperty("error").GetString() ?? "failed";
        Results[(result.GetProperty("client").GetString() ?? "", result.GetProperty("scenario").GetString() ?? "")] = error;
    }

    /// <summary>Runs the program and takes its lines as they come, so that a run that does not end still tells how far it got; its exit code, or null then.</summary>
    private async Task<int?> RunAsync(string program, string[] arguments, TimeSpan allowed)
    {
        using var process = new Process { StartInfo = StartInfo(program, arguments) };
        var lines = new Lock();
        process.OutputDataReceived += (_, line) => { lock (lines) Take(line.Data); };
        process.ErrorDataReceived += (_, line) => { lock (lines) Take(line.Data); };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(allowed);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (lines) Take($"{program} {string.Join(' ', arguments)} did not end within {allowed}.");
            return null;
        }
    }

    private ProcessStartInfo StartInfo(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = NpmScenarios.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GATEWAY_URL"] = fixture.Gateway.TrafficUrl;
        start.Environment["GATEWAY_KEY"] = fixture.Key;
        start.Environment["GATEWAY_LIMITED_KEYS"] = JsonSerializer.Serialize(fixture.LimitedKeys);
        start.Environment["GATEWAY_BODY_LIMIT"] = $"{ClientsFixture.BodyLimit}";
        start.Environment["PROVIDER_URL"] = fixture.Provider.BaseUrl;
        return start;
    }
}
