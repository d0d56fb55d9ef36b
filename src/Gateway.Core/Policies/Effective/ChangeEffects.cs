using System.Globalization;

namespace Gateway.Core.Policies.Effective;

/// <summary>Whether a change lets more through or less. In doubt it does not say less than it knows: what cannot be ordered is unclear, never neutral.</summary>
internal sealed class ChangeEffects(IReadOnlyDictionary<string, PolicySetting> before, IReadOnlyDictionary<string, PolicySetting> after)
{
    private const string Off = "off";

    /// <summary>The effect of a change of <paramref name="setting"/>; a side that is null does not have it.</summary>
    public ChangeEffect Of(PolicySetting setting, PolicySetting? old, PolicySetting? now)
    {
        var term = SettingTerms.Of(setting.Pattern);
        return term.Order switch
        {
            SettingOrder.LowerIsTighter => Compare(Number(old?.Value), Number(now?.Value)),
            SettingOrder.HigherIsTighter => Compare(Number(now?.Value), Number(old?.Value)),
            SettingOrder.Time => Timed(Compare(Number(now?.Value), Number(old?.Value))),
            SettingOrder.Words => Compare(Rank(term, old, before), Rank(term, now, after)),
            SettingOrder.Grants => Granted(setting, isAdded: now is not null),
            SettingOrder.Restricts => Restricted(setting, isAdded: now is not null),
            SettingOrder.Covers => Covered(old, now),
            SettingOrder.Unclear => ChangeEffect.Unclear,
            _ => ChangeEffect.Neutral,
        };
    }

    /// <summary>Both counted so that the lower is the tighter; null: not known.</summary>
    private static ChangeEffect Compare(long? old, long? now) => (old, now) switch
    {
        (null, _) or (_, null) => ChangeEffect.Unclear,
        _ when now > old => ChangeEffect.Loosens,
        _ when now < old => ChangeEffect.Tightens,
        _ => ChangeEffect.Neutral,
    };

    private static long? Number(string? value) => value is null or PolicySetting.None ? long.MaxValue
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A guard that has less time fails more often. That lets nothing pass as long as a failure stops the exchange, before and after.
    private ChangeEffect Timed(ChangeEffect effect) => FailsClosed(effect == ChangeEffect.Loosens ? after : before) ? ChangeEffect.Neutral : effect;

    private static bool FailsClosed(IReadOnlyDictionary<string, PolicySetting> side) =>
        side.GetValueOrDefault("onError")?.Value == "block" && side.GetValueOrDefault("mode")?.Value == "enforce";

    private static long? Rank(SettingTerm term, PolicySetting? setting, IReadOnlyDictionary<string, PolicySetting> side)
    {
        setting ??= term.Fallback is null ? null : side.GetValueOrDefault(term.Fallback);
        return setting is not null && term.StrictToMild.IndexOf(setting.Value) is >= 0 and var rank ? rank : null;
    }

    // An entry below a prefix that the other side has, too, changes nothing.
    private ChangeEffect Granted(PolicySetting setting, bool isAdded)
    {
        var isCovered = (isAdded ? before : after).Values.Any(other => other.Pattern == setting.Pattern && Includes(other.Name, setting.Name));
        return isCovered ? ChangeEffect.Neutral : isAdded ? ChangeEffect.Loosens : ChangeEffect.Tightens;
    }

    private static bool Includes(string entry, string other) =>
        entry == other || (entry.EndsWith('*') && other.AsSpan().TrimEnd('*').StartsWith(entry.AsSpan(0, entry.Length - 1), StringComparison.Ordinal));

    // A rule that is off was no rule.
    private ChangeEffect Restricted(PolicySetting setting, bool isAdded)
    {
        var isOff = (isAdded ? after : before).GetValueOrDefault($"{setting.Path}.mode")?.Value == Off;
        return isOff ? ChangeEffect.Neutral : isAdded ? ChangeEffect.Tightens : ChangeEffect.Loosens;
    }

    // Who loses one place and gains another is told of the loss.
    private static ChangeEffect Covered(PolicySetting? old, PolicySetting? now)
    {
        var places = Places(now);
        return Places(old).Any(place => !places.Contains(place)) ? ChangeEffect.Loosens : ChangeEffect.Tightens;
    }

    private static string[] Places(PolicySetting? setting) => setting?.Value.Split(", ") ?? [];
}
