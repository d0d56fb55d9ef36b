using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Core.Policies.Effective;

/// <summary>Compares the settings of two policies. Sources do not count: a value that moves to another line is the same.</summary>
public static class SettingsDiff
{
    private const string Mode = "mode";

    /// <summary>What leads from <paramref name="before"/> to <paramref name="after"/>: what loosens first, otherwise in the order of the settings.</summary>
    public static ImmutableArray<SettingChange> Between(ImmutableArray<PolicySetting> before, ImmutableArray<PolicySetting> after)
    {
        var old = ByPath(before);
        var now = ByPath(after);
        var effects = new ChangeEffects(old, now);
        var changes = new List<SettingChange>();
        foreach (var setting in after.Where(setting => !old.TryGetValue(setting.Path, out var same) || same.Value != setting.Value))
        {
            changes.Add(Change(setting, old.GetValueOrDefault(setting.Path), setting, old, effects));
        }

        foreach (var setting in before.Where(setting => !now.ContainsKey(setting.Path)))
        {
            changes.Add(Change(setting, setting, null, now, effects));
        }

        var mode = changes.Find(change => change.Path == Mode);
        return [.. changes.Select(change => Follows(change, mode) ? change with { PartOf = Mode } : change).OrderBy(change => change.Effect)];
    }

    /// <summary>Values by path, changed by <paramref name="changes"/>.</summary>
    /// <exception cref="InvalidOperationException">The values are not those that the changes were found in.</exception>
    public static FrozenDictionary<string, string> Apply(IReadOnlyDictionary<string, string> values, IEnumerable<SettingChange> changes)
    {
        var applied = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (applied.GetValueOrDefault(change.Path) != change.Old)
            {
                throw new InvalidOperationException($"{change.Path} does not have the value that is to be changed");
            }

            if (change.New is { } value)
            {
                applied[change.Path] = value;
            }
            else
            {
                applied.Remove(change.Path);
            }
        }

        return applied.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static SettingChange Change(
        PolicySetting setting, PolicySetting? old, PolicySetting? now, Dictionary<string, PolicySetting> otherSide, ChangeEffects effects)
    {
        var isPart = setting.PartOf is { } owner && !otherSide.ContainsKey(owner);
        return new SettingChange(setting.Path, old?.Value, now?.Value, isPart ? ChangeEffect.Neutral : effects.Of(setting, old, now), isPart ? setting.PartOf : null);
    }

    // The policy's mode makes those of its guards and rules milder: where they do as it does, it is one change and not hundreds.
    private static bool Follows(SettingChange change, SettingChange? mode) =>
        mode is not null && change.PartOf is null && change.Path.EndsWith(".mode", StringComparison.Ordinal) && (change.Old, change.New) == (mode.Old, mode.New);

    private static Dictionary<string, PolicySetting> ByPath(ImmutableArray<PolicySetting> settings) =>
        settings.ToDictionary(setting => setting.Path, StringComparer.Ordinal);
}
