using System.Collections.Immutable;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>A document in the graph of inheritance, while that is worked out.</summary>
internal sealed class PolicyNode(YamlMapping root, DocumentHeader header, DocumentErrors errors)
{
    public YamlMapping Root => root;

    public DocumentHeader Header => header;

    public DocumentErrors Errors => errors;

    /// <summary>The documents that it names in <c>extends</c>, without those that are not there or lead back here.</summary>
    public List<PolicyNode> Parents { get; } = [];

    /// <summary>Longest way to a document without parents.</summary>
    public int Depth { get; set; }

    /// <summary>All ancestors and, last, the document itself, in the order in which they are applied.</summary>
    public ImmutableArray<PolicyNode> Lineage { get; set; } = [];

    /// <summary>The policy, once it was put together.</summary>
    public MergedPolicy? Merged { get; set; }
}
