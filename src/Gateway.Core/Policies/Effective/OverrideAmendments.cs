using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Policies.Effective;

/// <summary>
/// Which settings of a policy the overrides change for one subject. Found by applying them, each alone and all together, and by comparing: what an
/// override does is said in one place only, where it is done.
/// </summary>
internal static class OverrideAmendments
{
    public static IEnumerable<SettingAmendment> Of(TenantPolicy attached, OverrideSet overrides, PolicySubject subject, DateTimeOffset now)
    {
        if (overrides.Overrides.IsEmpty)
        {
            return [];
        }

        var before = CompiledValues.Of(attached);
        var together = Changes(before, overrides.Tighten(attached, subject, now)).ToList();
        var alone = new List<(PolicyOverride Override, ImmutableArray<(string Path, string Value)> Changes)>();
        foreach (var one in overrides.Overrides)
        {
            var tightened = new OverrideSet([one]).Tighten(attached, subject, now);
            if (!ReferenceEquals(tightened, attached))
            {
                alone.Add((one, [.. Changes(before, tightened)]));
            }
        }

        // Every value of the whole is that of one of them, since the strictest wins; with two alike, the one that was there first.
        return alone.Select(item => new SettingAmendment($"overrides[{item.Override.Id}]", Words(item.Override), item.Override.Id))
            .Concat(together.Select(change => new SettingAmendment(
                change.Path, change.Value, alone.Find(item => item.Changes.Contains(change)).Override?.Id ?? string.Join(" ", alone.Select(item => item.Override.Id)))));
    }

    private static IEnumerable<(string Path, string Value)> Changes(Dictionary<string, string> before, TenantPolicy tightened) =>
        CompiledValues.Of(tightened).Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => (pair.Key, pair.Value));

    private static string Words(PolicyOverride entry)
    {
        var measure = entry.Measure;
        var what = measure.Kind switch
        {
            OverrideKind.Block => "every exchange is stopped",
            OverrideKind.Tool => $"tool {measure.Tool}{(measure.Arguments is null ? "" : " with certain arguments")} {(measure.Approval ? "needs an approval" : "is stopped")}",
            OverrideKind.Pattern => $"text is stopped on {Surfaces(measure)}",
            OverrideKind.Host => $"text from {measure.Host} is stopped",
            OverrideKind.Limit => "limits are lowered",
            OverrideKind.Enforce => measure.Rule is { } rule ? $"rule {rule} is enforced" : "everything is enforced",
            OverrideKind.ThirdParty => "third-party text is stopped",
            _ => "unknown",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{what} until {entry.ExpiresAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
    }

    private static string Surfaces(OverrideMeasure measure) =>
        measure.Surfaces.IsDefaultOrEmpty ? "every surface" : string.Join(", ", measure.Surfaces.Select(TelemetryNames.Of));
}
