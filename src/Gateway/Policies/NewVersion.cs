using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>Documents that are to become a version. Compiled once, however often the commit is tried.</summary>
internal sealed class NewVersion
{
    private readonly PolicySnapshot? _snapshot;
    private readonly PolicyFile[] _documents;
    private readonly DateTimeOffset _at;

    public NewVersion(IReadOnlyList<PolicyFile> documents, DateTimeOffset at)
    {
        _at = at;
        _documents = [.. documents.OrderBy(document => document.Name, StringComparer.Ordinal)];
        var names = PolicyDocuments.CheckNames(_documents);
        if (PolicyDocuments.CheckSize(_documents) is { Count: > 0 } tooMuch)
        {
            // Not compiled: the bounds are there so that nobody can have the gateway do more work than this.
            Errors = [.. tooMuch, .. names];
        }
        else
        {
            var compilation = PolicyCompiler.Compile(_documents, at);
            _snapshot = compilation.Snapshot;
            Errors = [.. names, .. compilation.Errors];
        }

        Hash = PolicyDocuments.Hash(_documents);
    }

    /// <summary>All mistakes; empty: it can be applied.</summary>
    public IReadOnlyList<PolicyError> Errors { get; }

    /// <summary>The hash of the documents.</summary>
    public string Hash { get; }

    /// <summary>The version under its number. Not to be asked for while there are <see cref="Errors"/>.</summary>
    public CompiledVersion At(long number, long? parent, ChangeContext context) => new(
        new StoredVersion(new VersionInfo(number, Hash, parent, context.Author, context.Reason, _at, context.Source), _documents), _snapshot!);
}
