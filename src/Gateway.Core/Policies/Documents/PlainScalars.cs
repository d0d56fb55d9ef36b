using System.Text.RegularExpressions;

namespace Gateway.Core.Policies.Documents;

/// <summary>
/// Plain (unquoted) scalars that some version of YAML reads as something other than text: numbers, booleans, nulls, dates. Where text is
/// expected they must be quoted, so that no other tool reads a different policy than the gateway does.
/// </summary>
internal static partial class PlainScalars
{
    private const int LongestCandidate = 64;

    /// <summary>What a YAML reader may take <paramref name="plain"/> for, or null when it can only be text.</summary>
    public static string? OtherReading(string plain) => plain.Length > LongestCandidate ? null
        : plain.ToLowerInvariant() switch
        {
            "null" or "~" => "no value",
            "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n" => "a boolean",
            _ when Number().IsMatch(plain) => "a number",
            _ when Date().IsMatch(plain) => "a date",
            _ => null,
        };

    // YAML 1.1 (types int, float) and the core schema of YAML 1.2 taken together.
    [GeneratedRegex("^[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*(:[0-5]?[0-9])*(\\.[0-9_]*)?(e[-+]?[0-9]+)?|\\.[0-9][0-9_]*(e[-+]?[0-9]+)?|\\.(inf|nan))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex("^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \\t].*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
