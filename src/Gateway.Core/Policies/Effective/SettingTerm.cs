using System.Collections.Immutable;

namespace Gateway.Core.Policies.Effective;

/// <summary>How two values of a setting compare: which of them lets less through.</summary>
internal enum SettingOrder : byte
{
    /// <summary>Neither: it decides nothing about what passes.</summary>
    None,

    /// <summary>It decides, but which of two values is the tighter cannot be told.</summary>
    Unclear,

    /// <summary>A lower number is tighter; no limit is the loosest.</summary>
    LowerIsTighter,

    /// <summary>A higher number is tighter.</summary>
    HigherIsTighter,

    /// <summary>A time to work in: less of it is looser where running out of it lets the exchange pass, and otherwise the same.</summary>
    Time,

    /// <summary>By <see cref="SettingTerm.StrictToMild"/>.</summary>
    Words,

    /// <summary>A member of a list lets something through.</summary>
    Grants,

    /// <summary>A member of a list stops something.</summary>
    Restricts,

    /// <summary>A list of places that are looked at; shown as one value.</summary>
    Covers,

    /// <summary>A list whose order matters, and which decides nothing about what passes; shown as one value.</summary>
    Sequence,
}

/// <summary>What is said of one key of the documents, beside its shape.</summary>
/// <param name="Description">One sentence for editors and people.</param>
/// <param name="Order">How its values compare.</param>
internal sealed record SettingTerm(string Description, SettingOrder Order = SettingOrder.None)
{
    /// <summary>For <see cref="SettingOrder.Words"/>.</summary>
    public ImmutableArray<string> StrictToMild { get; init; } = [];

    /// <summary>The path whose value applies where this one is not written, when it is itself a setting.</summary>
    public string? Fallback { get; init; }

    /// <summary>The default, where the compiled policy does not tell it.</summary>
    public string? Default { get; init; }

    /// <summary>Whether a list is shown as one value rather than as one setting for each member.</summary>
    public bool IsOneValue => Order is SettingOrder.Covers or SettingOrder.Sequence;
}
