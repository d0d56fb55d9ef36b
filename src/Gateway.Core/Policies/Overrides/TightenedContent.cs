using System.Collections.Immutable;
using Gateway.Core.Guards;

namespace Gateway.Core.Policies.Overrides;

/// <summary>The content rules of a policy with those of overrides, compiled to one set, so that streams are held back for them as for any rule.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Unfit">Overrides whose patterns are too large beside the policy's: they stop everything in their scope instead.</param>
internal sealed record TightenedContent(ContentRuleSet Rules, ImmutableArray<string> Unfit)
{
    public static TightenedContent Of(TenantPolicy policy, IEnumerable<CompiledOverride> overrides)
    {
        var rules = policy.Content;
        var added = new List<ContentRule>();
        foreach (var item in overrides.Where(item => !policy.Emergency.Ids.Contains(item.Id)))
        {
            if (item.Rule is { } rule)
            {
                added.Add(rule);
            }
            else if (item.Kind == OverrideKind.Enforce)
            {
                rules = rules.Enforced(known => item.Measure.Rule is not { } id || known.Id == id, item.Id);
            }
        }

        return added.Count == 0 ? new TightenedContent(rules, []) : Joined(rules, added, policy.Mode);
    }

    private static TightenedContent Joined(ContentRuleSet rules, List<ContentRule> added, GuardMode mode)
    {
        // Under a policy that is off only what overrides bring is compiled. The sort is stable: the policy's own rules keep their order before the others.
        IEnumerable<ContentRule> own = mode == GuardMode.Off
            ? rules.Rules.Select(rule => rule.Override is null ? rule with { Mode = GuardMode.Off } : rule)
            : rules.Rules;
        ImmutableArray<ContentRule> all = [.. own.Concat(added).OrderBy(rule => IsOfOverride(rule) ? rule.Id : "", StringComparer.Ordinal)];
        try
        {
            return new TightenedContent(new ContentRuleSet(all), []);
        }
        catch (ArgumentException)
        {
            return new TightenedContent(rules, [.. added.Select(rule => rule.Override!)]);
        }
    }

    private static bool IsOfOverride(ContentRule rule) => rule.Override is { } id && rule.Id == EmergencyRules.RuleOf(id);
}
