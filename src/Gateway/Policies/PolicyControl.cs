using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>
/// The only thing that changes what is in force. Each change is validated, committed to the store and put into force here before the method returns; of two
/// changes made at once for the same revision one is refused.
/// </summary>
public sealed class PolicyControl
{
    /// <summary>Most overrides that have not expired.</summary>
    public const int MaxOverrides = 500;

    /// <summary>The state in force here.</summary>
    public ControlState Current => throw new NotImplementedException();

    /// <summary>Which documents of the folder are not those of the active version; null: they agree, or there is no folder.</summary>
    public PolicyDrift? Drift => throw new NotImplementedException();

    /// <summary>Why the store cannot be used now, or what is wrong with the state; null: nothing. An operator's text.</summary>
    public string? Fault => throw new NotImplementedException();

    /// <summary>Makes <paramref name="documents"/> the next version and puts it into force. Documents equal to the active ones change nothing. Ends a canary.</summary>
    /// <param name="documents">All documents.</param>
    /// <param name="context">Who and why.</param>
    /// <param name="expectedRevision">The revision the author has seen; null: whatever it is.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="ControlStoreException">The store cannot be used.</exception>
    public ValueTask<ChangeResult> ApplyAsync(
        IReadOnlyList<PolicyFile> documents, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Puts a stored version into force again: the way back. Ends a canary.</summary>
    public ValueTask<ChangeResult> ActivateAsync(long version, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Adds an override.</summary>
    public ValueTask<ChangeResult> AddOverrideAsync(
        PolicyOverride added, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes an override before it expires.</summary>
    public ValueTask<ChangeResult> RemoveOverrideAsync(string id, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Begins a canary of a stored version, in place of one that runs.</summary>
    public ValueTask<ChangeResult> StartCanaryAsync(Canary canary, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Makes <paramref name="documents"/> a version that is not active and begins a canary of it, in one commit.</summary>
    /// <param name="canary">The canary; its version number is not looked at.</param>
    /// <param name="documents">The candidate.</param>
    /// <param name="context">Who and why.</param>
    /// <param name="expectedRevision">The revision the author has seen; null: whatever it is.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    public ValueTask<ChangeResult> StartCanaryAsync(
        Canary canary, IReadOnlyList<PolicyFile> documents, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Ends the canary: all traffic goes by the incumbent again.</summary>
    public ValueTask<ChangeResult> StopCanaryAsync(ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Makes the candidate the active version and ends the canary.</summary>
    public ValueTask<ChangeResult> PromoteCanaryAsync(ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>A version with its documents; null: there is none. Answered from the embedded copy while the store cannot be reached.</summary>
    public ValueTask<StoredVersion?> FindAsync(long number, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Versions, newest first, of numbers below <paramref name="before"/> if it is given.</summary>
    public ValueTask<IReadOnlyList<VersionInfo>> ListAsync(int limit, long? before, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>
    /// Takes over a newer state that another instance committed. Idempotent, one at a time, never back to an older revision, and never throws for a store that
    /// cannot answer: what is in force stays, and <see cref="Fault"/> says so. True: the store answered.
    /// </summary>
    public ValueTask<bool> RefreshAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
