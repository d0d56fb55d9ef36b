using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies;

/// <summary>Compiles <c>guards.content</c>: ids, surfaces, and the mode of each rule under the policy's mode.</summary>
internal static class ContentRulesCompiler
{
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

        return Assemble(rules.ToImmutable(), drafts.Place, errors);
    }

    private static ContentRuleSet Assemble(ImmutableArray<ContentRule> rules, YamlPlace place, DocumentErrors errors)
    {
        try
        {
            return new ContentRuleSet(rules);
        }
        catch (ArgumentException)
        {
            // The set of one surface may grow beyond what scanning a character may cost, although each of its patterns is within bounds.
            errors.Add(place, "has patterns that are too large together on one surface; lower the counts of their repetitions");
            return ContentRuleSet.Empty;
        }
    }

    private static ContentRule? CompileRule(Located<ContentRuleDraft> located, GuardMode policyMode, DocumentErrors errors)
    {
        var draft = located.Value;
        var surfaces = Surfaces(draft, errors);
        if (ContentPatternCompiler.Compile(located, surfaces, errors) is not { } pattern)
        {
            return null;
        }

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
            Source = located.Place.Source,
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
}
