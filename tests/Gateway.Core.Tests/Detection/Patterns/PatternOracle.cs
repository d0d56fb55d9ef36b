using System.Text.RegularExpressions;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>What .NET's own non-backtracking engine says about a pattern.</summary>
internal static class PatternOracle
{
    public static Regex RegexOf(string pattern, bool ignoreCase) => new(
        pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    public static bool IsMatch(string pattern, bool ignoreCase, string text) => RegexOf(pattern, ignoreCase).IsMatch(text);
}
