using Gateway.Core.Policies;
using Gateway.Core.Policies.Versions;
using Gateway.Core.Telemetry;

namespace Gateway.Policies;

/// <summary>
/// Compares a canary's candidate with the incumbent once a second, and ends the canary when it is past its limits. Each instance judges what completed on itself;
/// the first that sees a limit passed ends it for all. Nobody has to watch, and nobody has to be there to roll back.
/// </summary>
public sealed class CanaryWatch(PolicyControl control, PolicyStore policies, ICanaryReviews reviews, TimeProvider time, PolicyLog log) : BackgroundService
{
    /// <summary>Author of the changes it makes.</summary>
    public const string Author = "canary";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>One look. True: the canary was ended.</summary>
    public async ValueTask<bool> LookAsync(CancellationToken cancellationToken)
    {
        // State first: if another change comes in between, the revision does not fit and nothing is ended by mistake.
        var state = control.Current;
        if (state.Canary is not { } canary || policies.Trial is not { } trial || trial.Canary.StartedAt != canary.StartedAt)
        {
            return false;
        }

        var falsePositives = await reviews.FalsePositivesAsync(trial.CandidateVersion, canary.StartedAt, cancellationToken);
        if (CanaryVerdict.Of(trial, falsePositives) is not { } reason)
        {
            return false;
        }

        var result = await control.StopCanaryAsync(new ChangeContext(Author, reason, ChangeSource.Api), state.Revision, cancellationToken);
        if (result.Status == ChangeStatus.Changed)
        {
            log.CanaryRolledBack(canary.Version, reason);
        }

        return result.Status == ChangeStatus.Changed;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The store or the reviews cannot answer. The loop must not end: nobody else would end the canary.
                log.CanaryNotJudged(exception);
            }
        }
    }
}
