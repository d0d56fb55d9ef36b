using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>
/// Makes a state ready to be enforced: loads the versions it names, unless they are held already, and compiles them. A version that this build refuses, or
/// that is not there, is replaced by the one in force, or at the start by the newest one before it that compiles; overrides apply to whatever stands in.
/// </summary>
internal sealed class StatePreparation(IControlStore store, TimeProvider time)
{
    // How far back a substitute is looked for.
    private const int MostSteps = 100;

    /// <summary>Prepares <paramref name="state"/>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="held">What is enforced now.</param>
    /// <param name="known">A version that was compiled already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ControlStoreException">A version had to be loaded and the store cannot answer.</exception>
    public async ValueTask<Enforced> PrepareAsync(ControlState state, Enforced held, CompiledVersion? known, CancellationToken cancellationToken)
    {
        CompiledVersion?[] compiled = [known, held.Active, held.Candidate];
        var problems = new List<string>();
        var errors = new List<PolicyError>();
        var active = await ActiveAsync(state, compiled, problems, errors, cancellationToken);
        if (active is null && state.Version is not null)
        {
            active = held.Active ?? await SubstituteAsync(state.Version.Value, cancellationToken);
            problems.Add(active is null
                ? "no other version can be enforced either, so traffic is refused."
                : $"version {active.Stored.Info.Number} is enforced in its place.");
        }

        var candidate = await CandidateAsync(state, compiled, problems, errors, cancellationToken);
        return new Enforced(state, active, candidate, OverrideSet.Compile(state.Overrides)) { Problem = problems.Count == 0 ? null : string.Join(' ', problems), Errors = errors };
    }

    private async ValueTask<CompiledVersion?> ActiveAsync(
        ControlState state, CompiledVersion?[] compiled, List<string> problems, List<PolicyError> errors, CancellationToken cancellationToken)
    {
        if (state.Version is not { } number)
        {
            return null;
        }

        if (state.Hash is { } hash && Array.Find(compiled, version => version?.Hash == hash) is { } held)
        {
            return held;
        }

        var loaded = await LoadAsync($"Version {number}", number, compiled, problems, errors, cancellationToken);
        if (loaded is not null && state.Hash is not null && loaded.Hash != state.Hash)
        {
            problems.Add($"Version {number} in the store is another than the one that was made active;");
            return null;
        }

        return loaded;
    }

    // Always looked up: numbers of versions that were never active may be given again when a shared store lost them.
    private async ValueTask<CompiledVersion?> CandidateAsync(
        ControlState state, CompiledVersion?[] compiled, List<string> problems, List<PolicyError> errors, CancellationToken cancellationToken)
    {
        if (state.Canary is not { } canary)
        {
            return null;
        }

        if (compiled[0] is { } known && known.Stored.Info.Number == canary.Version)
        {
            return known;
        }

        return await LoadAsync($"The canary's version {canary.Version}", canary.Version, compiled, problems, errors, cancellationToken);
    }

    private async ValueTask<CompiledVersion?> LoadAsync(
        string name, long number, CompiledVersion?[] compiled, List<string> problems, List<PolicyError> errors, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(number, cancellationToken) is not { } stored)
        {
            problems.Add($"{name} is not in the store;");
            return null;
        }

        if (Array.Find(compiled, version => version?.Hash == stored.Info.Hash) is { } held)
        {
            return held;
        }

        var (loaded, mistakes) = CompiledVersion.Of(stored, time.GetUtcNow());
        if (loaded is null)
        {
            problems.Add($"{name} does not compile with this build;");
            errors.AddRange(mistakes);
        }

        return loaded;
    }

    // Along the parents, which were active once: by number it could meet a candidate that was rolled back for good reason.
    private async ValueTask<CompiledVersion?> SubstituteAsync(long number, CancellationToken cancellationToken)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            if (await store.ListAsync(1, number + 1, cancellationToken) is not [{ Parent: { } parent } info] || info.Number != number)
            {
                return null;
            }

            if (await store.FindAsync(parent, cancellationToken) is { } stored && CompiledVersion.Of(stored, time.GetUtcNow()).Version is { } version)
            {
                return version;
            }

            number = parent;
        }

        return null;
    }
}
