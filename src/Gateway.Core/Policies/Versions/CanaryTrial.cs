using Gateway.Core.Decisions;

namespace Gateway.Core.Policies.Versions;

/// <summary>
/// A canary under way on this instance: whom it covers, and what has completed on either side since it began. An exchange keeps the trial that it was admitted
/// under, so one that ends late is counted where it belongs. Thread-safe; counting allocates nothing.
/// </summary>
public sealed class CanaryTrial
{
    private readonly CanaryShare _share;

    /// <summary>Begins to count.</summary>
    /// <param name="canary">The canary.</param>
    /// <param name="candidate">The version of the candidate's snapshot.</param>
    public CanaryTrial(Canary canary, string candidate)
    {
        Canary = canary;
        CandidateVersion = candidate;
        _share = new CanaryShare(candidate, canary.Percent, canary.Tenants.IsDefault ? [] : canary.Tenants);
    }

    /// <summary>The canary.</summary>
    public Canary Canary { get; }

    /// <summary>The first digits of the hash of the candidate's documents, as decision records show them.</summary>
    public string CandidateVersion { get; }

    /// <summary>What the active version did.</summary>
    public CanarySide Incumbent { get; } = new();

    /// <summary>What the candidate did.</summary>
    public CanarySide Candidate { get; } = new();

    /// <summary>Whether the candidate governs this key.</summary>
    public bool Covers(string tenant, string? keyId) => _share.Covers(tenant, keyId);

    /// <summary>Counts a completed exchange.</summary>
    public void Count(PolicyVariant variant, DecisionRecord record) => (variant == PolicyVariant.Candidate ? Candidate : Incumbent).Count(record);
}
