using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies;

/// <summary>Compiles <c>match</c> or <c>terms</c> of a content rule, and refuses what a stream could not be held back for.</summary>
internal static class ContentPatternCompiler
{
    /// <summary>
    /// Longest match, in UTF-16 units, of a pattern that looks at streamed text. It bounds the text that is held back until it is known to be
    /// clean, and with it the memory and the delay of a stream.
    /// </summary>
    public const int MaxStreamedMatch = 1_024;

    private const int LongestReason = 300;
    private const string SyntaxCharacters = @"\^$.|?*+()[]{}";

    /// <summary>The pattern of one rule, or null when it has none that may be used; why is in <paramref name="errors"/>.</summary>
    public static Pattern? Compile(Located<ContentRuleDraft> located, ImmutableArray<Surface> surfaces, DocumentErrors errors)
    {
        var draft = located.Value;
        var pattern = Parse(located, errors);
        if (pattern is not null && (draft.Match?.Place ?? draft.Terms?.Place) is { } written)
        {
            ReportUnbounded(pattern, written, surfaces, IsByInput(draft), errors);
        }

        return pattern;
    }

    private static Pattern? Parse(Located<ContentRuleDraft> located, DocumentErrors errors)
    {
        var draft = located.Value;
        var ignoreCase = draft.IgnoreCase?.Value ?? true;
        switch (draft.Match, draft.Terms)
        {
            case ({ } match, null):
                return Match(match, ignoreCase, errors);
            case (null, { } terms):
                return Terms(terms, ignoreCase, errors);
            case ({ }, { } both):
                errors.Add(both.Place, "stands beside match; a rule has one of the two, so write two rules");
                return null;
            default:
                ReportNothingToLookFor(located, errors);
                return null;
        }
    }

    // A match or terms that is there but was refused has been reported already.
    private static void ReportNothingToLookFor(Located<ContentRuleDraft> located, DocumentErrors errors)
    {
        if (!errors.IsPartial && located.Node is YamlMapping mapping && !mapping.Entries.Any(entry => entry.Key.Value is "match" or "terms"))
        {
            errors.Add(located.Place, "has neither match nor terms; add for example match: 'free money'");
        }
    }

    private static Pattern? Match(Located<string> match, bool ignoreCase, DocumentErrors errors)
    {
        if (Pattern.TryParse(match.Value, ignoreCase, out var pattern, out var error))
        {
            return pattern;
        }

        errors.Add(ScalarPositions.Of((YamlScalar)match.Node, error.Position), $"is refused: {Reason(error)}");
        return null;
    }

    private static Pattern? Terms(Located<ImmutableArray<Located<string>>> terms, bool ignoreCase, DocumentErrors errors)
    {
        var seen = new HashSet<string>(ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var term in terms.Value.Where(term => !seen.Add(term.Value)))
        {
            errors.Add(term.Place, $"{Shown.Text(term.Value)} appears twice; remove one");
        }

        if (terms.Value.Length == 0)
        {
            return null;
        }

        var source = string.Join('|', terms.Value.Select(term => Escaped(term.Value)));
        if (Pattern.TryParse(source, ignoreCase, out var pattern, out var error))
        {
            return pattern;
        }

        errors.Add(terms.Place, $"cannot be compiled together: {Reason(error)}");
        return null;
    }

    // The engine speaks in sentences; here its words continue one. It may repeat a part of the pattern, which is the author's text.
    private static string Reason(PatternError error) => Shown.Bare(char.ToLowerInvariant(error.Message[0]) + error.Message[1..].TrimEnd('.'), LongestReason);

    private static string Escaped(string term)
    {
        var escaped = new StringBuilder(term.Length);
        foreach (var character in term)
        {
            escaped.Append(SyntaxCharacters.Contains(character, StringComparison.Ordinal) ? "\\" : "").Append(character);
        }

        return escaped.ToString();
    }

    // Whether the author named reasoning only by the shorthand, and may not know it.
    private static bool IsByInput(ContentRuleDraft draft) =>
        !(draft.Surfaces?.Value ?? []).Any(word => word.Node is YamlScalar { Value: "reasoning" });

    private static void ReportUnbounded(Pattern pattern, YamlPlace written, ImmutableArray<Surface> surfaces, bool byInput, DocumentErrors errors)
    {
        if (pattern.MaxLength is <= MaxStreamedMatch || !surfaces.Any(surface => surface is Surface.Output or Surface.Reasoning))
        {
            return;
        }

        var surface = surfaces.Contains(Surface.Output) ? "output" : byInput ? "reasoning (which input includes)" : "reasoning";
        var length = pattern.MaxLength is { } longest ? $"can match {longest} characters" : "can match text of any length";
        errors.Add(written, $"{length}, but on {surface} a match must end within {MaxStreamedMatch}; bound the repetition, for example .{{0,200}}");
    }
}
