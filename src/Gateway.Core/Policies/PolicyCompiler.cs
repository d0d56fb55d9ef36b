using System.Collections.Immutable;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies;

/// <summary>
/// Compiles policy documents to a snapshot. Pure and deterministic: the same documents give the same snapshot or the same errors, whatever
/// the order they come in. One error anywhere means no snapshot: half of a change is never in force.
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
            return new PolicyCompilation(null, [new PolicyError(new PolicySource("policies", 0, 0), "there is no policy, so nothing could be enforced; add a .yaml file")]);
        }

        var errors = new List<PolicyError>();
        var policies = ImmutableArray.CreateBuilder<TenantPolicy>();
        var claims = new PolicyClaims();
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var ofFile = new DocumentErrors(file.Name);
            if (claims.TryAddFile(file.Name, ofFile) && Read(file, ofFile) is var (root, draft))
            {
                claims.Add(draft, ofFile);
                policies.Add(TenantPolicyCompiler.Compile(draft, root, matrix, ofFile));
            }

            errors.AddRange(Sorted(ofFile));
        }

        return errors.Count > 0
            ? new PolicyCompilation(null, errors)
            : new PolicyCompilation(new PolicySnapshot(PolicyVersion.Of(files), at, policies.ToImmutable()), []);
    }

    private static (YamlPlace Root, PolicyDraft Draft)? Read(PolicyFile file, DocumentErrors errors) =>
        YamlText.Decode(file, errors) is { } text && YamlTree.Read(text, errors) is { } root && PolicyShape.Document.TryRead(root, errors, out var draft)
            ? (root.Place, draft)
            : null;

    private static IEnumerable<PolicyError> Sorted(DocumentErrors errors) => errors.All
        .OrderBy(error => error.Source.Line)
        .ThenBy(error => error.Source.Column)
        .ThenBy(error => error.Message, StringComparer.Ordinal);
}
