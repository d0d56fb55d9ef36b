using System.Collections.Immutable;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Merging;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Effective;

/// <summary>
/// Flattens the document of a compiled policy to settings. The shapes say which keys there are and in which order; the compiled policy says what
/// applies where it knows; the document says where that was written.
/// </summary>
internal sealed class SettingsReader
{
    private readonly MergedPolicy _merged;
    private readonly TenantPolicy _policy;
    private readonly Dictionary<string, string> _compiled;
    private readonly ImmutableArray<PolicySetting>.Builder _settings = ImmutableArray.CreateBuilder<PolicySetting>();

    private SettingsReader(MergedPolicy merged, TenantPolicy policy) => (_merged, _policy, _compiled) = (merged, policy, CompiledValues.Of(policy));

    public static ImmutableArray<PolicySetting> Read(MergedPolicy merged, TenantPolicy policy)
    {
        var reader = new SettingsReader(merged, policy);
        reader.Read(PolicyShape.Document.Describe(), merged.Root, SettingPath.Root);
        return reader._settings.ToImmutable();
    }

    private void Read(ShapeDescription shape, YamlNode? node, SettingPath path)
    {
        switch (shape)
        {
            case MapDescription map:
                ReadMap(map, node as YamlMapping, path);
                break;
            case ListDescription when path.Pattern == "locked":
                ReadLocks(path);
                break;
            case ListDescription when path.Pattern == "appliesTo":
                ReadAttachments(node as YamlSequence, path);
                break;
            case ListDescription { Item: var item } when !SettingTerms.Of(path.Pattern).IsOneValue:
                ReadElements(item, node as YamlSequence, path);
                break;
            case NamedDescription named:
                foreach (var (key, value) in (node as YamlMapping)?.Entries ?? [])
                {
                    Read(named.Item, value, path.Element(key.Value));
                }

                break;
            default:
                ReadValue(node, path);
                break;
        }
    }

    private void ReadMap(MapDescription map, YamlMapping? node, SettingPath path)
    {
        foreach (var field in map.Fields)
        {
            // The names of a policy and of a rule are in the paths; what is said for all of unseen is in each setting of it; no policy in force is abstract.
            var child = path.Key(field.Key);
            if (child.Pattern is not ("policy" or "abstract" or "unseen.default") && !child.Pattern.EndsWith("[].id", StringComparison.Ordinal))
            {
                Read(field.Shape, node?.Find(field.Key), child);
            }
        }
    }

    private void ReadElements(ShapeDescription item, YamlSequence? list, SettingPath path)
    {
        var index = 0;
        foreach (var node in list?.Items ?? [])
        {
            var name = node is YamlScalar scalar ? scalar.Value : ((node as YamlMapping)?.Find("id") as YamlScalar)?.Value ?? $"{index}";
            Add(path.Element(name), PolicySetting.Listed, Written(node));
            if (item is MapDescription map)
            {
                ReadMap(map, node as YamlMapping, path.Element(name));
            }

            index++;
        }
    }

    // Locks are not inherited as text, but hold for every descendant all the same.
    private void ReadLocks(SettingPath path)
    {
        foreach (var locked in _merged.Locks.DistinctBy(locked => locked.Path))
        {
            Add(path.Element(locked.Path), PolicySetting.Listed, SettingSource.Document(locked.Place.Source));
        }
    }

    // An entry has no name of its own: what it says is its name, however it was spelt.
    private void ReadAttachments(YamlSequence? list, SettingPath path)
    {
        foreach (var (attachment, node) in _policy.AppliesTo.Zip(list?.Items ?? []))
        {
            Add(path.Element(attachment.ToString().Trim('{', '}', ' ')), PolicySetting.Listed, Written(node));
        }
    }

    private void ReadValue(YamlNode? node, SettingPath path)
    {
        var written = node switch
        {
            YamlScalar scalar => scalar.Value,
            YamlSequence list => string.Join(", ", list.Items.OfType<YamlScalar>().Select(item => item.Value)),
            _ => null,
        };
        if (_compiled.Remove(path.Text, out var value))
        {
            Add(path, value, Source(path, node, written, value));
        }
        else if (written is not null)
        {
            Add(path, written, Written(node!));
        }
        else if (SettingTerms.Of(path.Pattern).Default is { } byDefault)
        {
            Add(path, byDefault, SettingSource.Default);
        }
    }

    // A value that differs from what is written, or is written nowhere, may come from another key of the document.
    private SettingSource Source(SettingPath path, YamlNode? node, string? written, string value)
    {
        var general = path.Pattern.EndsWith(".mode", StringComparison.Ordinal) ? _merged.Root.Find("mode")
            : path.Pattern.StartsWith("unseen.", StringComparison.Ordinal) ? (_merged.Root.Find("unseen") as YamlMapping)?.Find("default")
            : null;
        return written != value && general is YamlScalar scalar && scalar.Value == value ? Written(general)
            : node is not null ? Written(node)
            : SettingSource.Default;
    }

    private void Add(SettingPath path, string value, SettingSource source) => _settings.Add(
        new PolicySetting(path.Text, value, source) { Pattern = path.Pattern, Name = path.Name, PartOf = path.Owner });

    private static SettingSource Written(YamlNode node) => SettingSource.Document(node.Place.Source);
}
