using System.ComponentModel;
using System.Diagnostics;

namespace Gateway.Tests.Telemetry;

/// <summary>Starts a program that a test needs; without it the test fails and says what to install.</summary>
internal static class Tool
{
    public static Process Start(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(
                $"This test needs {name}. Install it with: apt-get update && apt-get install -y --no-install-recommends prometheus", error);
        }
    }
}
