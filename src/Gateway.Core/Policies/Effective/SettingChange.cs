namespace Gateway.Core.Policies.Effective;

/// <summary>What a change does to what passes, from the one to look at first to the last.</summary>
public enum ChangeEffect : byte
{
    /// <summary>More passes, or less is seen.</summary>
    Loosens,

    /// <summary>It decides what passes, but in which direction it goes cannot be told, for instance another pattern.</summary>
    Unclear,

    /// <summary>Less passes, or more is seen.</summary>
    Tightens,

    /// <summary>What passes stays the same.</summary>
    Neutral,
}

/// <summary>One setting that differs between two policies.</summary>
/// <param name="Path">The setting.</param>
/// <param name="Old">Its value before; null: it was not there.</param>
/// <param name="New">Its value after; null: it is gone.</param>
/// <param name="Effect">What that does.</param>
/// <param name="PartOf">The path of the change that brings this one with it: a rule that came or went as a whole, the mode of the policy; null: it changed by itself.</param>
public sealed record SettingChange(string Path, string? Old, string? New, ChangeEffect Effect, string? PartOf = null)
{
    /// <summary>The change in words, on one line.</summary>
    public override string ToString() => (Old, New) switch
    {
        (null, null or PolicySetting.Listed) => $"{Path}: added",
        (null or PolicySetting.Listed, null) => $"{Path}: removed",
        (null, _) => $"{Path}: added {Word(New)}",
        (_, null) => $"{Path}: removed {Word(Old)}",
        _ => $"{Path}: {Word(Old)} -> {Word(New)}",
    };

    // A word stands as it is; a text in quotes, since it may hold an arrow or nothing but spaces.
    private static string Word(string value) =>
        value.Length > 0 && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '*' or ',' or ' ')
            && value.Trim() == value && value.Length <= LongestValue ? value : $"\"{Shown.Bare(value, LongestValue)}\"";

    private const int LongestValue = 100;
}
