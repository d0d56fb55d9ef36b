using System.Collections.Immutable;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Merging;

/// <summary>Merges a list of plain values: a list takes the place of the inherited one; <c>add</c> and <c>remove</c> change it.</summary>
internal static class NameListMerge
{
    public static YamlNode Apply(YamlSequence? inherited, YamlNode own, DocumentErrors errors)
    {
        if (ListEdit.Read(own, errors) is not { } edit)
        {
            return own;
        }

        var items = inherited?.Items ?? [];
        var known = Names(items).ToHashSet(StringComparer.Ordinal);
        var removed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in edit.Remove)
        {
            if (!removed.Add(name.Value))
            {
                errors.Add(name.Place, $"{Shown.Text(name.Value)} appears twice; remove one");
            }
            else if (!known.Contains(name.Value))
            {
                ListEdit.ReportNotInherited(name, known, errors);
            }
        }

        foreach (var name in edit.Add.OfType<YamlScalar>().Where(name => removed.Contains(name.Value)))
        {
            errors.Add(name.Place, $"{Shown.Text(name.Value)} is both added and removed; decide for one");
        }

        // What is inherited already is added without complaint: a parent that gets it too must not break its children.
        var kept = items.Where(item => item is not YamlScalar scalar || !removed.Contains(scalar.Value));
        var added = edit.Add.Where(item => item is not YamlScalar scalar || !known.Contains(scalar.Value));
        ImmutableArray<YamlNode> merged = [.. kept, .. added];

        // A list that is empty although nothing was taken from it is a mistake that has been reported.
        return merged.IsEmpty && (errors.IsPartial || edit.Remove.IsEmpty) ? new YamlRefused(edit.Place) : new YamlSequence(edit.Place, merged);
    }

    private static IEnumerable<string> Names(ImmutableArray<YamlNode> items) => items.OfType<YamlScalar>().Select(scalar => scalar.Value);
}
