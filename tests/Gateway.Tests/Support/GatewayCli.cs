using System.Diagnostics;

namespace Gateway.Tests.Support;

/// <summary>Runs the built <c>gatewayctl</c>, which lies beside the test assembly.</summary>
public static class GatewayCli
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Creates a gateway key and returns it. Throws with the command's output when it fails.</summary>
    public static async Task<string> CreateKeyAsync(string tenant, string application, string dataFolder)
    {
        var output = await RunAsync("keys", "create", "--tenant", tenant, "--application", application, "--data-folder", dataFolder);
        return output.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith("gw_", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"gatewayctl printed no key:\n{output}");
    }

    /// <summary>Runs one command and returns its standard output. Throws with both outputs when it does not end with 0 within a minute.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "gatewayctl.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"gatewayctl {string.Join(' ', arguments)} did not end within {Limit}.");
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"gatewayctl {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
    }
}
