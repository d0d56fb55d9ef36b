using System.Collections.Immutable;
using Gateway.Core.Policies.Merging;

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
        // Only the documents that the policy was made from: of a thousand others nothing has to be read.
        var files = snapshot.Documents.Where(file => policy.Documents.Contains(file.Name));
        var merged = PolicyMerge.Merge(files).FirstOrDefault(merged => merged.Name == policy.Name)
            ?? throw new InvalidOperationException($"the snapshot has no document of the policy {policy.Name}");
        return SettingsReader.Read(merged, policy);
    }
}
