namespace Gateway.Core.Policies.Effective;

/// <summary>Why a setting has its value.</summary>
public enum SettingSourceKind : byte
{
    /// <summary>A document says so.</summary>
    Document,

    /// <summary>No document says anything.</summary>
    Default,

    /// <summary>An emergency override has tightened it.</summary>
    Override,
}

/// <summary>Where the value of a setting comes from.</summary>
/// <param name="Kind">Which of the following counts.</param>
/// <param name="Place">Where it was written; for <see cref="SettingSourceKind.Document"/>.</param>
/// <param name="OverrideId">The override; for <see cref="SettingSourceKind.Override"/>.</param>
public readonly record struct SettingSource(SettingSourceKind Kind, PolicySource Place = default, string? OverrideId = null)
{
    /// <summary>No document says anything.</summary>
    public static SettingSource Default { get; } = new(SettingSourceKind.Default);

    /// <summary>Written at <paramref name="place"/>.</summary>
    public static SettingSource Document(PolicySource place) => new(SettingSourceKind.Document, place);

    /// <summary>Tightened by the override <paramref name="id"/>.</summary>
    public static SettingSource Override(string id) => new(SettingSourceKind.Override, default, id);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SettingSourceKind.Document => Place.ToString(),
        SettingSourceKind.Override => $"override {OverrideId}",
        _ => "default",
    };
}

/// <summary>One setting of a policy as it is in force.</summary>
/// <param name="Path">
/// Unique within the policy, for instance <c>limits.requests.perMinute</c> or <c>guards.content[no-legal-advice].action</c>. Names that are not plain
/// words stand in quotes, escaped.
/// </param>
/// <param name="Value">In the words of the documents; <see cref="Listed"/> for a member of a list; <see cref="None"/> for a limit that is not set.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record PolicySetting(string Path, string Value, SettingSource Source)
{
    /// <summary>The value of a setting that has none: it is a member of a list.</summary>
    public const string Listed = "listed";

    /// <summary>The value of a limit that is not set.</summary>
    public const string None = "none";

    /// <summary>The path without names, under which <see cref="SettingTerms"/> speaks of it.</summary>
    internal string Pattern { get; init; } = "";

    /// <summary>The innermost name in the path, as written.</summary>
    internal string Name { get; init; } = "";

    /// <summary>The path of the named member of a list that this setting is a part of, or null.</summary>
    internal string? PartOf { get; init; }
}
