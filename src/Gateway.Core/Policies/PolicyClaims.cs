using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies;

/// <summary>What must be unique across documents: file names, policy names and the tenants that policies claim.</summary>
internal sealed class PolicyClaims
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicySource> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Policy, PolicySource Source)> _tenants = new(StringComparer.Ordinal);

    public bool TryAddFile(string name, DocumentErrors errors)
    {
        if (_files.Add(name))
        {
            return true;
        }

        errors.Add(1, 1, "two documents have this file name; rename one");
        return false;
    }

    public void Add(PolicyDraft draft, DocumentErrors errors)
    {
        if (draft.Name is { } name && !_names.TryAdd(name.Value, errors.SourceOf(name.Place)))
        {
            errors.Add(name.Place, $"{Shown.Text(name.Value)} is already the name of the policy at {_names[name.Value]}; rename one");
        }

        foreach (var tenant in draft.Tenants?.Value ?? [])
        {
            var policy = draft.Name?.Value ?? "?";
            if (!_tenants.TryAdd(tenant.Value, (policy, errors.SourceOf(tenant.Place))))
            {
                var (holder, source) = _tenants[tenant.Value];
                errors.Add(tenant.Place, $"{Shown.Text(tenant.Value)} is already claimed by policy {Shown.Text(holder)} at {source}; a tenant has one policy");
            }
        }
    }
}
