using Gateway.Core.Policies.Attachments;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies;

/// <summary>What must be unique across documents: policy names, and what policies apply to.</summary>
internal sealed class PolicyClaims
{
    private readonly Dictionary<string, PolicySource> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicyAttachment, Claim> _attachments = [];

    /// <summary>Adds what <paramref name="policy"/> claims.</summary>
    public void Add(CompiledPolicy policy)
    {
        var (draft, errors) = (policy.Draft, policy.Errors);
        if (draft.Name is { } name && !_names.TryAdd(name.Value, name.Place.Source))
        {
            errors.Add(name.Place, $"{Shown.Text(name.Value)} is already the name of the policy at {_names[name.Value]}; rename one");
        }

        if (policy.Merged.IsAbstract)
        {
            return;
        }

        foreach (var tenant in draft.Tenants?.Value ?? [])
        {
            Add(AttachmentCompiler.OfTenant(tenant.Value), tenant.Place, policy, $"{Shown.Text(tenant.Value)} is", "a tenant has one policy");
        }

        foreach (var entry in draft.AppliesTo?.Value ?? [])
        {
            if (AttachmentCompiler.Compile(entry, new DocumentErrors("")) is { } attachment)
            {
                Add(attachment, entry.Place, policy, "is", "add a condition to one, or remove one");
            }
        }
    }

    /// <summary>
    /// Refuses conditions on the model where nothing applies before the model is known: every request there would be refused before it is read. Only for
    /// documents that could all be read.
    /// </summary>
    public void ReportUnreachable()
    {
        foreach (var (attachment, claim) in _attachments.Where(pair => pair.Key.Model is not null))
        {
            if (!MoreGeneral(attachment).Any(_attachments.ContainsKey))
            {
                var general = Shown.Bare((attachment with { Model = null, Format = null }).ToString(), 300);
                claim.Errors.Add(claim.Place, $"can never be met: a request is first admitted without its model, and no policy does so; let one apply to {general}");
            }
        }
    }

    private static IEnumerable<PolicyAttachment> MoreGeneral(PolicyAttachment attachment)
    {
        for (var kept = 0; kept < 16; kept++)
        {
            yield return new PolicyAttachment(
                (kept & 1) != 0 ? attachment.Tenant : null,
                (kept & 2) != 0 ? attachment.Application : null,
                (kept & 4) != 0 ? attachment.KeyId : null,
                Format: (kept & 8) != 0 ? attachment.Format : null);
        }
    }

    private void Add(PolicyAttachment attachment, YamlPlace place, CompiledPolicy policy, string subject, string fix)
    {
        if (!_attachments.TryAdd(attachment, new Claim(policy.Merged.Name, place, policy.Errors)))
        {
            var first = _attachments[attachment];
            policy.Errors.Add(place, $"{subject} already claimed by policy {Shown.Text(first.Policy.Length > 0 ? first.Policy : "?")} at {first.Place.Source}; {fix}");
        }
    }

    private sealed record Claim(string Policy, YamlPlace Place, DocumentErrors Errors);
}
