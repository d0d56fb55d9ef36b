using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// One override, ready to use. One that this build cannot compile (it was accepted by another one) stops everything in its scope: a measure that
/// somebody relies on must not vanish.
/// </summary>
internal sealed class CompiledOverride
{
    private static readonly ImmutableArray<Surface> s_everywhere = [.. Enum.GetValues<Surface>()];

    // Arguments are where the address of a page that is to be fetched stands, and mostly the only place where its host is named.
    private static readonly ImmutableArray<Surface> s_hostSurfaces =
        [Surface.ToolResult, Surface.Document, Surface.ToolDefinition, Surface.ToolArguments, Surface.Metadata];

    private readonly OverrideScope _scope;
    private readonly ImmutableArray<FormatId> _formats;
    private readonly DateTimeOffset _expiresAt;

    public CompiledOverride(PolicyOverride source)
    {
        Id = source.Id;
        _scope = source.Scope;
        _expiresAt = source.ExpiresAt;
        _formats = [.. Enum.GetValues<FormatId>().Where(format => Given(source.Scope.Formats).Contains(TelemetryNames.Of(format)))];
        Kind = source.Measure.Kind;
        Measure = source.Measure;
        if (Kind is OverrideKind.Pattern or OverrideKind.Host)
        {
            Rule = RuleOf(source.Measure);
        }
        else if (Kind == OverrideKind.Tool)
        {
            Tool = ToolOf(source.Measure);
        }

        var isReadable = Kind switch
        {
            OverrideKind.Pattern or OverrideKind.Host => Rule is not null,
            OverrideKind.Tool => Tool is not null,
            OverrideKind.Limit => Measure.Limits is not null,
            _ => Enum.IsDefined(Kind),
        };
        Kind = isReadable ? Kind : OverrideKind.Block;
    }

    public string Id { get; }

    public OverrideKind Kind { get; }

    public OverrideMeasure Measure { get; }

    public OverrideLimits Limits => Measure.Limits!;

    /// <summary>The content rule that it brings.</summary>
    public ContentRule? Rule { get; }

    /// <summary>The tool that it stops.</summary>
    public ToolRule? Tool { get; }

    /// <summary>The models that a kill switch is for; empty: all.</summary>
    public ImmutableArray<string> Models => Given(_scope.Models);

    /// <summary>Whether it changes which text is refused.</summary>
    public bool ChangesContent => Kind is OverrideKind.Pattern or OverrideKind.Host or OverrideKind.Enforce;

    public bool IsInForce(DateTimeOffset now) => now < _expiresAt;

    /// <summary>
    /// Whether <paramref name="subject"/> is in its scope. A kill switch for models is in every exchange's policy: which models the request names,
    /// and which may stand in for them, is looked at where they are used.
    /// </summary>
    public bool IsInScope(TenantPolicy policy, in PolicySubject subject) =>
        Names(_scope.Tenants, subject.Tenant)
        && Names(_scope.Applications, subject.Application)
        && Names(_scope.Keys, subject.KeyId)
        && Names(_scope.EndUsers, subject.EndUserHash)
        && (Given(_scope.Formats).IsEmpty || (subject.Format is { } format && _formats.Contains(format)))
        && (Models.IsEmpty || Kind == OverrideKind.Block || NamesModel(policy.Models, subject));

    private static ImmutableArray<string> Given(ImmutableArray<string> names) => names.IsDefault ? [] : names;

    private static bool Names(ImmutableArray<string> names, string? name) => names.IsDefaultOrEmpty || (name is not null && names.Contains(name));

    // As asked for, as sent, and whatever may be sent instead: the policy is settled before it is known which of them answers.
    private bool NamesModel(ModelRules rules, in PolicySubject subject)
    {
        if (subject.Model is not { } asked)
        {
            return false;
        }

        var sent = rules.Resolve(asked);
        if (ModelNames.Any(Models, asked) || ModelNames.Any(Models, sent))
        {
            return true;
        }

        foreach (var fallback in rules.Fallbacks.GetValueOrDefault(sent, []))
        {
            if (ModelNames.Any(Models, fallback))
            {
                return true;
            }
        }

        for (var i = 0; i < subject.OtherModels?.Count; i++)
        {
            if (ModelNames.Any(Models, subject.OtherModels[i].Name))
            {
                return true;
            }
        }

        return false;
    }

    private ContentRule? RuleOf(OverrideMeasure measure)
    {
        var isHost = measure.Kind == OverrideKind.Host;
        var pattern = isHost ? HostPattern.Create(measure.Host) : PatternOf(measure.Match);
        return pattern is null ? null : new ContentRule
        {
            Id = EmergencyRules.RuleOf(Id),
            Pattern = pattern,
            Surfaces = isHost ? s_hostSurfaces : measure.Surfaces.IsDefaultOrEmpty ? s_everywhere : measure.Surfaces,
            Severity = Severity.High,
            Threat = isHost ? Threat.IndirectInjection : Threat.Content,
            Override = Id,
        };
    }

    private ToolRule? ToolOf(OverrideMeasure measure)
    {
        var arguments = PatternOf(measure.Arguments);
        return measure.Tool is { Length: > 0 } tool && (measure.Arguments is null || arguments is not null)
            ? new ToolRule(Id, tool, arguments, measure.Approval)
            : null;
    }

    private static Pattern? PatternOf(string? source) =>
        source is not null && Pattern.TryParse(source, ignoreCase: true, out var pattern, out _) ? pattern : null;
}
