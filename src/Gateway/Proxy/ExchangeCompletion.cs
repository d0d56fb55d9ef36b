using System.Diagnostics;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Limits;
using Gateway.Core.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Proxy;

/// <summary>An attempt upstream that is under way.</summary>
internal readonly record struct UpstreamAttempt(Activity? Span, long Started);

/// <summary>
/// The one place where an exchange begins and ends for metrics, spans, log and record. All of them come from the same record, so they cannot
/// disagree, and nothing here waits.
/// </summary>
internal sealed class ExchangeCompletion(
    GatewayMetrics metrics, GatewayTracing tracing, GatewayLog log, ExchangeTelemetry telemetry, IDecisionSink sink, DecisionIds ids, TimeProvider time)
{
    private long _active;

    /// <summary>Exchanges under way.</summary>
    public long Active => Interlocked.Read(ref _active);

    public Exchange Begin(FormatId format)
    {
        Interlocked.Increment(ref _active);
        metrics.ExchangeStarted(format);
        return new Exchange(time, format, ids) { TraceId = Activity.Current?.TraceId.ToHexString() };
    }

    /// <summary>Counts an admission.</summary>
    public void Limited(Exchange exchange, LimitDenial denial, bool admitted)
    {
        if (!admitted)
        {
            metrics.Limit(denial.Limit, LimitDecision.Denied, exchange.Tenant);
        }
        else if (exchange.Policy!.Limits.Requests is not null)
        {
            metrics.Limit(LimitKind.Requests, LimitDecision.Allowed, exchange.Tenant);
        }
    }

    /// <summary>Measures a phase that began at <paramref name="started"/>; returns now.</summary>
    public long Phase(OverheadPhase phase, long started)
    {
        var now = time.GetTimestamp();
        metrics.Overhead(phase, time.GetElapsedTime(started, now));
        return now;
    }

    public UpstreamAttempt AttemptStarted(ExchangeFeature feature)
    {
        var exchange = feature.Exchange;
        exchange.MarkUpstreamStart();
        var call = new InferenceCall(
            exchange.Provider!, exchange.ModelSent!, feature.Provider!.Destinations[0].Value, exchange.Request!.Stream);
        return new UpstreamAttempt(tracing.StartInference(call), time.GetTimestamp());
    }

    public void AttemptEnded(UpstreamAttempt attempt, ExchangeFeature feature, ForwarderError? failure)
    {
        var exchange = feature.Exchange;
        metrics.UpstreamAttempt(exchange.Provider!, Result(feature, failure));
        if (feature.Stream?.FirstChunk is { } first)
        {
            metrics.UpstreamFirstChunk(exchange.Provider!, exchange.ModelSent, time.GetElapsedTime(attempt.Started, first));
            GatewayTracing.FirstChunk(attempt.Span, time.GetElapsedTime(attempt.Started, first));
        }

        feature.InferenceSpan = attempt.Span;
        if (feature.WantsRetry || attempt.Span is null)
        {
            attempt.Span?.Dispose();
        }
    }

    /// <summary>A guard could not give a verdict.</summary>
    public void GuardFailed(GuardFault fault) => log.GuardFailed(fault.DecisionId, fault.Guard, fault.Verdict, fault.Reason, fault.Exception);

    /// <summary>The gateway itself failed.</summary>
    public void Faulted(Exchange exchange, Exception exception) => log.ExchangeFaulted(exchange.Id, exception);

    /// <summary>Ends the exchange. Called once, from the <c>finally</c> of the request path.</summary>
    public void Complete(Exchange exchange, HttpContext context)
    {
        var server = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpActivityFeature>()?.Activity;
        var record = exchange.ToRecord();
        sink.TryWrite(record);
        var feature = ExchangeFeature.Of(context);
        if (record.PolicyVariant is { } variant)
        {
            feature.Trial?.Count(variant, record);
        }

        if (feature.InferenceSpan is { } span)
        {
            GatewayTracing.CompleteInference(span, record);
            span.Dispose();
        }

        if (feature.Stream is { } stream)
        {
            Measure(stream, exchange);
        }

        metrics.Overhead(OverheadPhase.Total, TimeSpan.FromMilliseconds(Math.Max(0, record.DurationMs - (record.UpstreamMs ?? 0))));
        telemetry.Complete(server, exchange.Format, record);
        Interlocked.Decrement(ref _active);
    }

    private void Measure(InspectedSseStream stream, Exchange exchange)
    {
        if (stream is { FirstChunk: { } chunk, FirstRelease: { } release })
        {
            metrics.StreamFirstRelease(exchange.Format, time.GetElapsedTime(chunk, release));
        }

        if (stream.Held > TimeSpan.Zero)
        {
            metrics.StreamHoldback(stream.HeldToolCall ? HoldbackReason.ToolCall : HoldbackReason.TextWindow, stream.Held);
        }

        if (exchange.Outcome == Outcome.Cut)
        {
            metrics.StreamCut(exchange.Error switch
            {
                ErrorCode.PolicyBlocked when stream.Inspector.Block is { Override: not null } => CutReason.Override,
                ErrorCode.PolicyBlocked => CutReason.Violation,
                ErrorCode.GuardFailed => CutReason.GuardError,
                _ => CutReason.Timeout,
            });
        }
    }

    private static UpstreamResult Result(ExchangeFeature feature, ForwarderError? failure)
    {
        if (feature.WantsRetry)
        {
            return UpstreamResult.Retried;
        }

        if (failure == ForwarderError.RequestTimedOut || feature.Stream?.Inspector.End == StreamEnd.UpstreamTimeout)
        {
            return UpstreamResult.Timeout;
        }

        var failed = failure is not (null or ForwarderError.None) || feature.Exchange.UpstreamStatus is null or >= 500 or 429
            || feature.Stream?.Inspector.End is StreamEnd.UpstreamFault or StreamEnd.ProviderError;
        return failed ? UpstreamResult.Error : UpstreamResult.Success;
    }
}
