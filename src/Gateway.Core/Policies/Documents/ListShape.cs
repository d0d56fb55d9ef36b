using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies.Documents;

/// <summary>A list of 1 to <paramref name="most"/> values of one shape. Values that are not of the shape are reported and left out.</summary>
internal sealed class ListShape<T>(IShape<T> item, int most) : IShape<ImmutableArray<Located<T>>>
{
    public ShapeDescription Describe() => new ListDescription(item.Describe(), most);

    public bool TryRead(YamlNode node, DocumentErrors errors, [MaybeNullWhen(false)] out ImmutableArray<Located<T>> value)
    {
        value = [];
        if (node is not YamlSequence sequence)
        {
            var fix = node is YamlScalar && !Kinds.IsEmpty(node) ? "a list in square brackets or with a dash before each value" : "a list";
            Kinds.Report(node, errors, fix);
            return false;
        }

        if (sequence.Items.Length == 0)
        {
            errors.Add(node.Place, "must not be empty; name at least one value, or remove the key");
            return false;
        }

        if (sequence.Items.Length > most)
        {
            errors.Add(node.Place, $"has {sequence.Items.Length} values; at most {most} are allowed");
            return false;
        }

        var values = ImmutableArray.CreateBuilder<Located<T>>(sequence.Items.Length);
        foreach (var child in sequence.Items)
        {
            if (item.TryRead(child, errors, out var read))
            {
                values.Add(new Located<T>(read, child));
            }
        }

        value = values.ToImmutable();
        return true;
    }
}

/// <summary>A mapping whose keys are the author's own, for instance model names.</summary>
internal sealed class NamedShape<T>(IShape<string> name, IShape<T> item, int most) : IShape<ImmutableArray<NamedValue<T>>>
{
    public ShapeDescription Describe() => new NamedDescription(name.Describe(), item.Describe(), most);

    public bool TryRead(YamlNode node, DocumentErrors errors, [MaybeNullWhen(false)] out ImmutableArray<NamedValue<T>> value)
    {
        value = [];
        if (node is not YamlMapping mapping)
        {
            Kinds.Report(node, errors, "a mapping");
            return false;
        }

        if (mapping.Entries.Length > most)
        {
            errors.Add(node.Place, $"has {mapping.Entries.Length} keys; at most {most} are allowed");
            return false;
        }

        var values = ImmutableArray.CreateBuilder<NamedValue<T>>();
        foreach (var (key, child) in mapping.Entries)
        {
            // Both are read before either decides: a mistake in the key must not hide one in the value.
            var hasName = name.TryRead(key, errors, out var keyText);
            var hasValue = item.TryRead(child, errors, out var read);
            if (hasName && hasValue)
            {
                values.Add(new NamedValue<T>(new Located<string>(keyText!, key), new Located<T>(read!, child)));
            }
        }

        value = values.ToImmutable();
        return true;
    }
}

/// <summary>One key of a <see cref="NamedShape{T}"/> and its value.</summary>
internal sealed record NamedValue<T>(Located<string> Name, Located<T> Item);
