using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>
/// Puts each document together with what it extends. Pure, and independent of the order of the documents: what a policy inherits is decided by the names
/// in <c>extends</c> alone.
/// </summary>
internal static class PolicyMerge
{
    /// <summary>One policy for each document that is a mapping, parents before children. Mistakes are in the policy's errors.</summary>
    public static IReadOnlyList<MergedPolicy> Merge(IEnumerable<PolicyFile> files) =>
        Merge([.. files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(ParsedDocument.Read)]);

    /// <summary>The same for <paramref name="documents"/> that were read, in the order of their names.</summary>
    public static IReadOnlyList<MergedPolicy> Merge(IReadOnlyList<ParsedDocument> documents)
    {
        var nodes = documents
            .Where(document => document.Root is not null)
            .Select(document => new PolicyNode(document.Root!, DocumentHeader.Of(document.Root!), new DocumentErrors(document.File)))
            .ToList();
        var merged = new List<MergedPolicy>(nodes.Count);
        foreach (var node in new PolicyGraph(nodes, isComplete: nodes.Count == documents.Count).Resolve())
        {
            Lineage.Settle(node);
            node.Merged = Merge(node);
            merged.Add(node.Merged);
        }

        return merged;
    }

    private static MergedPolicy Merge(PolicyNode node)
    {
        var merge = new TreeMerge(node.Errors);
        return new MergedPolicy(node.Header.Name, Tree(node, merge), Locks(node))
        {
            IsAbstract = node.Header.IsAbstract,
            Parents = [.. node.Parents.Select(parent => parent.Merged!)],
            Lineage = [.. node.Lineage.Select(member => member.Header.Name)],
            Files = [.. node.Lineage.Select(member => member.Root.Place.File)],
            Removed = merge.Removed,
            Errors = node.Errors,
        };
    }

    private static YamlMapping Tree(PolicyNode node, TreeMerge merge)
    {
        // With one parent the lineage is the parent's and the document itself, so the parent's tree is the start.
        if (node.Parents.Count == 1)
        {
            return merge.Apply(node.Parents[0].Merged!.Root, node.Root);
        }

        YamlMapping? tree = null;
        foreach (var member in node.Lineage)
        {
            tree = merge.Apply(tree, member.Root);
        }

        return tree!;
    }

    private static List<LockedPath> Locks(PolicyNode node) =>
        [.. node.Lineage.SelectMany(member => member.Header.Locked.Select(path => new LockedPath(path.Value, path.Place, member.Header.Name)))];
}
