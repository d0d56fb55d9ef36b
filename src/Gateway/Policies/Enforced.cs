using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;

namespace Gateway.Policies;

/// <summary>A state with everything that it needs to be enforced.</summary>
/// <param name="State">The state.</param>
/// <param name="Active">The version to enforce: the active one, or what stands in for it; null: there is none at all.</param>
/// <param name="Candidate">The candidate of its canary; null: none runs, or it cannot be enforced.</param>
/// <param name="Overrides">The overrides.</param>
internal sealed record Enforced(ControlState State, CompiledVersion? Active, CompiledVersion? Candidate, OverrideSet Overrides)
{
    /// <summary>What a gateway enforces on which nothing was applied.</summary>
    public static Enforced Nothing { get; } = new(ControlState.Empty, null, null, OverrideSet.None);

    /// <summary>What of the state cannot be enforced as it is, for an operator; null: nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>The mistakes behind <see cref="Problem"/>.</summary>
    public IReadOnlyList<PolicyError> Errors { get; init; } = [];
}
