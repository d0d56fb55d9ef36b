using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies;

/// <summary>
/// Compiles the section <c>models</c>. An alias or a fallback must not be a way around the allowlist, and an alias is resolved once, so one
/// that leads to another alias would reach a model that nobody named.
/// </summary>
internal static class ModelRulesCompiler
{
    public static ModelRules Compile(ModelsDraft draft, DocumentErrors errors)
    {
        ReportRepeated(draft.Allow?.Value ?? [], errors);
        var allowed = new ModelRules { Allow = [.. (draft.Allow?.Value ?? []).Select(entry => entry.Value)] };
        var aliases = draft.Alias?.Value ?? [];
        var names = aliases.Select(alias => alias.Name.Value).ToHashSet(StringComparer.Ordinal);
        // Without a readable allowlist every name would be reported as not allowed, which would be noise.
        var check = new Check(draft.Allow is null ? null : allowed, names, errors);
        foreach (var (_, target) in aliases)
        {
            check.Target(target);
        }

        foreach (var (model, next) in draft.Fallback?.Value ?? [])
        {
            check.Target(model);
            check.Fallbacks(model, next.Value);
        }

        return allowed with
        {
            Aliases = aliases.ToFrozenDictionary(alias => alias.Name.Value, alias => alias.Item.Value, StringComparer.Ordinal),
            Fallbacks = (draft.Fallback?.Value ?? []).ToFrozenDictionary(
                fallback => fallback.Name.Value, fallback => fallback.Item.Value.Select(model => model.Value).ToImmutableArray(), StringComparer.Ordinal),
        };
    }

    private static void ReportRepeated(ImmutableArray<Located<string>> values, DocumentErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values.Where(value => !seen.Add(value.Value)))
        {
            errors.Add(value.Place, $"{Shown.Text(value.Value)} appears twice; remove one");
        }
    }

    private sealed record Check(ModelRules? Allowed, HashSet<string> Aliases, DocumentErrors Errors)
    {
        public void Target(Located<string> model)
        {
            if (Aliases.Contains(model.Value))
            {
                Errors.Add(model.Place, $"{Shown.Text(model.Value)} is itself an alias; write the model that it stands for");
            }
            else if (Allowed is not null && !Allowed.Allows(model.Value))
            {
                Errors.Add(model.Place, $"{Shown.Text(model.Value)} is not allowed by models.allow; add it there");
            }
        }

        public void Fallbacks(Located<string> model, ImmutableArray<Located<string>> next)
        {
            ReportRepeated(next, Errors);
            foreach (var candidate in next)
            {
                if (candidate.Value == model.Value)
                {
                    Errors.Add(candidate.Place, $"{Shown.Text(candidate.Value)} is the model that failed; name another one");
                }
                else
                {
                    Target(candidate);
                }
            }
        }
    }
}
