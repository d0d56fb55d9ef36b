using System.Collections.Immutable;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>
/// Applies documents one on top of the other. Each is a change to what came before it, so that applying a, b and c is the same whether b and c stand in
/// one line of inheritance or in a list of parents.
/// </summary>
/// <param name="errors">Where mistakes go.</param>
internal sealed class TreeMerge(DocumentErrors errors)
{
    private readonly Dictionary<string, YamlPlace> _removed = new(StringComparer.Ordinal);

    /// <summary>The rules that were taken away and did not come back.</summary>
    public IReadOnlyDictionary<string, YamlPlace> Removed => _removed;

    /// <summary>The tree of <paramref name="own"/> on top of <paramref name="inherited"/>.</summary>
    public YamlMapping Apply(YamlMapping? inherited, YamlMapping own)
    {
        var rest = inherited is null
            ? null
            : new YamlMapping(inherited.Place, [.. inherited.Entries.Where(entry => !MergePlan.OwnKeys.Contains(entry.Key.Value))]);
        return Mapping(MergePlan.Document, rest, own);
    }

    /// <summary>A mapping on top of another: keys that both have are merged, in the order of the inherited ones; the others follow.</summary>
    public YamlMapping Mapping(MergePlan plan, YamlMapping? inherited, YamlMapping own)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>((inherited?.Entries.Length ?? 0) + own.Entries.Length);
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in inherited?.Entries ?? [])
        {
            positions.Add(entry.Key.Value, entries.Count);
            entries.Add(entry);
        }

        var isChanged = inherited is not null;
        foreach (var entry in own.Entries)
        {
            var isKnown = positions.TryGetValue(entry.Key.Value, out var at);
            var value = Value(plan.For(entry.Key.Value), isKnown ? entries[at].Value : null, entry.Value);
            isChanged |= !ReferenceEquals(value, entry.Value);
            var merged = new YamlEntry(entry.Key, value);
            if (isKnown)
            {
                entries[at] = merged;
            }
            else
            {
                entries.Add(merged);
            }
        }

        return isChanged ? new YamlMapping(own.Place, entries.ToImmutable()) : own;
    }

    private YamlNode Value(MergePlan plan, YamlNode? inherited, YamlNode own) => plan.Kind switch
    {
        MergeKind.Names => NameListMerge.Apply(inherited as YamlSequence, own, errors),
        MergeKind.Rules => new RuleListMerge(this, plan, errors, _removed).Apply(inherited as YamlSequence, own),
        _ => own is YamlMapping mapping ? Mapping(plan, inherited as YamlMapping, mapping) : own,
    };
}
