using Gateway.Core.Decisions;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Telemetry;

#pragma warning disable CA1873 // the frequent event checks the level first; the arguments of the others are table look-ups

/// <summary>Which completed exchanges are logged. Metrics, spans and records are not affected.</summary>
public enum ExchangeLogging
{
    /// <summary>Every exchange.</summary>
    All,

    /// <summary>Only those that did not end as allowed, or that have findings.</summary>
    NotAllowed,
}

/// <summary>
/// Every event the gateway logs. Templates are constants and properties are declared, so content cannot get into a log by accident; names a
/// client or provider chose go through <see cref="LogText"/>. Where an exception is given, the host's log pipeline keeps its type and stack
/// and drops its message, which may quote input.
/// </summary>
public sealed partial class GatewayLog(ILogger<GatewayLog> logger, ExchangeLogging exchanges = ExchangeLogging.All)
{
    private const int MaxFindings = 16;

    private readonly ILogger _logger = logger;

    /// <summary>An exchange ended.</summary>
    public void ExchangeCompleted(DecisionRecord record)
    {
        var finding = DecisiveFinding.Of(record.Findings);
        if (exchanges == ExchangeLogging.NotAllowed && record.Outcome == Outcome.Allowed && finding is null)
        {
            return;
        }

        var level = record.Outcome switch
        {
            Outcome.Failed => LogLevel.Error,
            Outcome.UpstreamFailed => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        if (!_logger.IsEnabled(level))
        {
            return;
        }

        if (finding is null)
        {
            Completed(
                level, record.Id, record.Tenant, record.Policy, record.PolicyVersion, TelemetryNames.Of(record.Outcome), record.Status,
                record.Reason, LogText.Clean(record.ModelRequested), record.Format, Math.Round(record.DurationMs, 2));
            return;
        }

        Violated(
            level, record.Id, record.Tenant, record.Policy, record.PolicyVersion, TelemetryNames.Of(record.Outcome), record.Status,
            record.Reason, LogText.Clean(record.ModelRequested), record.Format, Math.Round(record.DurationMs, 2),
            TelemetryNames.Of(finding.Threat), TelemetryNames.Of(finding.Guard), finding.Rule, TelemetryNames.Of(finding.Surface),
            TelemetryNames.Of(finding.Action), TelemetryNames.Of(finding.Mode));
        Findings(record);
    }

    /// <summary>A policy snapshot came into force.</summary>
    [LoggerMessage(LogEvents.PolicyLoaded, LogLevel.Information, "Policies loaded: {Policies} policies, version {PolicyVersion}")]
    public partial void PolicyLoaded(int policies, string policyVersion);

    /// <summary>A policy load was refused; each error follows as an event of its own.</summary>
    public void PolicyRejected(IReadOnlyList<PolicyError> errors, string? versionInForce)
    {
        Rejected(errors.Count, versionInForce);
        foreach (var error in errors)
        {
            PolicyError(LogText.Clean(error.Source.File), error.Source.Line, error.Source.Column, LogText.Clean(error.Message));
        }
    }

    /// <summary>The gateway listens.</summary>
    [LoggerMessage(LogEvents.Started, LogLevel.Information, "Gateway {Version} listens: traffic {TrafficUrl}, management {ManagementUrl}")]
    public partial void Started(string version, string trafficUrl, string managementUrl);

    /// <summary>The gateway stops taking work.</summary>
    [LoggerMessage(LogEvents.Draining, LogLevel.Information, "Gateway drains: {Active} exchanges are active")]
    public partial void Draining(long active);

    /// <summary>The gateway stopped.</summary>
    [LoggerMessage(LogEvents.Stopped, LogLevel.Information, "Gateway stopped")]
    public partial void Stopped();

    /// <summary>The time to drain ran out.</summary>
    [LoggerMessage(LogEvents.DrainTimedOut, LogLevel.Warning, "Drain time is over: {Active} exchanges are ended")]
    public partial void DrainTimedOut(long active);

    /// <summary>One attempt at a provider failed. <paramref name="result"/> is a word of <see cref="UpstreamResult"/>.</summary>
    [LoggerMessage(
        LogEvents.UpstreamAttemptFailed, LogLevel.Warning,
        "Attempt {Attempt} at {Provider} failed for {DecisionId}: {Result}, status {UpstreamStatus}, destination {Destination}")]
    public partial void UpstreamAttemptFailed(string decisionId, string provider, string? destination, int attempt, string result, int? upstreamStatus);

    /// <summary>A destination went down or came back.</summary>
    [LoggerMessage(LogEvents.UpstreamHealthChanged, LogLevel.Warning, "Destination {Destination} of {Provider}: healthy {Healthy}")]
    public partial void UpstreamHealthChanged(string provider, string destination, bool healthy);

    /// <summary>A guard could not give a verdict. <paramref name="verdict"/> says whether the exchange went on.</summary>
    public void GuardFailed(string decisionId, GuardId guard, Verdict verdict, string reason, Exception? exception) =>
        GuardFailed(decisionId, TelemetryNames.Of(guard), TelemetryNames.Of(verdict), reason, exception);

    /// <summary>A fault of the gateway ended an exchange.</summary>
    [LoggerMessage(LogEvents.ExchangeFaulted, LogLevel.Error, "Exchange {DecisionId} met a fault of the gateway")]
    public partial void ExchangeFaulted(string decisionId, Exception exception);

    private void Findings(DecisionRecord record)
    {
        for (var i = 0; i < Math.Min(record.Findings.Count, MaxFindings); i++)
        {
            var item = record.Findings[i];
            Finding(
                record.Id, record.Tenant, TelemetryNames.Of(item.Guard), item.Rule, TelemetryNames.Of(item.Threat), TelemetryNames.Of(item.Surface),
                TelemetryNames.Of(item.Action), TelemetryNames.Of(item.Severity), TelemetryNames.Of(item.Mode));
        }
    }

    [LoggerMessage(
        EventId = LogEvents.ExchangeCompleted,
        Message = "Exchange {DecisionId} {Outcome}: tenant {Tenant}, policy {Policy} {PolicyVersion}, status {Status} {Reason}, {Format} {Model}, {DurationMs} ms")]
    private partial void Completed(
        LogLevel level, string decisionId, string? tenant, string? policy, string? policyVersion, string outcome, int status,
        string? reason, string? model, string format, double durationMs);

    [LoggerMessage(
        EventId = LogEvents.ExchangeViolated,
        Message = "Exchange {DecisionId} {Outcome}: tenant {Tenant}, policy {Policy} {PolicyVersion}, status {Status} {Reason}, {Format} {Model}, "
            + "{DurationMs} ms, {Threat} by {Guard} rule {Rule} on {Surface}: {Action} {Mode}")]
    private partial void Violated(
        LogLevel level, string decisionId, string? tenant, string? policy, string? policyVersion, string outcome, int status,
        string? reason, string? model, string format, double durationMs, string threat, string guard, string rule, string surface,
        string action, string mode);

    [LoggerMessage(
        LogEvents.Finding, LogLevel.Information,
        "Finding in {DecisionId}: tenant {Tenant}, {Threat} by {Guard} rule {Rule} on {Surface}, {Severity}: {Action} {Mode}")]
    private partial void Finding(
        string decisionId, string? tenant, string guard, string rule, string threat, string surface, string action, string severity, string mode);

    [LoggerMessage(LogEvents.PolicyRejected, LogLevel.Error, "Policies refused with {Errors} errors; version {PolicyVersion} stays in force")]
    private partial void Rejected(int errors, string? policyVersion);

    [LoggerMessage(LogEvents.PolicyError, LogLevel.Error, "Policy error at {File}:{Line}:{Column}: {Error}")]
    private partial void PolicyError(string? file, int line, int column, string? error);

    [LoggerMessage(LogEvents.GuardFailed, LogLevel.Error, "Guard {Guard} failed in {DecisionId} with {Reason}: {Verdict}")]
    private partial void GuardFailed(string decisionId, string guard, string verdict, string reason, Exception? exception);
}
