namespace Gateway.Core.Policies.Versions;

/// <summary>
/// Where state and versions are kept: embedded, or shared by a fleet. Every method throws <see cref="ControlStoreException"/> when the store cannot answer; after
/// one thrown by a commit it is not known whether the commit took place.
/// </summary>
public interface IControlStore
{
    /// <summary>The state now; <see cref="ControlState.Empty"/> when nothing was ever committed.</summary>
    ValueTask<ControlState> ReadAsync(CancellationToken cancellationToken);

    /// <summary>A version with its documents; null: there is none of this number.</summary>
    ValueTask<StoredVersion?> FindAsync(long number, CancellationToken cancellationToken);

    /// <summary>Versions, newest first, of numbers below <paramref name="before"/> if it is given.</summary>
    ValueTask<IReadOnlyList<VersionInfo>> ListAsync(int limit, long? before, CancellationToken cancellationToken);

    /// <summary>
    /// Makes <paramref name="next"/> the state if the state's revision is still one less, together with <paramref name="added"/> if it is given: both or
    /// neither, and durable when this returns. False: another change came first.
    /// </summary>
    ValueTask<bool> TryCommitAsync(ControlState next, StoredVersion? added, CancellationToken cancellationToken);
}

/// <summary>An embedded store that can also take over what another store holds.</summary>
public interface IControlMirror : IControlStore
{
    /// <summary>Makes <paramref name="state"/> and <paramref name="versions"/> its own, whatever it held under these numbers.</summary>
    ValueTask MirrorAsync(ControlState state, IReadOnlyList<StoredVersion> versions, CancellationToken cancellationToken);
}
