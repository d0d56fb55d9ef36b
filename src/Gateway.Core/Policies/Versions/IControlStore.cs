namespace Gateway.Core.Policies.Versions;

/// <summary>Where state and versions are kept: embedded, or shared by a fleet.</summary>
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
