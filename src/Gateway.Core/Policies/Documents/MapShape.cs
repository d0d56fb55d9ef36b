using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Documents;

/// <summary>A mapping with declared keys, read into a draft. A key that is not declared is an error: a misspelt limit must not be no limit.</summary>
internal sealed class MapShape<TDraft> : IShape<TDraft>
    where TDraft : new()
{
    private readonly ImmutableArray<Field> _fields;
    private readonly ImmutableArray<Absent> _absent;

    public MapShape()
        : this([], [])
    {
    }

    private MapShape(ImmutableArray<Field> fields, ImmutableArray<Absent> absent)
    {
        _fields = fields;
        _absent = absent;
    }

    /// <summary>Declares a key that must be there; <paramref name="example"/> is shown when it is not.</summary>
    public MapShape<TDraft> Required<T>(string key, string example, IShape<T> shape, Action<TDraft, Located<T>> set) => With(key, example, shape, set);

    /// <summary>Declares a key that may be there.</summary>
    public MapShape<TDraft> Optional<T>(string key, IShape<T> shape, Action<TDraft, Located<T>> set) => With(key, null, shape, set);

    /// <summary>Declares keys of the vocabulary that this version does not enforce: accepting them would promise what does not happen.</summary>
    public MapShape<TDraft> Later(params string[] keys) =>
        new(_fields, _absent.AddRange(keys.Select(key => new Absent(key, "is not available in this version; remove it"))));

    /// <summary>Declares a key that an author may look for here, and where it is found.</summary>
    public MapShape<TDraft> Elsewhere(string key, string where) => new(_fields, _absent.Add(new Absent(key, where)));

    public ShapeDescription Describe() => new MapDescription([.. _fields.Select(field => new FieldDescription(field.Key, field.Example is not null, field.Shape))]);

    public bool TryRead(YamlNode node, DocumentErrors errors, [MaybeNullWhen(false)] out TDraft value)
    {
        value = default;
        if (node is not YamlMapping mapping)
        {
            Kinds.Report(node, errors, $"a mapping with {Keys}");
            return false;
        }

        value = new TDraft();
        foreach (var (key, child) in mapping.Entries)
        {
            if (_fields.FirstOrDefault(field => field.Key == key.Value) is { } known)
            {
                known.Read(value, child, errors);
            }
            else if (!errors.IsFull)
            {
                errors.AddAt(key.Place, Unknown(key.Value, node.Place));
            }
        }

        foreach (var field in _fields.Where(field => field.Example is not null && !errors.IsPartial && mapping.Entries.All(entry => entry.Key.Value != field.Key)))
        {
            errors.Add(node.Place, $"lacks the key \"{field.Key}\"; add for example {field.Example}");
        }

        return true;
    }

    private string Keys => string.Join(", ", _fields.Select(known => known.Key));

    private MapShape<TDraft> With<T>(string key, string? example, IShape<T> shape, Action<TDraft, Located<T>> set) => new(
        _fields.Add(new Field(key, example, shape.Describe(), (draft, node, errors) =>
        {
            if (shape.TryRead(node, errors, out var read))
            {
                set(draft, new Located<T>(read, node));
            }
        })), _absent);

    private string Unknown(string key, YamlPlace parent)
    {
        if (_absent.FirstOrDefault(absent => absent.Key == key) is { } known)
        {
            return $"the key {Shown.Text(key)} {known.Why}";
        }

        var suggestion = Suggestion.Sentence(key, _fields.Select(field => field.Key));
        return $"{parent.Path} has no key {Shown.Text(key)}{(suggestion.Length > 0 ? suggestion : $"; its keys are {Keys}")}";
    }

    private sealed record Absent(string Key, string Why);

    private sealed record Field(string Key, string? Example, ShapeDescription Shape, Action<TDraft, YamlNode, DocumentErrors> Read);
}
