using System.Globalization;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Policies.Versions;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Telemetry;

#pragma warning disable CA1873 // changes are rare; the arguments are table look-ups

/// <summary>
/// Log events about changes of policies. Reasons are an operator's text and are logged, made safe like any text from outside. Rule text, patterns and documents are not.
/// </summary>
public sealed partial class PolicyLog(ILogger<PolicyLog> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>A change is in force on this instance.</summary>
    public void Changed(PolicyChange change, ControlState state, string? versionInForce, string author, string reason) => Changed(
        PolicyTerms.Of(change), state.Revision, state.Version, versionInForce, LogText.Clean(author), LogText.Clean(reason));

    /// <summary>An override ended by itself.</summary>
    public void Expired(PolicyOverride expired) => Expired(
        LogText.Clean(expired.Id), TelemetryTerms.Of(OverrideClasses.Of(expired)), LogText.Clean(expired.Author), LogText.Clean(expired.Reason));

    /// <summary>Documents of the folder that are not those of the active version, or that agree again.</summary>
    public void Drift(IReadOnlyList<string> added, IReadOnlyList<string> removed, IReadOnlyList<string> changed)
    {
        if (added.Count + removed.Count + changed.Count == 0)
        {
            DriftEnded();
        }
        else
        {
            Drifted(Names(added), Names(removed), Names(changed));
        }
    }

    /// <summary>What the state asks for cannot be put into force by this build.</summary>
    [LoggerMessage(LogEvents.PolicySubstituted, LogLevel.Error, "Revision {Revision} cannot be enforced as it is: {Problem}")]
    public partial void Substituted(long revision, string problem);

    /// <summary>The store of state and versions cannot answer.</summary>
    [LoggerMessage(LogEvents.ControlStoreLost, LogLevel.Error, "The control store cannot be used; revision {Revision} stays in force: {Problem}")]
    public partial void StoreLost(long revision, string problem);

    /// <summary>It answers again.</summary>
    [LoggerMessage(LogEvents.ControlStoreBack, LogLevel.Information, "The control store can be used again; revision {Revision} is in force")]
    public partial void StoreBack(long revision);

    /// <summary>The store had lost what is in force here, and was given it back.</summary>
    [LoggerMessage(LogEvents.ControlStoreRestored, LogLevel.Warning, "The control store was at revision {Found} and was given back {Revision}, which is in force here")]
    public partial void StoreRestored(long found, long revision);

    /// <summary>A canary went past a limit and was ended without anybody asking.</summary>
    public void CanaryRolledBack(long version, string reason) => RolledBack(version, LogText.Clean(reason));

    /// <summary>A canary could not be compared with its limits, or could not be ended; it is tried again.</summary>
    [LoggerMessage(LogEvents.CanaryNotJudged, LogLevel.Error, "The canary could not be judged or ended; it is tried again")]
    public partial void CanaryNotJudged(Exception exception);

    [LoggerMessage(LogEvents.CanaryRolledBack, LogLevel.Warning, "Canary of version {Version} rolled back: {Reason}")]
    private partial void RolledBack(long version, string reason);

    [LoggerMessage(
        LogEvents.PolicyChanged, LogLevel.Information,
        "Policy change {Change}: revision {Revision}, version {Version} ({PolicyVersion}), by {Author}: {Reason}")]
    private partial void Changed(string change, long revision, long? version, string? policyVersion, string author, string reason);

    [LoggerMessage(LogEvents.OverrideExpired, LogLevel.Information, "Override {OverrideId} ({Kind}) of {Author} expired: {Reason}")]
    private partial void Expired(string overrideId, string kind, string author, string reason);

    [LoggerMessage(
        LogEvents.PolicyDrifted, LogLevel.Warning,
        "The policies folder is not what is in force. Only in the folder: {Added}. Only in force: {Removed}. Different: {Different}")]
    private partial void Drifted(string added, string removed, string different);

    [LoggerMessage(LogEvents.PolicyDriftEnded, LogLevel.Information, "The policies folder is what is in force")]
    private partial void DriftEnded();

    private static string Names(IReadOnlyList<string> names) => names.Count == 0
        ? "none"
        : LogText.Clean(string.Create(CultureInfo.InvariantCulture, $"{names.Count}: {string.Join(", ", names.Take(5))}"));
}
