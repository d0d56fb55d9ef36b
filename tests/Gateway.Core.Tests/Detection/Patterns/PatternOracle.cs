using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>What .NET's own non-backtracking engine says about a pattern.</summary>
internal static class PatternOracle
{
    public static Regex RegexOf(string pattern, bool ignoreCase) => new(
        pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    public static bool IsMatch(string pattern, bool ignoreCase, string text) => RegexOf(pattern, ignoreCase).IsMatch(text);

    /// <summary>Every (start, end) at which some match lies, by asking for each pair. For short texts.</summary>
    public static List<(int Start, int End)> Spans(string pattern, bool ignoreCase, string text)
    {
        var spans = new List<(int, int)>();
        for (int start = 0; start < text.Length; start++)
        {
            for (int end = start + 1; end <= text.Length; end++)
            {
                string framed = string.Create(
                    CultureInfo.InvariantCulture, $@"\A[\s\S]{{{start}}}(?:{pattern})[\s\S]{{{text.Length - end}}}\z");
                if (IsMatch(framed, ignoreCase, text))
                {
                    spans.Add((start, end));
                }
            }
        }

        return spans;
    }
}
