using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>What a change would make of a state, or why it makes nothing.</summary>
internal sealed record StateDraft
{
    private StateDraft()
    {
    }

    /// <summary>The next state, without revision, time and author; null: nothing changes.</summary>
    public ControlState? Next { get; private init; }

    /// <summary>What kind of change it is.</summary>
    public PolicyChange Change { get; private init; }

    /// <summary>The version that the next state names and that is compiled already.</summary>
    public CompiledVersion? Version { get; private init; }

    /// <summary>Whether <see cref="Version"/> is new and goes into the store with the state.</summary>
    public bool IsNewVersion { get; private init; }

    /// <summary>Why nothing changes.</summary>
    public ChangeStatus Refusal { get; private init; }

    /// <summary>All mistakes behind it.</summary>
    public IReadOnlyList<PolicyError> Errors { get; private init; } = [];

    public static StateDraft Of(PolicyChange change, ControlState next) => new() { Change = change, Next = next };

    public static StateDraft Of(PolicyChange change, ControlState next, CompiledVersion version, bool isNew) =>
        new() { Change = change, Next = next, Version = version, IsNewVersion = isNew };

    public static StateDraft None(ChangeStatus refusal) => new() { Refusal = refusal };

    public static StateDraft Invalid(IReadOnlyList<PolicyError> errors) => new() { Refusal = ChangeStatus.Invalid, Errors = errors };

    public static StateDraft Invalid(string source, string message) => Invalid([new PolicyError(new PolicySource(source, 0, 0), message)]);
}
