using System.Collections.Immutable;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Effective;

/// <summary>
/// The settings of a policy with the place each was written at. Read again from the documents whenever they are asked for: a snapshot keeps only their
/// bytes, since a tree of a thousand policies takes many times as much memory and almost nobody asks.
/// </summary>
public static class EffectiveSettings
{
    /// <summary>The settings that the documents of <paramref name="snapshot"/> give its policy <paramref name="policy"/>, before any override.</summary>
    /// <exception cref="InvalidOperationException">The snapshot was not made from documents.</exception>
    public static ImmutableArray<PolicySetting> Of(PolicySnapshot snapshot, TenantPolicy policy)
    {
        var file = snapshot.Documents.FirstOrDefault(document => document.Name == policy.Source.File)
            ?? throw new InvalidOperationException($"the snapshot has no document of the policy {policy.Name}");
        return Of(file, policy);
    }

    internal static ImmutableArray<PolicySetting> Of(PolicyFile file, TenantPolicy policy)
    {
        // The compiler has read the same bytes without a mistake.
        var errors = new DocumentErrors(file.Name);
        return YamlText.Decode(file, errors) is { } text && YamlTree.Read(text, errors) is YamlMapping root
            ? SettingsReader.Read(file.Name, root, policy)
            : throw new InvalidOperationException($"the document {file.Name} is not the one that was compiled");
    }
}
