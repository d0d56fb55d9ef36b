using System.Collections.Immutable;

namespace Gateway.Core.Policies.Merging;

/// <summary>
/// The order in which the ancestors of a document are applied: each once, after its own parents, and the parents of one document in the order in which
/// it lists them. Where that leaves a choice, depth first from the left.
/// </summary>
internal static class Lineage
{
    /// <summary>Longest way from a document to its furthest ancestor.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most documents that make one policy.</summary>
    public const int MaxDocuments = 64;

    /// <summary>Works out the lineage of <paramref name="node"/>, whose parents have theirs. On a mistake it is the document alone.</summary>
    public static void Settle(PolicyNode node)
    {
        node.Depth = node.Parents.Count == 0 ? 0 : node.Parents.Max(parent => parent.Depth) + 1;
        node.Errors.IsPartial |= node.Parents.Exists(parent => parent.Errors.IsPartial);
        var documents = node.Parents.SelectMany(parent => parent.Lineage).Distinct().Append(node).ToList();
        var problem = node.Depth > MaxDepth ? $"inherits over {node.Depth} levels; at most {MaxDepth} are allowed"
            : documents.Count > MaxDocuments ? $"inherits from {documents.Count - 1} documents; at most {MaxDocuments - 1} are allowed"
            : null;
        if (problem is null)
        {
            if (Ordered(documents, out var stuck) is { } order)
            {
                node.Lineage = order;
                return;
            }

            problem = $"inherits {stuck} in two orders; each document is applied once, so list the parents in one order everywhere";
        }

        node.Errors.Add(node.Header.ExtendsPlace!, problem);
        node.Errors.IsPartial = true;
        node.Parents.Clear();
        node.Lineage = [node];
    }

    private static ImmutableArray<PolicyNode>? Ordered(List<PolicyNode> waiting, out string stuck)
    {
        stuck = "";
        var before = Constraints(waiting);
        var order = ImmutableArray.CreateBuilder<PolicyNode>(waiting.Count);
        var placed = new HashSet<PolicyNode>();
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(node => placed.IsSupersetOf(before[node]));
            if (next < 0)
            {
                stuck = string.Join(" and ", waiting.Take(2).Select(node => Shown.Text(node.Header.Name)));
                return null;
            }

            placed.Add(waiting[next]);
            order.Add(waiting[next]);
            waiting.RemoveAt(next);
        }

        return order.ToImmutable();
    }

    private static Dictionary<PolicyNode, HashSet<PolicyNode>> Constraints(List<PolicyNode> documents)
    {
        var before = documents.ToDictionary(document => document, _ => new HashSet<PolicyNode>());
        foreach (var document in documents)
        {
            for (var i = 0; i < document.Parents.Count; i++)
            {
                before[document].Add(document.Parents[i]);
                if (i > 0)
                {
                    before[document.Parents[i]].Add(document.Parents[i - 1]);
                }
            }
        }

        return before;
    }
}
