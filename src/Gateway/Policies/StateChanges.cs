using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>A change with what every one has: whose it is, what it expects, when it began.</summary>
internal readonly record struct StateChange(ChangeContext Context, long? ExpectedRevision, DateTimeOffset At);

/// <summary>
/// Makes states out of states: reads the store's, asks a change for the next one, prepares it, commits it, puts it into force. One at a time on this instance;
/// against other instances by compare and swap.
/// </summary>
internal sealed class StateChanges(IControlStore store, PolicyEnforcement enforcement, StatePreparation preparation, PolicyLog log) : IDisposable
{
    // How often a change without an expected revision is made again because another instance came first.
    private const int MostAttempts = 10;

    // Expired overrides stay this long, so that their end can be told before they are gone from the state.
    private static readonly TimeSpan ExpiredKept = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile string? _fault;

    /// <summary>Why the store cannot be used; null: it could be at the last attempt.</summary>
    public string? Fault => _fault;

    /// <summary>Makes one change.</summary>
    /// <exception cref="ControlStoreException">The store cannot be used.</exception>
    public async ValueTask<ChangeResult> MakeAsync(
        StateChange change, Func<ControlState, CancellationToken, ValueTask<StateDraft>> draft, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var result = await AttemptAllAsync(change, draft, cancellationToken);
            Found();
            return result;
        }
        catch (ControlStoreException exception)
        {
            Lost(exception);
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes over the store's state if it is newer. False: the store cannot be used.</summary>
    /// <param name="starting">Whether this is the first look; then nothing has changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> RefreshAsync(bool starting, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await SynchronizeAsync(starting, cancellationToken);
            Found();
            return true;
        }
        catch (ControlStoreException exception)
        {
            Lost(exception);
            return false;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async ValueTask<ChangeResult> AttemptAllAsync(
        StateChange change, Func<ControlState, CancellationToken, ValueTask<StateDraft>> draft, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var state = await SynchronizeAsync(starting: false, cancellationToken);
            if (change.ExpectedRevision is { } expected && expected != state.Revision)
            {
                return new ChangeResult(ChangeStatus.Conflict, state);
            }

            var drafted = await draft(state, cancellationToken);
            if (drafted.Next is not { } next)
            {
                return new ChangeResult(drafted.Refusal, state) { Errors = drafted.Errors };
            }

            if (await CommitAsync(change, drafted, Stamp(next, state, change), cancellationToken) is { } made)
            {
                return made;
            }

            if (attempt == MostAttempts)
            {
                return new ChangeResult(ChangeStatus.Conflict, await SynchronizeAsync(starting: false, cancellationToken));
            }
        }
    }

    // Null: another change came first.
    private async ValueTask<ChangeResult?> CommitAsync(StateChange change, StateDraft draft, ControlState next, CancellationToken cancellationToken)
    {
        // Prepared before the commit, so that nothing can fail between the commit and the moment it is in force.
        var prepared = await preparation.PrepareAsync(next, enforcement.Current, draft.Version, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (!await store.TryCommitAsync(next, draft.IsNewVersion ? draft.Version!.Stored : null, CancellationToken.None))
        {
            return null;
        }

        enforcement.Enforce(prepared);
        enforcement.Tell(draft.Change, Origin(change.Context.Source), change.Context.Reason);
        return new ChangeResult(ChangeStatus.Changed, next) { Version = draft.Version?.Stored.Info };
    }

    private async ValueTask<ControlState> SynchronizeAsync(bool starting, CancellationToken cancellationToken)
    {
        var state = await store.ReadAsync(cancellationToken);
        var held = enforcement.Current;
        if (state.Revision > held.State.Revision)
        {
            enforcement.Enforce(await preparation.PrepareAsync(state, held, known: null, cancellationToken));
            if (!starting)
            {
                enforcement.Tell(PolicyChange.Received, PolicyOrigin.Redis, "");
            }

            return state;
        }

        return state.Revision < held.State.Revision ? await RestoreAsync(state, held, cancellationToken) : state;
    }

    // The store lost what is in force here: its file was damaged or taken away.
    private async ValueTask<ControlState> RestoreAsync(ControlState found, Enforced held, CancellationToken cancellationToken)
    {
        if (store is not IControlMirror mirror)
        {
            throw new ControlStoreException($"The control store is at revision {found.Revision}, older than {held.State.Revision}, which is in force here.");
        }

        StoredVersion[] versions = [.. new[] { held.Active, held.Candidate }.OfType<CompiledVersion>().Select(version => version.Stored)];
        await mirror.MirrorAsync(held.State, versions, cancellationToken);
        log.StoreRestored(found.Revision, held.State.Revision);
        return held.State;
    }

    private static ControlState Stamp(ControlState next, ControlState before, StateChange change) => next with
    {
        Revision = before.Revision + 1,
        ChangedAt = change.At,
        ChangedBy = change.Context.Author,
        Overrides = next.Overrides.RemoveAll(one => one.ExpiresAt <= change.At - ExpiredKept),
    };

    private void Found()
    {
        if (_fault is not null)
        {
            _fault = null;
            log.StoreBack(enforcement.Current.State.Revision);
        }
    }

    private void Lost(ControlStoreException exception)
    {
        var known = _fault is not null;
        _fault = exception.Message;
        if (!known)
        {
            log.StoreLost(enforcement.Current.State.Revision, exception.Message);
        }
    }

    private static PolicyOrigin Origin(ChangeSource source) => source == ChangeSource.Api ? PolicyOrigin.Api : PolicyOrigin.File;
}
