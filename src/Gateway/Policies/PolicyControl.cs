using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>
/// The only thing that changes what is in force. Each change is validated, committed to the store and put into force here before the method returns; of two
/// changes made at once for the same revision one is refused. Every change throws <see cref="ControlStoreException"/> when the store cannot be used.
/// </summary>
public sealed class PolicyControl : IDisposable
{
    private readonly IControlStore _store;
    private readonly TimeProvider _time;
    private readonly GatewayMetrics _metrics;
    private readonly FolderDrift _drift;
    private readonly PolicyEnforcement _enforcement;
    private readonly StateChanges _changes;
    private readonly StateDrafts _drafts;

    /// <summary>Reads nothing yet.</summary>
    public PolicyControl(IControlStore store, PolicyStore policies, TimeProvider time, GatewayMetrics metrics, PolicyLog log)
    {
        _store = store;
        _time = time;
        _metrics = metrics;
        _drift = new FolderDrift(metrics, log);
        _enforcement = new PolicyEnforcement(policies, _drift, metrics, log, time);
        _changes = new StateChanges(store, _enforcement, new StatePreparation(store, time), log);
        _drafts = new StateDrafts(store, () => _enforcement.Current.Active?.Hash, time);
    }

    /// <summary>The state in force here.</summary>
    public ControlState Current => _enforcement.Current.State;

    /// <summary>
    /// The version enforced here, which is another than the state's when that one cannot be enforced by this build; null: none.
    /// </summary>
    public VersionInfo? InForce => _enforcement.Current.Active?.Stored.Info;

    /// <summary>Which documents of the folder are not those of the active version; null: they agree, or there is no folder.</summary>
    public PolicyDrift? Drift => _drift.Current;

    /// <summary>Why the store cannot be used now, or what of the state cannot be enforced; null: all is well. An operator's text.</summary>
    public string? Fault => (_changes.Fault, _enforcement.Current.Problem) switch
    {
        (null, var problem) => problem,
        (var fault, null) => fault,
        var (fault, problem) => $"{fault} {problem}",
    };

    /// <summary>The mistakes behind a <see cref="Fault"/> of the state.</summary>
    public IReadOnlyList<PolicyError> FaultErrors => _enforcement.Current.Errors;

    /// <summary>
    /// Makes <paramref name="documents"/> the next version and puts it into force. Mistakes are told all at once and nothing changes; documents equal to the active
    /// ones change nothing either. A canary ends: what is applied governs all traffic.
    /// </summary>
    /// <param name="documents">All documents.</param>
    /// <param name="context">Who and why.</param>
    /// <param name="expectedRevision">The revision that the author has seen; null: whatever it is.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    public ValueTask<ChangeResult> ApplyAsync(
        IReadOnlyList<PolicyFile> documents, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        MakeAsync(context, expectedRevision, _time.GetUtcNow(), at => _drafts.Apply(documents, context, at), cancellationToken);

    /// <summary>Puts a stored version into force again: the way back. Its number stays its own. A canary ends.</summary>
    public ValueTask<ChangeResult> ActivateAsync(long version, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        MakeAsync(context, expectedRevision, _drafts.Activate(version), cancellationToken);

    /// <summary>Adds an override.</summary>
    public async ValueTask<ChangeResult> AddOverrideAsync(
        PolicyOverride added, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) => Count(
        await MakeAsync(context, expectedRevision, _drafts.AddOverride(added), cancellationToken), added, OverrideChange.Created);

    /// <summary>Removes an override before it expires.</summary>
    public async ValueTask<ChangeResult> RemoveOverrideAsync(string id, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken)
    {
        PolicyOverride? removed = null;
        var result = await MakeAsync(context, expectedRevision, StateDrafts.RemoveOverride(id, one => removed = one), cancellationToken);
        return Count(result, removed, OverrideChange.Removed);
    }

    /// <summary>Begins a canary of a stored version, in place of one that runs. Start, author and reason are this change's own.</summary>
    public ValueTask<ChangeResult> StartCanaryAsync(Canary canary, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        MakeAsync(context, expectedRevision, _drafts.StartCanary(canary, context), cancellationToken);

    /// <summary>Makes <paramref name="documents"/> a version that is not active, and begins a canary of it, in one commit.</summary>
    /// <param name="canary">The canary; its version number is not looked at.</param>
    /// <param name="documents">The candidate.</param>
    /// <param name="context">Who and why.</param>
    /// <param name="expectedRevision">The revision that the author has seen; null: whatever it is.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    public ValueTask<ChangeResult> StartCanaryAsync(
        Canary canary, IReadOnlyList<PolicyFile> documents, ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        MakeAsync(context, expectedRevision, _time.GetUtcNow(), at => _drafts.StartCanary(canary, documents, context, at), cancellationToken);

    /// <summary>Ends the canary: all traffic goes by the active version again.</summary>
    public ValueTask<ChangeResult> StopCanaryAsync(ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        MakeAsync(context, expectedRevision, StateDrafts.StopCanary(), cancellationToken);

    /// <summary>Makes the candidate the active version and ends the canary.</summary>
    public ValueTask<ChangeResult> PromoteCanaryAsync(ChangeContext context, long? expectedRevision, CancellationToken cancellationToken) =>
        MakeAsync(context, expectedRevision, _drafts.PromoteCanary(), cancellationToken);

    /// <summary>A version with its documents; null: there is none of this number.</summary>
    public ValueTask<StoredVersion?> FindAsync(long number, CancellationToken cancellationToken) => _store.FindAsync(number, cancellationToken);

    /// <summary>Versions, newest first, of numbers below <paramref name="before"/> if it is given.</summary>
    public ValueTask<IReadOnlyList<VersionInfo>> ListAsync(int limit, long? before, CancellationToken cancellationToken) =>
        _store.ListAsync(limit, before, cancellationToken);

    /// <summary>
    /// Takes over a newer state that another instance committed: loads what it lacks, compiles, swaps. Idempotent, one at a time, never back to an older revision.
    /// False: the store cannot answer; what is in force stays, and <see cref="Fault"/> says why.
    /// </summary>
    public ValueTask<bool> RefreshAsync(CancellationToken cancellationToken) => _changes.RefreshAsync(starting: false, cancellationToken);

    /// <summary>Puts the store's state into force. Before it, nothing is.</summary>
    public ValueTask<bool> StartAsync(CancellationToken cancellationToken) => _changes.RefreshAsync(starting: true, cancellationToken);

    /// <summary>Says what the policies folder holds; null: it is not there or cannot be read.</summary>
    public void ObserveFolder(IReadOnlyList<PolicyFile>? documents) => _drift.Folder(documents);

    /// <inheritdoc/>
    public void Dispose() => _changes.Dispose();

    private ValueTask<ChangeResult> MakeAsync(
        ChangeContext context,
        long? expectedRevision,
        Func<ControlState, CancellationToken, ValueTask<StateDraft>> draft,
        CancellationToken cancellationToken) => MakeAsync(context, expectedRevision, _time.GetUtcNow(), _ => draft, cancellationToken);

    // The moment is taken before the draft is made, which may compile: that is a part of the way from the change to its being in force.
    private ValueTask<ChangeResult> MakeAsync(
        ChangeContext context,
        long? expectedRevision,
        DateTimeOffset at,
        Func<DateTimeOffset, Func<ControlState, CancellationToken, ValueTask<StateDraft>>> draft,
        CancellationToken cancellationToken) => context.Reason.Length > ChangeContext.MaxReason
        ? new(new ChangeResult(ChangeStatus.Invalid, Current)
        {
            Errors = [new PolicyError(new PolicySource("reason", 0, 0), $"the reason is longer than {ChangeContext.MaxReason} characters")],
        })
        : _changes.MakeAsync(new StateChange(context, expectedRevision, at), draft(at), cancellationToken);

    private ChangeResult Count(ChangeResult result, PolicyOverride? which, OverrideChange change)
    {
        if (result.Status == ChangeStatus.Changed && which is not null)
        {
            _metrics.OverrideChanged(which, change);
        }

        return result;
    }
}
