using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>The changes that there are: what each makes of a state, and when it is refused.</summary>
/// <param name="store">Holds versions.</param>
/// <param name="inForce">The hash of what is enforced, which is not the state's when that cannot be enforced: then asking for it again is no empty wish.</param>
/// <param name="time">The clock.</param>
internal sealed class StateDrafts(IControlStore store, Func<string?> inForce, TimeProvider time)
{
    private static readonly ValueTask<StateDraft> NotFound = new(StateDraft.None(ChangeStatus.NotFound));

    public Func<ControlState, CancellationToken, ValueTask<StateDraft>> Apply(
        IReadOnlyList<PolicyFile> documents, ChangeContext context, DateTimeOffset at)
    {
        var candidate = new NewVersion(documents, at);
        return async (state, cancellationToken) =>
        {
            if (candidate.Errors.Count > 0)
            {
                return StateDraft.Invalid(candidate.Errors);
            }

            var fromFolder = context.Source == ChangeSource.Folder;
            if (state.Hash == candidate.Hash && inForce() == candidate.Hash)
            {
                // Remembered in the shared state, so that an instance that starts later with this folder does not take it for news.
                return fromFolder && state.FolderHash != candidate.Hash
                    ? StateDraft.Of(PolicyChange.FolderAgrees, state with { FolderHash = candidate.Hash })
                    : StateDraft.None(ChangeStatus.Unchanged);
            }

            var version = candidate.At(await NextNumberAsync(cancellationToken), state.Version, context);
            var next = Active(state, version) with { FolderHash = fromFolder ? candidate.Hash : state.FolderHash };
            return StateDraft.Of(PolicyChange.Applied, next, version, isNew: true);
        };
    }

    public Func<ControlState, CancellationToken, ValueTask<StateDraft>> Activate(long number) => async (state, cancellationToken) =>
    {
        if (state.Version == number && state.Hash == inForce())
        {
            return StateDraft.None(ChangeStatus.Unchanged);
        }

        return await CompiledAsync(number, cancellationToken) switch
        {
            (null, null) => StateDraft.None(ChangeStatus.NotFound),
            ({ } version, _) => StateDraft.Of(PolicyChange.Activated, Active(state, version), version, isNew: false),
            var (_, errors) => StateDraft.Invalid(errors!),
        };
    };

    public Func<ControlState, CancellationToken, ValueTask<StateDraft>> AddOverride(PolicyOverride added) => (state, _) =>
    {
        var now = time.GetUtcNow();
        var errors = OverrideCompiler.Check(added, state.Overrides, now).Select(Mistake).ToList();
        if (state.Overrides.Any(one => one.Id == added.Id))
        {
            errors.Add(new PolicyError(new PolicySource("id", 0, 0), "there is an override with this id"));
        }

        return new(errors.Count > 0
            ? StateDraft.Invalid(errors)
            : StateDraft.Of(PolicyChange.OverrideCreated, state with { Overrides = state.Overrides.Add(added) }));
    };

    public static Func<ControlState, CancellationToken, ValueTask<StateDraft>> RemoveOverride(string id, Action<PolicyOverride> removed) => (state, _) =>
    {
        if (state.Overrides.FirstOrDefault(one => one.Id == id) is not { } found)
        {
            return NotFound;
        }

        removed(found);
        return new(StateDraft.Of(PolicyChange.OverrideRemoved, state with { Overrides = state.Overrides.Remove(found) }));
    };

    public Func<ControlState, CancellationToken, ValueTask<StateDraft>> StartCanary(Canary canary, ChangeContext context) => async (state, cancellationToken) =>
    {
        if (CanaryRules.Check(canary, state) is { Count: > 0 } errors)
        {
            return StateDraft.Invalid(errors);
        }

        return await CompiledAsync(canary.Version, cancellationToken) switch
        {
            (null, null) => StateDraft.None(ChangeStatus.NotFound),
            ({ } version, _) => Begin(state, canary, version, context, isNew: false),
            var (_, mistakes) => StateDraft.Invalid(mistakes!),
        };
    };

    public Func<ControlState, CancellationToken, ValueTask<StateDraft>> StartCanary(
        Canary canary, IReadOnlyList<PolicyFile> documents, ChangeContext context, DateTimeOffset at)
    {
        var candidate = new NewVersion(documents, at);
        return async (state, cancellationToken) => CanaryRules.Check(canary, state).Concat(candidate.Errors).ToList() is { Count: > 0 } errors
            ? StateDraft.Invalid(errors)
            : Begin(state, canary, candidate.At(await NextNumberAsync(cancellationToken), state.Version, context), context, isNew: true);
    }

    public static Func<ControlState, CancellationToken, ValueTask<StateDraft>> StopCanary() => (state, _) => state.Canary is null
        ? NotFound
        : new(StateDraft.Of(PolicyChange.CanaryStopped, state with { Canary = null }));

    public Func<ControlState, CancellationToken, ValueTask<StateDraft>> PromoteCanary() => async (state, cancellationToken) =>
    {
        if (state.Canary is not { } canary)
        {
            return StateDraft.None(ChangeStatus.NotFound);
        }

        return await CompiledAsync(canary.Version, cancellationToken) switch
        {
            (null, null) => StateDraft.None(ChangeStatus.NotFound),
            ({ } version, _) => StateDraft.Of(PolicyChange.CanaryPromoted, Active(state, version), version, isNew: false),
            var (_, errors) => StateDraft.Invalid(errors!),
        };
    };

    private static ControlState Active(ControlState state, CompiledVersion version) =>
        state with { Version = version.Stored.Info.Number, Hash = version.Hash, Canary = null };

    private StateDraft Begin(ControlState state, Canary canary, CompiledVersion version, ChangeContext context, bool isNew)
    {
        if (version.Hash == state.Hash)
        {
            return StateDraft.Invalid("version", "the candidate has the documents of the active version; there is nothing to compare");
        }

        var begun = canary with
        {
            Version = version.Stored.Info.Number,
            Tenants = canary.Tenants.IsDefault ? [] : canary.Tenants,
            StartedAt = time.GetUtcNow(),
            Author = context.Author,
            Reason = context.Reason,
        };
        return StateDraft.Of(PolicyChange.CanaryStarted, state with { Canary = begun }, version, isNew);
    }

    // Read under the revision that the commit compares with: a version that another adds meanwhile makes the commit fail.
    private async ValueTask<long> NextNumberAsync(CancellationToken cancellationToken) =>
        await store.ListAsync(1, before: null, cancellationToken) is [var newest, ..] ? newest.Number + 1 : 1;

    // Neither: there is no such version.
    private async ValueTask<(CompiledVersion? Version, IReadOnlyList<PolicyError>? Errors)> CompiledAsync(long number, CancellationToken cancellationToken) =>
        await store.FindAsync(number, cancellationToken) is { } stored ? CompiledVersion.Of(stored, time.GetUtcNow()) : (null, null);

    // "measure.match: is too long": the member is the place.
    private static PolicyError Mistake(string error) => error.Split(": ", 2) is [var member, var problem]
        ? new PolicyError(new PolicySource(member, 0, 0), problem)
        : new PolicyError(new PolicySource("override", 0, 0), error);
}
