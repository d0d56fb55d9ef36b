using System.Collections.Immutable;

namespace Gateway.Core.Policies;

/// <summary>
/// Names of models in overrides: exact or with a trailing <c>*</c>, case ignored, and also without the collection that stands before the name
/// (<c>models/gemini-x</c>). Wider than the allowlist on purpose: another spelling must not get past a block.
/// </summary>
internal static class ModelNames
{
    /// <summary>Whether any of <paramref name="patterns"/> names <paramref name="model"/>.</summary>
    public static bool Any(ImmutableArray<string> patterns, string model)
    {
        foreach (var pattern in patterns)
        {
            if (Matches(pattern, model))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(string pattern, ReadOnlySpan<char> model) =>
        Is(pattern, model) || (model.LastIndexOf('/') is var slash and >= 0 && Is(pattern, model[(slash + 1)..]));

    private static bool Is(ReadOnlySpan<char> pattern, ReadOnlySpan<char> model) => pattern.EndsWith('*')
        ? model.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : model.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}
