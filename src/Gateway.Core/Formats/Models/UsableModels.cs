using Gateway.Core.Policies;

namespace Gateway.Core.Formats.Models;

/// <summary>
/// The models that a tenant may use, for its lists: what the model rule would let through. A pattern of an allowlist names no models by itself, so
/// the provider's own list says which there are; where it cannot be had, the names that the policy spells out stand for it.
/// </summary>
public static class UsableModels
{
    /// <summary>The list, in order of the ids.</summary>
    /// <param name="rules">The tenant's rules.</param>
    /// <param name="provider">What the provider says it has; null: unknown.</param>
    public static IReadOnlyList<ListedModel> Of(ModelRules rules, IReadOnlyList<ListedModel>? provider)
    {
        var known = provider?.DistinctBy(model => model.Id).ToDictionary(model => model.Id, StringComparer.Ordinal);
        var names = known?.Keys ?? rules.Allow.Where(entry => !entry.EndsWith('*'));
        var direct = names.Where(name => IsUsable(rules, name) && !rules.Aliases.ContainsKey(name));
        var aliases = rules.Aliases.Keys.Where(alias => IsUsable(rules, alias) && (known is null || known.ContainsKey(rules.Resolve(alias))));
        return [.. direct.Concat(aliases).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => Describe(rules, name, known))];
    }

    /// <summary>The model <paramref name="name"/>, or null where the tenant may not use it. The provider need not list a model to serve it.</summary>
    public static ListedModel? Find(ModelRules rules, string name, IReadOnlyList<ListedModel>? provider) => !IsUsable(rules, name)
        ? null
        : Describe(rules, name, provider?.DistinctBy(model => model.Id).ToDictionary(model => model.Id, StringComparer.Ordinal));

    // An override may block an alias and not the model behind it.
    private static bool IsUsable(ModelRules rules, string name) => rules.Allows(rules.Resolve(name)) && !rules.Denies(name);

    // An alias is described as the model it stands for, under its own name: what stands behind it is the operator's business.
    private static ListedModel Describe(ModelRules rules, string name, Dictionary<string, ListedModel>? known)
    {
        var isAlias = rules.Aliases.ContainsKey(name);
        return known?.GetValueOrDefault(rules.Resolve(name)) is { } model
            ? model with { Id = name, DisplayName = isAlias ? null : model.DisplayName }
            : new ListedModel(name);
    }
}
