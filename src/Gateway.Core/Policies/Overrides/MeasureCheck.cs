using System.Globalization;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Policies.Overrides;

/// <summary>Checks a measure: members that its kind needs, has no use for, or could not keep.</summary>
internal sealed class MeasureCheck(OverrideMeasure measure, OverrideScope scope, OverrideErrors errors)
{
    private const int MostReason = 300;
    private const string Member = "measure";

    public void Run()
    {
        if (!Enum.IsDefined(measure.Kind))
        {
            errors.Add($"{Member}.kind", "is no kind of override");
            return;
        }

        CheckMembers();
        switch (measure.Kind)
        {
            case OverrideKind.Tool:
                CheckTool();
                break;
            case OverrideKind.Pattern:
                CheckPattern();
                break;
            case OverrideKind.Host:
                CheckHost();
                break;
            case OverrideKind.Limit:
                CheckLimits();
                break;
            case OverrideKind.Enforce:
                errors.AddIf(measure.Rule is { Length: 0 or > ScopeCheck.MostCharacters }, $"{Member}.rule", "is no id of a rule");
                break;
            default:
                break;
        }
    }

    private void CheckMembers()
    {
        Belongs("tool", measure.Tool is not null, OverrideKind.Tool, isNeeded: true);
        Belongs("arguments", measure.Arguments is not null, OverrideKind.Tool);
        Belongs("approval", measure.Approval, OverrideKind.Tool);
        Belongs("match", measure.Match is not null, OverrideKind.Pattern, isNeeded: true);
        Belongs("surfaces", !measure.Surfaces.IsDefaultOrEmpty, OverrideKind.Pattern);
        Belongs("host", measure.Host is not null, OverrideKind.Host, isNeeded: true);
        Belongs("limits", measure.Limits is not null, OverrideKind.Limit, isNeeded: true);
        Belongs("rule", measure.Rule is not null, OverrideKind.Enforce);
    }

    private void Belongs(string member, bool isGiven, OverrideKind kind, bool isNeeded = false)
    {
        var mine = measure.Kind == kind;
        errors.AddIf(isGiven && !mine, $"{Member}.{member}", $"means nothing for an override of kind {Word(measure.Kind)}; remove it");
        errors.AddIf(!isGiven && mine && isNeeded, $"{Member}.{member}", $"is missing; an override of kind {Word(kind)} needs it");
    }

    private static string Word(OverrideKind kind) => kind == OverrideKind.ThirdParty ? "third_party" : kind.ToString().ToLowerInvariant();

    private void CheckTool()
    {
        if (measure.Tool is { } tool && ScopeCheck.NamePattern(tool) is { } problem)
        {
            errors.Add($"{Member}.tool", $"{Shown.Text(tool)} {problem}");
        }

        Parse(measure.Arguments, $"{Member}.arguments");
    }

    private void CheckPattern()
    {
        var surfaces = measure.Surfaces.IsDefault ? [] : measure.Surfaces;
        errors.AddIf(surfaces.Any(surface => !Enum.IsDefined(surface)), $"{Member}.surfaces", "names a surface that does not exist");
        var isStreamed = surfaces.IsEmpty || surfaces.Contains(Surface.Output) || surfaces.Contains(Surface.Reasoning);
        if (Parse(measure.Match, $"{Member}.match") is { } pattern && isStreamed && pattern.MaxLength is not <= ContentPatternCompiler.MaxStreamedMatch)
        {
            errors.Add($"{Member}.match", string.Create(
                CultureInfo.InvariantCulture,
                $"can match text without end or longer than {ContentPatternCompiler.MaxStreamedMatch} characters, but it looks at streamed text; bound the repetition, for example .{{0,200}}"));
        }
    }

    private Pattern? Parse(string? source, string member)
    {
        if (source is null)
        {
            return null;
        }

        if (!Pattern.TryParse(source, ignoreCase: true, out var pattern, out var error))
        {
            errors.Add(member, string.Create(
                CultureInfo.InvariantCulture, $"is refused at character {error.Position + 1}: {Shown.Bare(error.Message, MostReason)}"));
        }

        return pattern;
    }

    private void CheckHost()
    {
        if (measure.Host is not { } host)
        {
            return;
        }

        errors.AddIf(
            HostPattern.Normalize(host) is null,
            $"{Member}.host",
            $"{Shown.Text(host)} is no host name; write a name of at least two labels, without scheme, port or path, for example evil.example");
        errors.AddIf(HostPattern.Normalize(host) is not null && HostPattern.Create(host) is null, $"{Member}.host", "is too long");
    }

    private void CheckLimits()
    {
        if (measure.Limits is not { } limits)
        {
            return;
        }

        (string Name, long? Value, bool IsEarly)[] all =
        [
            ("requestsPerMinute", limits.RequestsPerMinute, true), ("concurrency", limits.Concurrency, true), ("bodyBytes", limits.BodyBytes, true),
            ("userRequestsPerMinute", limits.UserRequestsPerMinute, false), ("textLength", limits.TextLength, false), ("tools", limits.Tools, false),
            ("outputTokens", limits.OutputTokens, false),
        ];
        errors.AddIf(Array.TrueForAll(all, limit => limit.Value is null), $"{Member}.limits", "has no limit; give at least one");
        var isLate = !scope.EndUsers.IsDefaultOrEmpty || !scope.Models.IsDefaultOrEmpty;
        foreach (var (name, value, isEarly) in all)
        {
            // No tools at all can be wanted; none of the others would leave anything to allow.
            var least = name == "tools" ? 0 : 1;
            errors.AddIf(value < least, $"{Member}.limits.{name}", string.Create(CultureInfo.InvariantCulture, $"is {value}; it must be at least {least}; to stop everything use the kind block"));
            errors.AddIf(
                value is not null && isEarly && isLate,
                $"{Member}.limits.{name}",
                "counts before the body is read, when end user and model are not known; remove scope.endUsers and scope.models, or this limit");
        }
    }
}
