using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies;

/// <summary>What a policy must say to be in force, and an abstract one need not.</summary>
internal static class RequiredKeys
{
    public static void Check(YamlMapping root, PolicyDraft draft, DocumentErrors errors)
    {
        if (draft.IsAbstract is { Value: true } flag)
        {
            ReportAttached(root, flag, errors);
            return;
        }

        if (root.Find("tenants") is null && root.Find("appliesTo") is null)
        {
            errors.Add(root.Place, "lacks the key \"tenants\"; add for example tenants: [acme]");
        }

        // A parent that is missing may have brought these.
        if (errors.IsPartial)
        {
            return;
        }

        if (root.Find("models") is not { } models)
        {
            errors.Add(root.Place, "lacks the key \"models\"; add for example models: { allow: [gpt-4o*] }");
        }
        else if (models is YamlMapping mapping && mapping.Find("allow") is null)
        {
            errors.Add(models.Place, "lacks the key \"allow\"; add for example allow: [gpt-4o*]");
        }
    }

    private static void ReportAttached(YamlMapping root, Located<bool> flag, DocumentErrors errors)
    {
        foreach (var key in root.Entries.Select(entry => entry.Key).Where(key => key.Value is "tenants" or "appliesTo"))
        {
            errors.Add(key.Place, $"is not allowed in an abstract policy, which applies to nobody; remove it, or abstract on line {flag.Place.Line}");
        }
    }
}
