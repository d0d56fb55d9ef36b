using System.Collections.Immutable;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies.Locks;

/// <summary>
/// Content rules, one or all: none may be taken away, or find less, or do less about what it finds. Whether one pattern finds all that another does is not
/// decided here: a pattern stays as it is, and only a list of terms may grow. New rules are free.
/// </summary>
internal sealed class ContentLock(string? only) : ILock
{
    public IEnumerable<Loosened> Compare(CompiledPolicy parent, CompiledPolicy child)
    {
        var (was, now) = (Rules(parent), Rules(child));
        return was.Values
            .Where(rule => only is null || rule.Id == only)
            .SelectMany(rule => now.TryGetValue(rule.Id, out var same)
                ? Compare(rule, same, child.Policy)
                : [new Loosened(["guards", "content", rule.Id], "is removed", child.Merged.Removed.GetValueOrDefault(rule.Id))]);
    }

    private static IEnumerable<Loosened> Compare(Rule was, Rule now, TenantPolicy child)
    {
        if (was.Compiled is { } before && now.Compiled is { } after)
        {
            if (after.Mode > before.Mode)
            {
                yield return new Loosened(child.Mode > before.Mode ? ["mode"] : now.Steps("mode"), Loosened.Milder(after.Mode, before.Mode));
            }

            if (after.Action < before.Action)
            {
                yield return new Loosened(now.Steps("action"), $"is {Vocabulary.Action.Of(after.Action)}, which is looser than {Vocabulary.Action.Of(before.Action)}");
            }

            if (after.Severity < before.Severity)
            {
                yield return new Loosened(now.Steps("severity"), $"is {Vocabulary.Severity.Of(after.Severity)}, which is looser than {Vocabulary.Severity.Of(before.Severity)}");
            }

            if (before.Surfaces.Any(surface => !after.Surfaces.Contains(surface)))
            {
                yield return new Loosened(now.Steps("surfaces"), "lacks surfaces that the parent's rule looks at");
            }
        }

        foreach (var loosened in Pattern(was.Draft, now))
        {
            yield return loosened;
        }
    }

    private static IEnumerable<Loosened> Pattern(ContentRuleDraft was, Rule now)
    {
        if (was.Match is { } match && now.Draft.Match?.Value != match.Value)
        {
            yield return new Loosened(now.Steps(now.Draft.Match is null ? "terms" : "match"), "is not the pattern of the parent's rule; add a rule of your own beside it");
        }

        if (was.Terms is { } terms)
        {
            var kept = (now.Draft.Terms?.Value ?? []).Select(term => term.Value).ToHashSet(StringComparer.Ordinal);
            if (terms.Value.FirstOrDefault(term => !kept.Contains(term.Value)) is { } lost)
            {
                yield return new Loosened(now.Steps(now.Draft.Terms is null ? "match" : "terms"), $"lacks {Shown.Text(lost.Value)} of the parent's terms");
            }
        }

        if ((was.IgnoreCase?.Value ?? true) && now.Draft.IgnoreCase is { Value: false })
        {
            yield return new Loosened(now.Steps("ignoreCase"), "is false, which finds less than true");
        }
    }

    private static Dictionary<string, Rule> Rules(CompiledPolicy policy)
    {
        var compiled = policy.Policy.Content.Rules.ToLookup(rule => rule.Source);
        var rules = new Dictionary<string, Rule>(StringComparer.Ordinal);
        foreach (var draft in policy.Draft.Guards?.Value.Content?.Value ?? [])
        {
            if (draft.Value.Id is { } id)
            {
                rules.TryAdd(id.Value, new Rule(id.Value, draft.Value, compiled[draft.Place.Source].FirstOrDefault()));
            }
        }

        return rules;
    }

    // A rule whose pattern was refused is not compiled; that mistake has been reported.
    private sealed record Rule(string Id, ContentRuleDraft Draft, ContentRule? Compiled)
    {
        public ImmutableArray<string> Steps(string member) => ["guards", "content", Id, member];
    }
}
