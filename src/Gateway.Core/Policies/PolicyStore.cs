using Gateway.Core.Policies.Versions;

namespace Gateway.Core.Policies;

/// <summary>One mistake in a policy document.</summary>
/// <param name="Source">Where.</param>
/// <param name="Message">What is wrong and how to fix it.</param>
public sealed record PolicyError(PolicySource Source, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Source}: {Message}";
}

/// <summary>What came of the last attempt to load the policies folder.</summary>
/// <param name="At">When.</param>
/// <param name="Errors">Empty when it succeeded.</param>
public sealed record PolicyLoadStatus(DateTimeOffset At, IReadOnlyList<PolicyError> Errors)
{
    /// <summary>Whether the documents of the folder could be put into force.</summary>
    public bool Succeeded => Errors.Count == 0;
}

/// <summary>
/// Holds the snapshot in force and, while a canary runs, the candidate beside it. Both are swapped in one step, so that an exchange sees a pair that belongs
/// together. A broken load never replaces them.
/// </summary>
public sealed class PolicyStore
{
    private volatile InForce _inForce = new(null, null, null);
    private volatile PolicyLoadStatus? _lastLoad;

    /// <summary>The incumbent: the snapshot of the active version; null until the first good load.</summary>
    public PolicySnapshot? Current => _inForce.Incumbent;

    /// <summary>The snapshot of the candidate; null: no canary runs.</summary>
    public PolicySnapshot? Candidate => _inForce.Candidate;

    /// <summary>What the canary has counted so far; null: none runs.</summary>
    public CanaryTrial? Trial => _inForce.Trial;

    /// <summary>What came of the last load of the folder; null before the first.</summary>
    public PolicyLoadStatus? LastLoad => _lastLoad;

    /// <summary>The snapshot for a tenant's key. The same key gets the same side for as long as the canary's candidate stays the same.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="keyId">The key's id; all callers of a tenant without one are on one side.</param>
    public PolicyChoice Choose(string tenant, string? keyId)
    {
        var inForce = _inForce;
        if (inForce is not { Candidate: { } candidate, Trial: { } trial })
        {
            return new PolicyChoice(inForce.Incumbent, null, null);
        }

        return trial.Covers(tenant, keyId)
            ? new PolicyChoice(candidate, PolicyVariant.Candidate, trial)
            : new PolicyChoice(inForce.Incumbent, PolicyVariant.Incumbent, trial);
    }

    /// <summary>Swaps in <paramref name="snapshot"/>, without a canary, as the result of a good load.</summary>
    public void Accept(PolicySnapshot snapshot)
    {
        Use(snapshot, null, null);
        Loaded(snapshot.LoadedAt);
    }

    /// <summary>Swaps in a pair. What came of the last load of the folder is another matter and stays.</summary>
    public void Use(PolicySnapshot incumbent, PolicySnapshot? candidate, CanaryTrial? trial) => _inForce = new InForce(incumbent, candidate, trial);

    /// <summary>The documents of the folder could be put into force, or are known already.</summary>
    public void Loaded(DateTimeOffset at) => _lastLoad = new PolicyLoadStatus(at, []);

    /// <summary>Keeps the snapshot in force and remembers why the documents were refused.</summary>
    public void Reject(DateTimeOffset at, IReadOnlyList<PolicyError> errors) => _lastLoad = new PolicyLoadStatus(at, errors);

    private sealed record InForce(PolicySnapshot? Incumbent, PolicySnapshot? Candidate, CanaryTrial? Trial);
}
