namespace Gateway.Core.Policies.Merging;

/// <summary>Finds the parents that documents name, and refuses names that are not there and circles.</summary>
internal sealed class PolicyGraph
{
    private readonly IReadOnlyList<PolicyNode> _nodes;
    private readonly Dictionary<string, PolicyNode> _byName = new(StringComparer.Ordinal);
    private readonly bool _isComplete;

    /// <param name="nodes">The documents, in the order of their file names.</param>
    /// <param name="isComplete">False: a document could not be read, and may be the one that a child names.</param>
    public PolicyGraph(IReadOnlyList<PolicyNode> nodes, bool isComplete)
    {
        _nodes = nodes;
        _isComplete = isComplete && nodes.All(node => node.Header.Name.Length > 0);
        foreach (var node in nodes)
        {
            // Of two documents with one name the first counts; that there are two is reported where names are claimed.
            _byName.TryAdd(node.Header.Name, node);
        }
    }

    /// <summary>The documents in an order in which each comes after its parents.</summary>
    public List<PolicyNode> Resolve()
    {
        foreach (var node in _nodes)
        {
            FindParents(node);
        }

        var (ordered, left) = Order();
        if (left.Count > 0)
        {
            BreakCircles(left);
            (ordered, _) = Order();
        }

        return ordered;
    }

    private void FindParents(PolicyNode node)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in node.Header.Extends)
        {
            if (!seen.Add(name.Value))
            {
                node.Errors.Add(name.Place, $"{Shown.Text(name.Value)} appears twice; remove one");
            }
            else if (_byName.TryGetValue(name.Value, out var parent))
            {
                node.Parents.Add(parent);
            }
            else
            {
                var hint = Documents.Suggestion.Sentence(name.Value, _byName.Keys.Where(known => known != node.Header.Name));
                var fix = hint.Length > 0 ? hint : _isComplete ? "; add a document with policy: " + Shown.Bare(name.Value) : "; it may be one of the documents that could not be read";
                node.Errors.Add(name.Place, $"{Shown.Text(name.Value)} is not the name of a policy{fix}");
                node.Errors.IsPartial = true;
            }
        }
    }

    private (List<PolicyNode> Ordered, HashSet<PolicyNode> Left) Order()
    {
        var ordered = new List<PolicyNode>(_nodes.Count);
        var left = _nodes.ToHashSet();
        var open = _nodes.ToDictionary(node => node, node => node.Parents.Count);
        var children = _nodes.SelectMany(node => node.Parents.Select(parent => (parent, node))).ToLookup(pair => pair.parent, pair => pair.node);
        var ready = new Queue<PolicyNode>(_nodes.Where(node => node.Parents.Count == 0));
        while (ready.TryDequeue(out var node))
        {
            ordered.Add(node);
            left.Remove(node);
            foreach (var child in children[node])
            {
                if (--open[child] == 0)
                {
                    ready.Enqueue(child);
                }
            }
        }

        return (ordered, left);
    }

    /// <summary>Every document of a circle says so, and loses the parents that lead back to it.</summary>
    private static void BreakCircles(HashSet<PolicyNode> left)
    {
        var broken = new List<(PolicyNode Node, PolicyNode Parent)>();
        foreach (var node in left)
        {
            foreach (var parent in node.Parents.Where(left.Contains))
            {
                if (WayBack(parent, node) is { } way)
                {
                    var name = node.Header.Extends.First(extended => extended.Value == parent.Header.Name);
                    node.Errors.Add(name.Place, $"{Shown.Text(name.Value)} leads back to this policy ({way}); remove one of these");
                    broken.Add((node, parent));
                }
            }
        }

        foreach (var (node, parent) in broken)
        {
            node.Parents.Remove(parent);
            node.Errors.IsPartial = true;
        }
    }

    private static string? WayBack(PolicyNode from, PolicyNode to)
    {
        var cameFrom = new Dictionary<PolicyNode, PolicyNode?> { [from] = null };
        var queue = new Queue<PolicyNode>([from]);
        while (queue.TryDequeue(out var node))
        {
            if (node == to)
            {
                return Way(cameFrom, to);
            }

            foreach (var parent in node.Parents.Where(parent => cameFrom.TryAdd(parent, node)))
            {
                queue.Enqueue(parent);
            }
        }

        return null;
    }

    private static string Way(Dictionary<PolicyNode, PolicyNode?> cameFrom, PolicyNode to)
    {
        var names = new List<string>();
        for (var node = to; node is not null; node = cameFrom[node])
        {
            names.Add(node.Header.Name);
        }

        const int most = 5;
        names.Reverse();
        var shown = names.Count <= most ? names : [.. names.Take(most - 2), "...", names[^1]];
        return string.Join(" -> ", shown.Prepend(to.Header.Name));
    }
}
