using Gateway.Core.Policies.Versions;

namespace Gateway.Core.Policies;

/// <summary>Which of two snapshots governs an exchange while a canary runs.</summary>
public enum PolicyVariant : byte
{
    /// <summary>The active version.</summary>
    Incumbent,

    /// <summary>The candidate.</summary>
    Candidate,
}

/// <summary>The snapshot that governs an exchange.</summary>
/// <param name="Snapshot">The snapshot; null: none was ever loaded.</param>
/// <param name="Variant">Which of the two it is; null: no canary runs.</param>
/// <param name="Trial">Where the exchange is to be counted when it ends; null: no canary runs.</param>
public readonly record struct PolicyChoice(PolicySnapshot? Snapshot, PolicyVariant? Variant, CanaryTrial? Trial);
