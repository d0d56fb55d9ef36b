using System.Collections.Immutable;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Policies.Versions;

/// <summary>
/// What is in force, for a whole fleet: one version of the documents, the overrides, the canary. Immutable; each change makes a state with the next
/// revision, so that of two changes made at once one is refused and nobody overwrites the other.
/// </summary>
public sealed record ControlState
{
    /// <summary>Grows by one with each change; the ETag of the management API. 0: nothing was ever applied.</summary>
    public required long Revision { get; init; }

    /// <summary>The number of the active version; null before the first.</summary>
    public long? Version { get; init; }

    /// <summary>The hash of the active version's documents; null before the first. Instances that hold these documents need not load them.</summary>
    public string? Hash { get; init; }

    /// <summary>
    /// The hash of the documents that a policies folder brought last, whichever instance it was. A folder that still holds them brings nothing new, so that an
    /// instance that starts does not undo what was applied since by the other door.
    /// </summary>
    public string? FolderHash { get; init; }

    /// <summary>The overrides that were not removed; those that expired may still stand here, and have no effect.</summary>
    public ImmutableArray<PolicyOverride> Overrides { get; init; } = [];

    /// <summary>The canary that is running, if any.</summary>
    public Canary? Canary { get; init; }

    /// <summary>When this state was made.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string ChangedBy { get; init; } = "";

    /// <summary>The state of a gateway on which nothing was applied yet.</summary>
    public static ControlState Empty { get; } = new() { Revision = 0 };
}

/// <summary>A candidate version that some of the traffic is judged by.</summary>
/// <param name="Version">The number of the candidate.</param>
/// <param name="Percent">Share of keys, 1 to 100, chosen by a stable hash of tenant and key id; 0: only <paramref name="Tenants"/>.</param>
/// <param name="Tenants">Tenants that get the candidate whatever the percentage.</param>
/// <param name="Limits">When it rolls itself back.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Author">Who began it.</param>
/// <param name="Reason">Why.</param>
public sealed record Canary(
    long Version, int Percent, ImmutableArray<string> Tenants, CanaryLimits Limits, DateTimeOffset StartedAt, string Author, string Reason);

/// <summary>How much worse than the incumbent a candidate may be.</summary>
/// <param name="BlockRate">Largest difference of the share of blocked and cut exchanges, 0 to 1.</param>
/// <param name="ErrorRate">Largest difference of the share of failed exchanges, 0 to 1.</param>
/// <param name="LatencyRatio">Largest ratio of the time the gateway adds at the 95th percentile.</param>
/// <param name="FalsePositives">Most exchanges that were blocked by the candidate and reviewed as benign.</param>
/// <param name="MinimumExchanges">Exchanges of the candidate before rates count.</param>
public sealed record CanaryLimits(
    double BlockRate = 0.05, double ErrorRate = 0.02, double LatencyRatio = 2, int FalsePositives = 3, int MinimumExchanges = 50);
