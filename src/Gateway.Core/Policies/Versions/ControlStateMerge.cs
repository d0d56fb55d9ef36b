using System.Collections.Immutable;

namespace Gateway.Core.Policies.Versions;

/// <summary>
/// One state from two of which neither follows the other: what a fleet is left with when its shared store lost what it held and two replicas remember
/// different changes.
/// </summary>
public static class ControlStateMerge
{
    /// <summary>
    /// The version that was chosen last, and every override of either: one that was removed on one side comes back rather than that one is lost. No canary:
    /// nobody can say what its figures would mean.
    /// </summary>
    public static ControlState Of(ControlState left, ControlState right, DateTimeOffset at)
    {
        var later = (left.ChangedAt, left.Revision).CompareTo((right.ChangedAt, right.Revision)) >= 0 ? left : right;
        var chosen = later.Version is not null ? later : left.Version is not null ? left : right;
        var overrides = left.Overrides.Concat(right.Overrides)
            .DistinctBy(item => item.Id)
            .OrderBy(item => item.CreatedAt)
            .ThenBy(item => item.Id, StringComparer.Ordinal)
            .ToImmutableArray();
        return new ControlState
        {
            Revision = Math.Max(left.Revision, right.Revision) + 1,
            Version = chosen.Version,
            Hash = chosen.Hash,
            FolderHash = later.FolderHash ?? left.FolderHash ?? right.FolderHash,
            Overrides = overrides,
            ChangedAt = at,
            ChangedBy = "fleet",
        };
    }
}
