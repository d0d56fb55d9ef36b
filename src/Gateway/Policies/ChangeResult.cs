using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>What came of a change.</summary>
public enum ChangeStatus : byte
{
    /// <summary>Committed, and in force on this instance.</summary>
    Changed,

    /// <summary>What was asked for is in force already; nothing was committed.</summary>
    Unchanged,

    /// <summary>The state is not at the revision that was expected; nothing was committed.</summary>
    Conflict,

    /// <summary>There are mistakes; nothing was committed.</summary>
    Invalid,

    /// <summary>The version, override or canary does not exist; nothing was committed.</summary>
    NotFound,
}

/// <summary>What came of a change.</summary>
/// <param name="Status">What.</param>
/// <param name="State">The state now: the new one when something changed.</param>
public sealed record ChangeResult(ChangeStatus Status, ControlState State)
{
    /// <summary>The version that was made or activated, if one was.</summary>
    public VersionInfo? Version { get; init; }

    /// <summary>With <see cref="ChangeStatus.Invalid"/>, all mistakes at once; empty otherwise.</summary>
    public IReadOnlyList<PolicyError> Errors { get; init; } = [];

    /// <summary>Whether what was asked for is in force now.</summary>
    public bool Succeeded => Status is ChangeStatus.Changed or ChangeStatus.Unchanged;
}
