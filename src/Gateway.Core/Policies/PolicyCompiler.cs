using System.Collections.Immutable;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Locks;
using Gateway.Core.Policies.Merging;

namespace Gateway.Core.Policies;

/// <summary>
/// Compiles policy documents to a snapshot: documents are read, put together with what they extend, read as drafts, compiled, held against the locks of
/// their parents. Pure and deterministic: the same documents give the same snapshot or the same errors, whatever the order they come in. One error
/// anywhere means no snapshot: half of a change is never in force.
/// </summary>
public static class PolicyCompiler
{
    /// <summary>Compiles <paramref name="files"/>.</summary>
    /// <param name="files">All documents; each holds one policy.</param>
    /// <param name="at">The time to write into the snapshot.</param>
    public static PolicyCompilation Compile(IReadOnlyList<PolicyFile> files, DateTimeOffset at) => Compile(files, at, CoverageMatrix.Current);

    /// <summary>The same for a gateway that looks at <paramref name="matrix"/>.</summary>
    internal static PolicyCompilation Compile(IReadOnlyList<PolicyFile> files, DateTimeOffset at, CoverageMatrix matrix)
    {
        if (files.Count == 0)
        {
            return Nothing("there is no policy, so nothing could be enforced; add a .yaml file");
        }

        var documents = Read(files, out var repeated);
        var policies = Policies(documents, matrix);
        var errors = ErrorReport.Of(documents, repeated, policies);
        if (errors.Count > 0)
        {
            return new PolicyCompilation(null, errors);
        }

        ImmutableArray<TenantPolicy> inForce = [.. policies.Where(policy => !policy.Merged.IsAbstract).Select(policy => policy.Policy).OrderBy(policy => policy.Source.File, StringComparer.Ordinal)];
        return inForce.IsEmpty
            ? Nothing("every policy is abstract, so nothing could be enforced; add one that extends them and has tenants")
            : new PolicyCompilation(new PolicySnapshot(PolicyVersion.Of(files), at, inForce)
            {
                Documents = [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)],
            }, []);
    }

    private static List<ParsedDocument> Read(IReadOnlyList<PolicyFile> files, out List<PolicyError> repeated)
    {
        var byName = files.OrderBy(file => file.Name, StringComparer.Ordinal).GroupBy(file => file.Name, StringComparer.Ordinal).ToList();
        repeated = [.. byName.Where(group => group.Skip(1).Any())
            .Select(group => new PolicyError(new PolicySource(group.Key, 1, 1), "two documents have this file name; rename one"))];
        return [.. byName.Select(group => ParsedDocument.Read(group.First()))];
    }

    /// <summary>Every document that is a mapping as a policy, good or not, parents before children.</summary>
    private static List<CompiledPolicy> Policies(List<ParsedDocument> documents, CoverageMatrix matrix)
    {
        var compiled = new Dictionary<MergedPolicy, CompiledPolicy>(ReferenceEqualityComparer.Instance);
        foreach (var merged in PolicyMerge.Merge(documents))
        {
            var policy = Compile(merged, matrix);
            compiled.Add(merged, policy);
            LockCheck.Check(policy, merged.Parents.Select(parent => compiled[parent]));
        }

        var claims = new PolicyClaims();
        foreach (var policy in compiled.Values.OrderBy(policy => policy.Errors.File, StringComparer.Ordinal))
        {
            claims.Add(policy);
        }

        if (compiled.Count == documents.Count)
        {
            claims.ReportUnreachable();
        }

        return [.. compiled.Values];
    }

    private static CompiledPolicy Compile(MergedPolicy merged, CoverageMatrix matrix)
    {
        var errors = merged.Errors.Copy();
        PolicyShape.Document.TryRead(merged.Root, errors, out var draft);
        RequiredKeys.Check(merged.Root, draft!, errors);
        return new CompiledPolicy(merged, draft!, TenantPolicyCompiler.Compile(draft!, merged.Root.Place, matrix, errors) with { Documents = merged.Files }, errors);
    }

    private static PolicyCompilation Nothing(string problem) => new(null, [new PolicyError(new PolicySource("policies", 0, 0), problem)]);
}
