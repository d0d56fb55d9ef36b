using System.Collections.Immutable;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>
/// A document together with everything that it inherits, as one tree: what is in force if it compiles. Every value keeps the document, line and column
/// at which it was written.
/// </summary>
/// <param name="Name">The name of the policy; empty when it could not be read.</param>
/// <param name="Root">The effective tree. It holds no edits (<c>add</c>, <c>remove</c>) any more, only what came of them.</param>
/// <param name="Locks">What this policy and its ancestors lock, ancestors first.</param>
internal sealed record MergedPolicy(string Name, YamlMapping Root, IReadOnlyList<LockedPath> Locks)
{
    /// <summary>Whether it is only there to be inherited from.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>The policies that it names in <c>extends</c>, as far as they are there.</summary>
    public ImmutableArray<MergedPolicy> Parents { get; init; } = [];

    /// <summary>The names of all ancestors and, last, of this policy, in the order in which their documents are applied.</summary>
    public ImmutableArray<string> Lineage { get; init; } = [];

    /// <summary>The documents of <see cref="Lineage"/>.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The content rules that were taken away, by id, and where.</summary>
    public IReadOnlyDictionary<string, YamlPlace> Removed { get; init; } = ImmutableDictionary<string, YamlPlace>.Empty;

    /// <summary>The mistakes of putting it together. The compiler adds its own to a copy.</summary>
    public required DocumentErrors Errors { get; init; }
}

/// <summary>A value that descendants may only tighten.</summary>
/// <param name="Path">As written, for instance <c>limits.requests</c> or <c>*</c>.</param>
/// <param name="Place">Where it is locked.</param>
/// <param name="Policy">The policy that locks it.</param>
internal sealed record LockedPath(string Path, YamlPlace Place, string Policy);
