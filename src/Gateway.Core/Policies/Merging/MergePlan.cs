using System.Collections.Frozen;

namespace Gateway.Core.Policies.Merging;

/// <summary>How a value of a child meets the value that it inherits.</summary>
internal enum MergeKind : byte
{
    /// <summary>Mappings are merged key by key; anything else takes the place of what was inherited.</summary>
    Value,

    /// <summary>A list of names or other plain values: a list takes the place of the inherited one, <c>add</c> and <c>remove</c> change it.</summary>
    Names,

    /// <summary>A list of rules, merged by their ids.</summary>
    Rules,
}

/// <summary>Which values of a document are lists, and of what. What is not named here is a mapping or a single value.</summary>
internal sealed class MergePlan
{
    /// <summary>Keys that belong to one document and are never inherited.</summary>
    public static readonly FrozenSet<string> OwnKeys =
        new[] { "policy", "description", "abstract", "extends", "locked", "tenants", "appliesTo", "rollout" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly MergePlan s_value = new(MergeKind.Value);
    private static readonly MergePlan s_names = new(MergeKind.Names);

    private readonly FrozenDictionary<string, MergePlan> _keys;
    private readonly MergePlan? _anyKey;

    private MergePlan(MergeKind kind, MergePlan? anyKey = null, params (string Key, MergePlan Plan)[] keys)
    {
        Kind = kind;
        _anyKey = anyKey;
        _keys = keys.ToFrozenDictionary(pair => pair.Key, pair => pair.Plan, StringComparer.Ordinal);
    }

    /// <summary>The plan of a whole document.</summary>
    public static MergePlan Document { get; } = new(
        MergeKind.Value,
        null,
        ("models", new MergePlan(MergeKind.Value, null, ("allow", s_names), ("fallback", new MergePlan(MergeKind.Value, s_names)))),
        ("guards", new MergePlan(MergeKind.Value, null, ("content", new MergePlan(MergeKind.Rules, null, ("terms", s_names), ("surfaces", s_names))))),
        ("unseen", new MergePlan(MergeKind.Value, null, ("betas", s_names))));

    public MergeKind Kind { get; }

    /// <summary>The plan of the value of <paramref name="key"/>: in a list of rules, that of a member of a rule.</summary>
    public MergePlan For(string key) => _keys.GetValueOrDefault(key) ?? _anyKey ?? s_value;
}
