using System.Reflection;
using System.Text;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Json;

namespace Gateway.Fuzz;

/// <summary>
/// The words that the formats' own request tables know: member names, types, roles, closed options. They carry no author's text, so a reader
/// need not report them. Gathered from the tables themselves.
/// </summary>
internal sealed class Vocabulary
{
    private readonly HashSet<Shape> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<NameTable> _words = [SchemaWords.Types];
    private readonly List<NameTable> _names = [SchemaWords.Keywords];
    private readonly List<TagTable> _tags = [];
    private readonly Dictionary<string, bool> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _members = new(StringComparer.Ordinal);

    public Vocabulary()
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var type in typeof(IWireFormat).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith(typeof(IWireFormat).Namespace!, StringComparison.Ordinal) == true))
        {
            foreach (var field in type.GetFields(Any).Where(field => field.FieldType == typeof(Shape)))
            {
                Add((Shape?)field.GetValue(null));
            }
        }
    }

    /// <summary>Whether <paramref name="text"/> is a word that stands as a value.</summary>
    public bool IsValue(string text) => text.Length == 0 || Look(_values, text, bytes => _words.Exists(table => table.Find(bytes) >= 0) || _tags.Exists(table => table.Otherwise is null ? table.Find(bytes) is not null : table.Cases.Any(one => one.Name == text)));

    /// <summary>Whether <paramref name="text"/> is the name of a known member.</summary>
    public bool IsMember(string text) => text.Length == 0 || Look(_members, text, bytes => _names.Exists(table => table.Find(bytes) >= 0));

    private static bool Look(Dictionary<string, bool> known, string text, Predicate<byte[]> find)
    {
        if (known.TryGetValue(text, out var found))
        {
            return found;
        }

        found = find(Encoding.UTF8.GetBytes(text));
        if (known.Count < 100_000)
        {
            known[text] = found;
        }

        return found;
    }

    private void Add(Shape? shape)
    {
        if (shape is null || !_seen.Add(shape))
        {
            return;
        }

        if (shape.Words is { } words)
        {
            _words.Add(words);
        }

        if (shape.Fields is { } fields)
        {
            _names.Add(new NameTable(fields.Fields.Select(field => field.Name)));
            _names.Add(new NameTable(fields.IsProto ? fields.Fields.Select(field => ProtoNames.Snake(field.Name)) : []));
            foreach (var field in fields.Fields)
            {
                Add(field.Shape);
            }
        }

        if (shape.Tags is { } tags)
        {
            _tags.Add(tags);
            Add(tags.Absent);
            Add(tags.Otherwise);
            foreach (var (_, inner) in tags.Cases)
            {
                Add(inner);
            }
        }

        foreach (var inner in new[] { shape.Rest, shape.Item, shape.OnString, shape.OnArray, shape.OnObject, shape.OnFlag })
        {
            Add(inner);
        }
    }
}
