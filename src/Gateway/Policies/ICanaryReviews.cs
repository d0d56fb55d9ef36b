namespace Gateway.Policies;

/// <summary>What people found out about a candidate's decisions.</summary>
public interface ICanaryReviews
{
    /// <summary>How many exchanges that the candidate stopped were reviewed as benign.</summary>
    /// <param name="version">The candidate, as decision records show it in <c>policyVersion</c>; they say <c>policyVariant: candidate</c>.</param>
    /// <param name="since">When the canary began.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<int> FalsePositivesAsync(string version, DateTimeOffset since, CancellationToken cancellationToken);
}

/// <summary>Nobody reviews.</summary>
internal sealed class NoCanaryReviews : ICanaryReviews
{
    public ValueTask<int> FalsePositivesAsync(string version, DateTimeOffset since, CancellationToken cancellationToken) => new(0);
}
