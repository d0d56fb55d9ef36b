using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies;

/// <summary>Compiles <c>guards.content</c>: patterns, surfaces, and the mode of each rule under the policy's mode.</summary>
internal static class ContentRulesCompiler
{
    /// <summary>
    /// Longest match, in UTF-16 units, of a pattern that looks at streamed text. It bounds the text that is held back until it is known to be
    /// clean, and with it the memory and the delay of a stream.
    /// </summary>
    public const int MaxStreamedMatch = 1_024;

    private const string SyntaxCharacters = @"\^$.|?*+()[]{}";

    public static ContentRuleSet Compile(Located<ImmutableArray<Located<ContentRuleDraft>>>? drafts, GuardMode policyMode, DocumentErrors errors)
    {
        if (drafts is null)
        {
            return ContentRuleSet.Empty;
        }

        var rules = ImmutableArray.CreateBuilder<ContentRule>();
        var ids = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
        foreach (var draft in drafts.Value)
        {
            if (draft.Value.Id is { } id && !ids.TryAdd(id.Value, id.Place))
            {
                errors.Add(id.Place, $"{Shown.Text(id.Value)} is already the id of the rule on line {ids[id.Value].Line}; rename one");
            }

            if (CompileRule(draft, policyMode, errors) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return new ContentRuleSet(rules.ToImmutable());
    }

    private static ContentRule? CompileRule(Located<ContentRuleDraft> located, GuardMode policyMode, DocumentErrors errors)
    {
        var draft = located.Value;
        var surfaces = Surfaces(draft, errors);
        var pattern = Pattern(located, errors, out var written);
        if (pattern is null || written is null)
        {
            return null;
        }

        ReportUnbounded(pattern, written, surfaces, errors);
        return new ContentRule
        {
            Id = draft.Id?.Value ?? "",
            Pattern = pattern,
            Surfaces = surfaces,
            Action = draft.Action?.Value ?? PolicyAction.Block,
            Severity = draft.Severity?.Value ?? Severity.Medium,
            Mode = Milder(policyMode, draft.Mode?.Value ?? GuardMode.Enforce),
            Threat = draft.Threat?.Value ?? Threat.Content,
            Message = draft.Message?.Value,
            Source = errors.SourceOf(located.Place),
        };
    }

    // Enforce, Monitor, Off are declared from strict to mild: the policy's mode can only loosen a rule, and off wins on either side.
    private static GuardMode Milder(GuardMode left, GuardMode right) => left > right ? left : right;

    private static ImmutableArray<Surface> Surfaces(ContentRuleDraft draft, DocumentErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in draft.Surfaces?.Value ?? [])
        {
            if (word.Node is YamlScalar scalar && !seen.Add(scalar.Value))
            {
                errors.Add(word.Place, $"{Shown.Text(scalar.Value)} appears twice; remove one");
            }
        }

        return [.. (draft.Surfaces?.Value ?? []).SelectMany(word => word.Value).Distinct().Order()];
    }

    private static Pattern? Pattern(Located<ContentRuleDraft> located, DocumentErrors errors, out YamlPlace? written)
    {
        var draft = located.Value;
        var ignoreCase = draft.IgnoreCase?.Value ?? true;
        written = draft.Match?.Place ?? draft.Terms?.Place;
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
        if (located.Node is YamlMapping mapping && !mapping.Entries.Any(entry => entry.Key.Value is "match" or "terms"))
        {
            errors.Add(located.Place, "has neither match nor terms; add for example match: 'free money'");
        }
    }

    private static Pattern? Match(Located<string> match, bool ignoreCase, DocumentErrors errors)
    {
        if (!Detection.Patterns.Pattern.TryParse(match.Value, ignoreCase, out var pattern, out var error))
        {
            errors.Add(ScalarPositions.Of((YamlScalar)match.Node, error.Position), $"is refused: {error.Message}");
            return null;
        }

        if (pattern.MinLength == 0)
        {
            errors.Add(match.Place, "matches the empty text, so it would hold everywhere; require at least one character");
            return null;
        }

        return pattern;
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
        if (Detection.Patterns.Pattern.TryParse(source, ignoreCase, out var pattern, out var error))
        {
            return pattern;
        }

        errors.Add(terms.Place, $"cannot be compiled together: {error.Message}");
        return null;
    }

    private static string Escaped(string term)
    {
        var escaped = new StringBuilder(term.Length);
        foreach (var character in term)
        {
            escaped.Append(SyntaxCharacters.Contains(character, StringComparison.Ordinal) ? "\\" : "").Append(character);
        }

        return escaped.ToString();
    }

    private static void ReportUnbounded(Pattern pattern, YamlPlace written, ImmutableArray<Surface> surfaces, DocumentErrors errors)
    {
        if (pattern.MaxLength is <= MaxStreamedMatch || !surfaces.Any(surface => surface is Surface.Output or Surface.Reasoning))
        {
            return;
        }

        var surface = surfaces.Contains(Surface.Output) ? "output" : "reasoning (which input includes)";
        var length = pattern.MaxLength is { } longest ? $"can match {longest} characters" : "can match text of any length";
        errors.Add(written, $"{length}, but on {surface} a match must end within {MaxStreamedMatch}; bound the repetition, for example .{{0,200}}");
    }
}
