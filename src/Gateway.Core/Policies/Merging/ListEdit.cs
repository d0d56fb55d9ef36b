using System.Collections.Immutable;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>A mapping <c>{ add: [...], remove: [...] }</c> in the place of a list.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Add">What is added.</param>
/// <param name="Remove">What is taken away, by name.</param>
internal sealed record ListEdit(YamlPlace Place, ImmutableArray<YamlNode> Add, ImmutableArray<YamlScalar> Remove)
{
    private const string AddKey = "add";
    private const string RemoveKey = "remove";

    /// <summary>The edit that <paramref name="node"/> is, or null when it is something else: a list, or a mistake that is reported elsewhere.</summary>
    public static ListEdit? Read(YamlNode node, DocumentErrors errors)
    {
        if (node is not YamlMapping mapping || !mapping.Entries.Any(entry => entry.Key.Value is AddKey or RemoveKey))
        {
            return null;
        }

        foreach (var (key, _) in mapping.Entries.Where(entry => entry.Key.Value is not (AddKey or RemoveKey)))
        {
            errors.Add(mapping.Place, $"has no key {Shown.Text(key.Value)}; in the place of a list its keys are {AddKey}, {RemoveKey}");
        }

        var remove = ImmutableArray.CreateBuilder<YamlScalar>();
        foreach (var item in Items(mapping.Find(RemoveKey), errors))
        {
            if (item is YamlScalar scalar && !Kinds.IsEmpty(item))
            {
                remove.Add(scalar);
            }
            else
            {
                Kinds.Report(item, errors, "text");
            }
        }

        return new ListEdit(mapping.Place, Items(mapping.Find(AddKey), errors), remove.ToImmutable());
    }

    /// <summary>Reports a name in <see cref="Remove"/> that nothing of <paramref name="known"/> has.</summary>
    public static void ReportNotInherited(YamlScalar name, IEnumerable<string> known, DocumentErrors errors)
    {
        // With a parent missing nobody can tell what would be inherited from it.
        if (!errors.IsPartial && !errors.IsFull)
        {
            errors.Add(name.Place, $"{Shown.Text(name.Value)} is not inherited, so it cannot be removed{Suggestion.Sentence(name.Value, known)}");
        }
    }

    private static ImmutableArray<YamlNode> Items(YamlNode? node, DocumentErrors errors)
    {
        if (node is null)
        {
            return [];
        }

        if (node is not YamlSequence sequence)
        {
            Kinds.Report(node, errors, "a list");
            return [];
        }

        if (sequence.Items.Length == 0)
        {
            errors.Add(node.Place, "must not be empty; name at least one value, or remove the key");
        }

        return sequence.Items;
    }
}
