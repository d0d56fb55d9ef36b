using System.Reflection;

namespace Gateway.Core.Telemetry;

/// <summary>Which build this is.</summary>
/// <param name="Version">Version of the assembly, such as <c>0.1.0</c>.</param>
/// <param name="Commit">First 12 digits of the commit it was built from, or <c>unknown</c>.</param>
public sealed record BuildIdentity(string Version, string Commit)
{
    private const int CommitDigits = 12;

    /// <summary>Reads what the SDK wrote into <paramref name="assembly"/>: <c>version+commit</c>.</summary>
    public static BuildIdentity Of(Assembly assembly)
    {
        var text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        if (plus < 0)
        {
            return new(text, "unknown");
        }

        var commit = text[(plus + 1)..];
        return new(text[..plus], commit[..Math.Min(commit.Length, CommitDigits)]);
    }
}
