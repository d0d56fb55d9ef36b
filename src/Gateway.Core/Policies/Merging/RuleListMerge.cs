using System.Collections.Immutable;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>
/// Merges a list of rules by their ids: a rule with an inherited id changes that rule member by member, another is added, and <c>{ id: x, remove: true }</c>
/// takes one away. A rule that the child does not mention stays: a list of one's own never drops the rules of a parent unseen.
/// </summary>
internal sealed class RuleListMerge(TreeMerge tree, MergePlan plan, DocumentErrors errors, Dictionary<string, YamlPlace> removed)
{
    private const string Id = "id";
    private const string Remove = "remove";

    // A slot whose rule was taken away is null.
    private readonly List<YamlNode?> _rules = [];
    private readonly Dictionary<string, int> _inherited = new(StringComparer.Ordinal);

    public YamlNode Apply(YamlSequence? inherited, YamlNode own)
    {
        var edit = ListEdit.Read(own, errors);
        if (edit is null && own is not YamlSequence)
        {
            return own;
        }

        foreach (var rule in inherited?.Items ?? [])
        {
            if (IdOf(rule) is { } id)
            {
                _inherited[id.Value] = _rules.Count;
            }

            _rules.Add(rule);
        }

        foreach (var id in edit?.Remove ?? [])
        {
            TakeAway(id, id.Place);
        }

        foreach (var item in edit?.Add ?? ((YamlSequence)own).Items)
        {
            Add(item);
        }

        ImmutableArray<YamlNode> merged = [.. _rules.OfType<YamlNode>()];
        return own is YamlSequence list && list.Items.AsSpan().SequenceEqual(merged.AsSpan()) ? own : new YamlSequence(own.Place, merged);
    }

    private void Add(YamlNode item)
    {
        if (item is not YamlMapping rule || IdOf(item) is not { } id)
        {
            _rules.Add(item);
        }
        else if (rule.Find(Remove) is { } flag)
        {
            if (flag is YamlScalar { IsPlain: true, Value: "true" } && rule.Entries.Length == 2)
            {
                TakeAway(id, rule.Place);
            }
            else
            {
                errors.Add(flag.Place, "takes a rule away: write { id: x, remove: true } with nothing else, or remove the key");
            }
        }
        else if (_inherited.Remove(id.Value, out var at))
        {
            _rules[at] = tree.Mapping(plan, WithoutReplaced((YamlMapping)_rules[at]!, rule), rule);
        }
        else
        {
            removed.Remove(id.Value);
            _rules.Add(tree.Mapping(plan, null, rule));
        }
    }

    private void TakeAway(YamlScalar id, YamlPlace place)
    {
        if (_inherited.Remove(id.Value, out var at))
        {
            _rules[at] = null;
            removed[id.Value] = place;
        }
        else
        {
            ListEdit.ReportNotInherited(id, _inherited.Keys, errors);
        }
    }

    /// <summary>A rule has a pattern or terms: who writes one in a child means it instead of the other.</summary>
    private static YamlMapping WithoutReplaced(YamlMapping inherited, YamlMapping own)
    {
        var replaced = own.Find("match") is not null ? "terms" : own.Find("terms") is YamlSequence ? "match" : null;
        return replaced is null || own.Find(replaced) is not null
            ? inherited
            : new YamlMapping(inherited.Place, [.. inherited.Entries.Where(entry => entry.Key.Value != replaced)]);
    }

    private static YamlScalar? IdOf(YamlNode rule) => rule is YamlMapping mapping && mapping.Find(Id) is YamlScalar id && !Kinds.IsEmpty(id) ? id : null;
}
