using System.Collections.Immutable;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Policies.Overrides;

/// <summary>What an override would have done to an exchange.</summary>
public enum PreviewVerdict : byte
{
    /// <summary>Nothing, or the exchange was stopped anyway.</summary>
    No,

    /// <summary>Stopped it.</summary>
    Yes,

    /// <summary>The record does not hold what this depends on: content, rates, arguments.</summary>
    Unknown,
}

/// <summary>
/// Tells from the facts of a record whether an override would have stopped its exchange. Pure; made once for many records. Never guesses: what a
/// record cannot say is <see cref="PreviewVerdict.Unknown"/>, and to be counted as such.
/// </summary>
/// <param name="item">The override; its expiry does not count.</param>
public sealed class OverridePreview(PolicyOverride item)
{
    private static readonly ImmutableArray<string> s_thirdPartyUses =
    [
        TelemetryNames.Of(Capability.StoredHistory), TelemetryNames.Of(Capability.StoredFile), TelemetryNames.Of(Capability.RemoteContent),
        TelemetryNames.Of(Capability.BinaryDocument), TelemetryNames.Of(Capability.ProviderTool), TelemetryNames.Of(Capability.Connector),
    ];

    private static readonly string s_secondModel = TelemetryNames.Of(Capability.SecondModel);
    private static readonly string s_remoteContent = TelemetryNames.Of(Capability.RemoteContent);
    private readonly ToolRule? _tool = new CompiledOverride(item).Tool;

    /// <summary>Whether <paramref name="item"/> would have stopped the exchange of <paramref name="record"/>, had it been in force.</summary>
    public static PreviewVerdict WouldStop(PolicyOverride item, DecisionRecord record) => new OverridePreview(item).WouldStop(record);

    /// <summary>Whether the override would have stopped the exchange of <paramref name="record"/>, had it been in force.</summary>
    public PreviewVerdict WouldStop(DecisionRecord record)
    {
        if (record.Outcome is Outcome.Blocked or Outcome.Limited or Outcome.Refused || record.Tenant is null)
        {
            return PreviewVerdict.No;
        }

        var inScope = InScope(item.Scope, record);
        if (inScope == PreviewVerdict.No)
        {
            return PreviewVerdict.No;
        }

        var stopped = Stopped(record);
        return stopped == PreviewVerdict.Yes ? inScope : stopped;
    }

    private PreviewVerdict Stopped(DecisionRecord record) => item.Measure.Kind switch
    {
        OverrideKind.Block => PreviewVerdict.Yes,
        OverrideKind.Tool => Tool(record),
        OverrideKind.Pattern => Unless(record is not { DeliveredRequestText: 0, DeliveredResponseText: 0 }),
        OverrideKind.Host => Unless(record is not { ThirdPartyText: null, Tools: null } || Uses(record, s_remoteContent)),
        OverrideKind.Limit => Limit(item.Measure.Limits, record),
        OverrideKind.Enforce => Enforce(item.Measure.Rule, record),
        OverrideKind.ThirdParty => ThirdParty(record),
        _ => PreviewVerdict.Unknown,
    };

    private static PreviewVerdict InScope(OverrideScope scope, DecisionRecord record)
    {
        var isOther = !Names(scope.Tenants, record.Tenant) || !Names(scope.Applications, record.Application) || !Names(scope.Keys, record.KeyId)
            || !Names(scope.EndUsers, record.EndUserHash) || !Names(scope.Formats, record.Format);
        if (isOther || scope.Models.IsDefaultOrEmpty)
        {
            return isOther ? PreviewVerdict.No : PreviewVerdict.Yes;
        }

        if (Matches(scope.Models, record.ModelRequested) || Matches(scope.Models, record.ModelSent))
        {
            return PreviewVerdict.Yes;
        }

        // Which other model it was, the record does not say.
        return Uses(record, s_secondModel) ? PreviewVerdict.Unknown : PreviewVerdict.No;
    }

    private static bool Names(ImmutableArray<string> names, string? name) => names.IsDefaultOrEmpty || (name is not null && names.Contains(name));

    private static bool Matches(ImmutableArray<string> names, string? model) => model is not null && ModelNames.Any(names, model);

    private static bool Uses(DecisionRecord record, string capability) =>
        record.Findings.Any(finding => finding.Guard == GuardId.Capability && finding.Rule == capability);

    private PreviewVerdict Tool(DecisionRecord record)
    {
        if (_tool is not { } rule)
        {
            return PreviewVerdict.Unknown;
        }

        if (record.Tools is not { } tools)
        {
            return PreviewVerdict.No;
        }

        // The record does not say who executes a tool; a name is compared as if it were the provider's, which is the wider way.
        var isCalled = tools.Called.Any(name => rule.Names(name, providerSide: true));
        var isDeclared = tools.Declared.Any(name => rule.StopsDeclaration(new ToolDeclaration(name, IsConnector(name))) || rule.Names(name, providerSide: true));
        return (rule.Arguments, rule.NeedsApproval) switch
        {
            (not null, _) => isCalled ? PreviewVerdict.Unknown : Unless(tools.Truncated),

            // Calls that the client replays pass, and so do declarations of its own tools.
            (_, true) => isCalled || isDeclared ? PreviewVerdict.Unknown : Unless(tools.Truncated),
            _ => isCalled || isDeclared ? PreviewVerdict.Yes : Unless(tools.Truncated),
        };
    }

    private static bool IsConnector(string name) => ProviderToolName.Normalize(name) == "mcp";

    private static PreviewVerdict Unless(bool unknown) => unknown ? PreviewVerdict.Unknown : PreviewVerdict.No;

    private static PreviewVerdict Limit(OverrideLimits? limits, DecisionRecord record)
    {
        if (limits is null)
        {
            return PreviewVerdict.Unknown;
        }

        // Text that was redacted is counted as it was sent.
        if (record.RequestBytes > limits.BodyBytes || record.DeliveredRequestText > limits.TextLength || (record.Tools?.Declared.Count ?? 0) > limits.Tools)
        {
            return PreviewVerdict.Yes;
        }

        var depends = limits.RequestsPerMinute is not null || limits.UserRequestsPerMinute is not null || limits.Concurrency is not null
            || limits.OutputTokens is not null || (limits.Tools is not null && record.Tools is { Truncated: true });
        return Unless(depends);
    }

    private static PreviewVerdict Enforce(string? rule, DecisionRecord record) =>
        record.Findings.Any(finding => finding is { Mode: GuardMode.Monitor, Action: PolicyAction.Block }
            && (rule is null || (finding.Guard == GuardId.Content && finding.Rule == rule)))
            ? PreviewVerdict.Yes
            : PreviewVerdict.No;

    // What the answer brought is not counted apart, and only where the provider may fetch something there can be any.
    private static PreviewVerdict ThirdParty(DecisionRecord record) =>
        record.ThirdPartyText is not null || record.Findings.Any(finding => finding.Guard == GuardId.Capability && s_thirdPartyUses.Contains(finding.Rule))
            ? PreviewVerdict.Yes
            : PreviewVerdict.No;
}
