using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>Puts prepared states into force, one after the other, and tells metrics and log. Callers take turns.</summary>
internal sealed class PolicyEnforcement(PolicyStore policies, FolderDrift drift, GatewayMetrics metrics, PolicyLog log, TimeProvider time)
{
    private volatile Enforced _current = Enforced.Nothing;

    /// <summary>What is in force.</summary>
    public Enforced Current => _current;

    /// <summary>Swaps in <paramref name="next"/>: from here on new exchanges are judged by it.</summary>
    public void Enforce(Enforced next)
    {
        var before = _current;
        if (next.Active is { } active)
        {
            var incumbent = active.Snapshot.With(next.State.Revision, next.Overrides);
            var candidate = next.Candidate?.Snapshot.With(next.State.Revision, next.Overrides);
            policies.Use(incumbent, candidate, Trial(next));
            Tell(incumbent, isNew: before.Active?.Hash != active.Hash);
        }

        _current = next;
        drift.Active(next.Active?.Stored.Documents);
        if (next.Problem is { } problem && problem != before.Problem)
        {
            log.Substituted(next.State.Revision, problem);
        }
    }

    /// <summary>Says that the change behind the state in force has reached this instance.</summary>
    public void Tell(PolicyChange change, PolicyOrigin origin, string reason)
    {
        var state = _current.State;
        metrics.PolicyPropagated(origin, time.GetUtcNow() - state.ChangedAt);
        log.Changed(change, state, policies.Current?.Version, state.ChangedBy, reason);
    }

    // A change of overrides must not make a canary begin to count anew.
    private CanaryTrial? Trial(Enforced next) => (next.State.Canary, next.Candidate, policies.Trial) switch
    {
        (null, _, _) or (_, null, _) => null,
        ({ } canary, { } candidate, { } trial) when trial.Canary.Version == canary.Version && trial.Canary.StartedAt == canary.StartedAt
            && trial.CandidateVersion == candidate.Snapshot.Version => trial,
        ({ } canary, { } candidate, _) => new CanaryTrial(canary, candidate.Snapshot.Version),
    };

    private void Tell(PolicySnapshot snapshot, bool isNew)
    {
        if (isNew)
        {
            metrics.PolicyLoaded(snapshot);
        }
        else
        {
            metrics.PolicyInForce(snapshot);
        }
    }
}
