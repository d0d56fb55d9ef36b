using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>A version and what its documents compile to, before any override.</summary>
/// <param name="Stored">The version.</param>
/// <param name="Snapshot">Its policies.</param>
internal sealed record CompiledVersion(StoredVersion Stored, PolicySnapshot Snapshot)
{
    /// <summary>The hash of the documents.</summary>
    public string Hash => Stored.Info.Hash;

    /// <summary>
    /// Compiles <paramref name="stored"/>; null with every mistake when this build refuses it, or when its documents are not those that were applied: whoever can
    /// write to a store must not be able to change a version under its number.
    /// </summary>
    public static (CompiledVersion? Version, IReadOnlyList<PolicyError> Errors) Of(StoredVersion stored, DateTimeOffset at)
    {
        if (PolicyDocuments.Hash(stored.Documents) != stored.Info.Hash)
        {
            return (null, [new PolicyError(new PolicySource("policies", 0, 0), $"the stored documents of version {stored.Info.Number} are not those that were applied: their hash is another")]);
        }

        var compilation = PolicyCompiler.Compile(stored.Documents, at);
        return (compilation.Snapshot is { } snapshot ? new CompiledVersion(stored, snapshot) : null, compilation.Errors);
    }
}
