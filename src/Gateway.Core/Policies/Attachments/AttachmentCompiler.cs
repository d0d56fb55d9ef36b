using Gateway.Core.Formats;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Attachments;

/// <summary>Compiles one entry of <c>appliesTo</c>.</summary>
internal static class AttachmentCompiler
{
    /// <summary>Every tenant.</summary>
    public const string EveryTenant = "*";

    /// <summary>The attachment, or null where nothing was given or something was refused: a condition that is lost would match more than was meant.</summary>
    public static PolicyAttachment? Compile(Located<AttachmentDraft> located, DocumentErrors errors)
    {
        var draft = located.Value;
        if (located.Node is not YamlMapping mapping)
        {
            return null;
        }

        if (mapping.Entries.Length == 0)
        {
            errors.Add(located.Place, $"names nothing; write {{ tenant: \"{EveryTenant}\" }} for every tenant");
            return null;
        }

        var read = new object?[] { draft.Tenant, draft.Application, draft.Key, draft.Model, draft.Format }.Count(member => member is not null);
        return read < mapping.Entries.Length
            ? null
            : new PolicyAttachment(Named(draft.Tenant?.Value), draft.Application?.Value, draft.Key?.Value, draft.Model?.Value, draft.Format?.Value);
    }

    /// <summary>What <c>tenants: [x]</c> means as an attachment.</summary>
    public static PolicyAttachment OfTenant(string tenant) => new(Named(tenant));

    private static string? Named(string? tenant) => tenant == EveryTenant ? null : tenant;
}
