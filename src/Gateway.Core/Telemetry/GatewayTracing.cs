using System.Diagnostics;
using Gateway.Core.Decisions;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using A = Gateway.Core.Telemetry.TraceAttributes;

namespace Gateway.Core.Telemetry;

/// <summary>What a call to a provider is about to do.</summary>
/// <param name="Provider">Provider family, from configuration: <c>openai</c>, <c>anthropic</c>.</param>
/// <param name="Model">Model sent.</param>
/// <param name="Server">Address of the destination; only host and port are recorded, since a query may hold a key.</param>
/// <param name="Stream">Whether a stream is asked for.</param>
public readonly record struct InferenceCall(string Provider, string Model, Uri? Server, bool Stream);

/// <summary>
/// The gateway's spans. Without a listener every method costs a field read. Nothing recorded here is content; names that a client chose go
/// through <see cref="LogText"/> first.
/// </summary>
public sealed class GatewayTracing : IDisposable
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "Gateway";

    private readonly ActivitySource _source;

    /// <summary>Makes the source.</summary>
    public GatewayTracing(BuildIdentity build) => _source = new ActivitySource(SourceName, build.Version);

    /// <summary>Starts the CLIENT span of one model call; null when nobody listens. The caller disposes it at the provider's last byte.</summary>
    public Activity? StartInference(in InferenceCall call)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var model = LogText.Clean(call.Model);
        var tags = new ActivityTagsCollection
        {
            [A.GenAiOperation] = TraceOperations.Chat,
            [A.GenAiProvider] = call.Provider,
            [A.GenAiRequestModel] = model,
        };
        if (call.Server is { } server)
        {
            tags[A.ServerAddress] = server.Host;
            tags[A.ServerPort] = server.Port;
        }

        if (call.Stream)
        {
            tags[A.GenAiRequestStream] = true;
        }

        return _source.StartActivity($"{TraceOperations.Chat} {model}", ActivityKind.Client, default(ActivityContext), tags);
    }

    /// <summary>Starts an INTERNAL span for one of the gateway's own phases, such as <c>gateway.request_guards</c>.</summary>
    public Activity? StartPhase(OverheadPhase phase) =>
        _source.HasListeners() ? _source.StartActivity("gateway." + TelemetryTerms.Of(phase), ActivityKind.Internal) : null;

    /// <summary>Notes that the first chunk came, on the CLIENT span.</summary>
    public static void FirstChunk(Activity? inference, TimeSpan elapsed)
    {
        inference?.AddEvent(new ActivityEvent("first_chunk"));
        inference?.SetTag(A.GenAiTimeToFirstChunk, elapsed.TotalSeconds);
    }

    /// <summary>Notes that the gateway ended the stream, on the CLIENT span.</summary>
    public static void Cut(Activity? inference, CutReason reason) =>
        inference?.AddEvent(new ActivityEvent("cut", tags: new ActivityTagsCollection { [A.Reason] = TelemetryTerms.Of(reason) }));

    /// <summary>Completes the CLIENT span with what the provider reported. Only a failure of the provider is an error.</summary>
    public static void CompleteInference(Activity? inference, DecisionRecord record)
    {
        if (inference is not { IsAllDataRequested: true })
        {
            return;
        }

        inference.SetTag(A.GenAiResponseId, LogText.Clean(record.ResponseId));
        inference.SetTag(A.GenAiResponseModel, LogText.Clean(record.ModelReported));
        inference.SetTag(A.DecisionId, record.Id);
        inference.SetTag(A.Destination, record.Destination);
        if (record.FinishReasons.Count > 0)
        {
            inference.SetTag(A.GenAiFinishReasons, record.FinishReasons.Select(reason => LogText.Clean(reason)!).ToArray());
        }

        if (record.Usage is { } usage)
        {
            inference.SetTag(A.GenAiInputTokens, usage.Input);
            inference.SetTag(A.GenAiOutputTokens, usage.Output);
            SetPositive(inference, A.GenAiCacheReadTokens, usage.CacheRead);
            SetPositive(inference, A.GenAiCacheWriteTokens, usage.CacheWrite);
            SetPositive(inference, A.GenAiReasoningTokens, usage.Reasoning);
        }

        if (UpstreamMeasurements.ErrorType(record) is { } error)
        {
            inference.SetTag(A.ErrorType, error);
            inference.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>
    /// Puts the outcome on the SERVER span. A policy block is a correct answer and leaves the status alone; only a failure of the gateway or of
    /// a provider is an error.
    /// </summary>
    public static void CompleteServer(Activity? server, FormatId format, DecisionRecord record)
    {
        if (server is not { IsAllDataRequested: true })
        {
            return;
        }

        server.SetTag(A.DecisionId, record.Id);
        server.SetTag(A.Outcome, TelemetryNames.Of(record.Outcome));
        server.SetTag(A.Format, TelemetryNames.Of(format));
        server.SetTag(A.TenantId, record.Tenant);
        server.SetTag(A.PolicyName, record.Policy);
        server.SetTag(A.PolicyVersion, record.PolicyVersion);
        server.SetTag(A.Overrides, record.Overrides?.ToArray());
        server.SetTag(A.ModelRequested, LogText.Clean(record.ModelRequested));
        server.SetTag(A.Reason, record.Reason);
        server.SetTag(A.Attempts, record.Attempts);
        server.SetTag(A.InspectedText, record.InspectedRequestText + record.InspectedResponseText);
        server.SetTag(A.DeliveredBytes, record.ResponseBytes);
        server.SetTag(A.AddedLatencyMs, (long)Math.Max(0, record.DurationMs - (record.UpstreamMs ?? 0)));
        Findings(server, record.Findings);
        Guards(server, record.Guards);
        if (record.Outcome is Outcome.Failed or Outcome.UpstreamFailed)
        {
            server.SetTag(A.ErrorType, record.Reason ?? TelemetryNames.Of(record.Outcome));
            server.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static void Findings(Activity server, IReadOnlyList<Finding> findings)
    {
        if (DecisiveFinding.Of(findings) is { } finding)
        {
            server.SetTag(A.ViolationThreat, TelemetryNames.Of(finding.Threat));
            server.SetTag(A.ViolationGuard, TelemetryNames.Of(finding.Guard));
            server.SetTag(A.ViolationRule, finding.Rule);
        }

        server.SetTag(A.Tainted, findings.Any(item => item is { Action: PolicyAction.Taint, Mode: GuardMode.Enforce }));
    }

    private static void Guards(Activity server, IReadOnlyList<GuardRun> guards)
    {
        server.SetTag(A.FailOpen, guards.Any(run => run.Verdict == Verdict.Bypassed));
        foreach (var run in guards)
        {
            if (run.Verdict is { } verdict)
            {
                server.AddEvent(new ActivityEvent("guard", tags: new ActivityTagsCollection
                {
                    [A.Guard] = TelemetryNames.Of(run.Guard),
                    [A.Verdict] = TelemetryNames.Of(verdict),
                    [A.DurationUs] = run.Microseconds,
                }));
            }
        }
    }

    private static void SetPositive(Activity activity, string name, long value)
    {
        if (value > 0)
        {
            activity.SetTag(name, value);
        }
    }
}
