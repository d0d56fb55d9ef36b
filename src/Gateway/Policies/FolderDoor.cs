using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Storage;

namespace Gateway.Policies;

/// <summary>What came of bringing a folder's content.</summary>
/// <param name="Errors">Empty: its documents were put into force, or bring nothing new.</param>
/// <param name="IsFinal">False: to be tried again with the same content, because the store could not be used.</param>
public readonly record struct Brought(IReadOnlyList<PolicyError> Errors, bool IsFinal);

/// <summary>
/// The folder's door to the versions. Documents are news when they differ from those that this instance's folder brought last and from those that any folder of the
/// fleet brought last: so neither a restart nor an instance whose folder lags behind undoes what came by the other door since. Calls take turns.
/// </summary>
/// <param name="control">What makes versions of documents.</param>
/// <param name="memory">Where this instance remembers what its folder brought.</param>
/// <param name="builtInWhenMissing">See <see cref="PolicyReloaderOptions.BuiltInWhenMissing"/>.</param>
/// <param name="time">The clock.</param>
public sealed class FolderDoor(PolicyControl control, ControlDatabase memory, bool builtInWhenMissing, TimeProvider time)
{
    private static readonly ChangeContext Folder = new("folder", "policies folder changed", ChangeSource.Folder);
    private static readonly ChangeContext BuiltIn = new("built-in", "there is no policies folder", ChangeSource.BuiltIn);

    private bool _folderWasThere;

    /// <summary>Whether the built-in policy is in force because there is no folder.</summary>
    public bool UsesBuiltIn { get; private set; }

    /// <summary>Puts into force what the store holds.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken) => await control.StartAsync(cancellationToken);

    /// <summary>Puts <paramref name="content"/> into force if it is news.</summary>
    public async ValueTask<Brought> BringAsync(PolicyFolderContent content, CancellationToken cancellationToken)
    {
        _folderWasThere |= content.Exists;
        control.ObserveFolder(content is { Exists: true, Errors.Count: 0 } ? content.Files : null);
        try
        {
            return new Brought(await (content.Exists ? PresentAsync(content, cancellationToken) : MissingAsync(content, cancellationToken)), IsFinal: true);
        }
        catch (ControlStoreException exception)
        {
            return new Brought([new PolicyError(new PolicySource("policies", 0, 0), exception.Message)], IsFinal: false);
        }
    }

    private async ValueTask<IReadOnlyList<PolicyError>> PresentAsync(PolicyFolderContent content, CancellationToken cancellationToken)
    {
        if (content.Errors.Count > 0)
        {
            // Mistakes of the folder and of its documents are told together.
            var ofDocuments = content.Files.Count > 0 ? PolicyCompiler.Compile(content.Files, time.GetUtcNow()).Errors : [];
            return [.. content.Errors, .. ofDocuments];
        }

        var hash = PolicyDocuments.Hash(content.Files);
        var state = control.Current;
        if (state.Version is not null && (hash == state.FolderHash || hash == await memory.FolderHashAsync(cancellationToken)))
        {
            // Known, which does not mean that this build can enforce it.
            return hash == state.Hash && control.InForce?.Hash != hash ? control.FaultErrors : [];
        }

        var result = await control.ApplyAsync(content.Files, Folder, expectedRevision: null, cancellationToken);
        if (!result.Succeeded)
        {
            return Errors(result);
        }

        UsesBuiltIn = false;
        await memory.RememberFolderAsync(hash, cancellationToken);
        return [];
    }

    private async ValueTask<IReadOnlyList<PolicyError>> MissingAsync(PolicyFolderContent content, CancellationToken cancellationToken)
    {
        if (!builtInWhenMissing || _folderWasThere)
        {
            return content.Errors;
        }

        // What was applied by the other door, or by a folder of an earlier run, is somebody's decision; the built-in policy is nobody's. One of an older program
        // is replaced by this program's.
        if (control.Current.Version is not null && control.InForce?.Source != ChangeSource.BuiltIn)
        {
            return [];
        }

        var result = await control.ApplyAsync(DefaultPolicies.Read(), BuiltIn, expectedRevision: null, cancellationToken);
        UsesBuiltIn = result.Succeeded;
        return Errors(result);
    }

    private static IReadOnlyList<PolicyError> Errors(ChangeResult result) => (result.Succeeded, result.Errors) switch
    {
        (true, _) => [],
        (_, { Count: > 0 } errors) => errors,
        _ => throw new ControlStoreException("The documents were not applied: others change the policies all the time."),
    };
}
