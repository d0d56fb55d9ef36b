using System.Collections.Immutable;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Merging;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Locks;

/// <summary>
/// Refuses a policy that loosens what an ancestor locks. It is compared with each of its parents; these were compared with theirs, and "not looser" carries
/// over, so nothing below a lock is ever looser than anything between it and the lock.
/// </summary>
internal static class LockCheck
{
    /// <summary>Reports every locked value of <paramref name="child"/> that is looser than in one of <paramref name="parents"/>.</summary>
    public static void Check(CompiledPolicy child, IEnumerable<CompiledPolicy> parents)
    {
        ReportUnknownRules(child);
        foreach (var parent in parents)
        {
            var seen = new HashSet<(string, string)>();
            foreach (var locked in parent.Merged.Locks)
            {
                foreach (var loosened in LockTable.Find(locked.Path).SelectMany(each => each.Compare(parent, child)))
                {
                    if (seen.Add((loosened.Path, loosened.Problem)))
                    {
                        Report(child, loosened, locked);
                    }
                }
            }
        }
    }

    private static void Report(CompiledPolicy child, Loosened loosened, LockedPath locked)
    {
        var place = loosened.At ?? Written(child.Merged.Root, loosened.Steps);

        // A value that was refused counts as not given: that it then looks looser is no second mistake.
        if (!child.Errors.Has(place))
        {
            child.Errors.AddAt(
                place,
                $"{Shown.Bare(loosened.Path, 200)} {loosened.Problem}; policy {Shown.Text(locked.Policy)} locks {Shown.Bare(locked.Path, 200)} at {locked.Place.Source}, so it can only be tightened");
        }
    }

    private static void ReportUnknownRules(CompiledPolicy policy)
    {
        if (policy.Errors.IsPartial)
        {
            return;
        }

        var ids = (policy.Draft.Guards?.Value.Content?.Value ?? []).Select(rule => rule.Value.Id?.Value).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var path in policy.Draft.Locked?.Value ?? [])
        {
            if (LockTable.RuleId(path.Value) is { } id && !ids.Contains(id))
            {
                policy.Errors.Add(path.Place, $"locks the rule {Shown.Text(id)}, which is not there{Suggestion.Sentence(id, ids)}");
            }
        }
    }

    /// <summary>The place of the value at the end of <paramref name="steps"/>, or of the nearest one above it that is written.</summary>
    private static YamlPlace Written(YamlMapping root, ImmutableArray<string> steps)
    {
        YamlNode node = root;
        foreach (var step in steps)
        {
            var next = node switch
            {
                YamlMapping mapping => mapping.Find(step),
                YamlSequence list => list.Items.FirstOrDefault(item => item is YamlMapping rule && rule.Find("id") is YamlScalar id && id.Value == step),
                _ => null,
            };
            if (next is null)
            {
                break;
            }

            node = next;
        }

        return (ReferenceEquals(node, root) ? root.Find("extends") ?? root : node).Place;
    }
}
