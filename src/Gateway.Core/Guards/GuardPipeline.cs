using Gateway.Core.Decisions;
using Gateway.Core.Policies;

namespace Gateway.Core.Guards;

/// <summary>
/// Runs the request guards in order, cheapest first. The first enforced block stops; the rest are recorded as not run. A guard that throws or
/// runs out of time has given no verdict: the policy's <c>onError</c> decides, and by default the exchange is stopped. A guard that an override needs
/// runs and fails closed whatever the policy says.
/// </summary>
public sealed class GuardPipeline(IReadOnlyList<IRequestGuard> guards, TimeProvider time, Action<GuardFault>? onFault = null)
{
    /// <summary>Runs all guards over <paramref name="context"/>.</summary>
    public async ValueTask RunAsync(GuardContext context, CancellationToken cancellationToken)
    {
        foreach (var guard in guards)
        {
            if (!guard.IsNeeded(context.Policy))
            {
                continue;
            }

            if (!context.Policy.Runs(guard.Id))
            {
                context.Runs.Add(new GuardRun(guard.Id, null, "off", 0));
            }
            else if (context.Block is not null || context.FailedClosed is not null)
            {
                context.Runs.Add(new GuardRun(guard.Id, null, "earlier_block", 0));
            }
            else
            {
                await RunOneAsync(guard, context, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask RunOneAsync(IRequestGuard guard, GuardContext context, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var before = context.Findings.Count;
        string? failure = null;
        Exception? thrown = null;
        try
        {
            await EvaluateAsync(guard, context, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            failure = exception is OperationCanceledException or TimeoutException ? "timeout" : "exception";
            thrown = exception;
        }

        context.Close(guard.Id, hasVerdict: failure is null);
        var verdict = failure is null ? VerdictOf(context, before) : Fail(guard, context);
        context.Runs.Add(new GuardRun(guard.Id, verdict, failure, (long)time.GetElapsedTime(started).TotalMicroseconds));
        if (thrown is not null)
        {
            onFault?.Invoke(new GuardFault(context.DecisionId, guard.Id, verdict, failure!, thrown));
        }
    }

    private async ValueTask EvaluateAsync(IRequestGuard guard, GuardContext context, CancellationToken cancellationToken)
    {
        // Most guards only compute and are done by now: no timer, no linked token.
        using var limit = guard is IWaitingGuard ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        var evaluation = guard.EvaluateAsync(context, limit?.Token ?? cancellationToken);
        if (evaluation.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            await evaluation.AsTask().WaitAsync(context.Policy.GuardTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (limit is not null)
        {
            await limit.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static Verdict VerdictOf(GuardContext context, int before)
    {
        var verdict = Verdict.Allowed;
        for (var i = before; i < context.Findings.Count; i++)
        {
            var finding = context.Findings[i];
            if (finding.Blocks)
            {
                return Verdict.Blocked;
            }

            verdict = (finding.Action, finding.Mode) switch
            {
                (PolicyAction.Redact, GuardMode.Enforce) => Verdict.Redacted,
                (PolicyAction.Block, _) when verdict != Verdict.Redacted => Verdict.WouldBlock,
                (PolicyAction.Redact, _) when verdict == Verdict.Allowed => Verdict.WouldRedact,
                _ => verdict,
            };
        }

        return verdict;
    }

    private static Verdict Fail(IRequestGuard guard, GuardContext context)
    {
        if ((context.Policy.OnError == GuardFailure.Allow || context.Policy.ModeOf(guard.Id) != GuardMode.Enforce) && !context.Policy.IsForced(guard.Id))
        {
            return Verdict.Bypassed;
        }

        context.FailedClosed = guard.Id;
        return Verdict.Error;
    }
}

/// <summary>A guard that could not give a verdict.</summary>
/// <param name="DecisionId">The exchange.</param>
/// <param name="Guard">The guard.</param>
/// <param name="Verdict">What the policy made of it.</param>
/// <param name="Reason"><c>timeout</c> or <c>exception</c>.</param>
/// <param name="Exception">What was thrown.</param>
public readonly record struct GuardFault(string DecisionId, GuardId Guard, Verdict Verdict, string Reason, Exception Exception);

/// <summary>Marks a guard that waits for something (a model, a service) and so needs a token that fires when its time is up.</summary>
public interface IWaitingGuard : IRequestGuard;
