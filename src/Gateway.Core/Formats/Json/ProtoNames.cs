using System.Text;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// The names of a protocol buffers message in JSON. Its parsers take each field both as <c>lowerCamelCase</c> and as <c>snake_case</c>
/// (protobuf.dev, ProtoJSON format), so both find the same field here.
/// </summary>
internal sealed class ProtoNames
{
    private readonly NameTable _snake;
    private readonly NameTable _plain;

    /// <summary>Builds the table from the names in <c>lowerCamelCase</c>; a look-up returns the position among them.</summary>
    public ProtoNames(IEnumerable<string> camelNames)
    {
        var names = camelNames.ToArray();
        _snake = new NameTable(names.Select(Snake));
        _plain = new NameTable(names.Select(name => name.Replace("_", "", StringComparison.Ordinal)));
    }

    /// <summary>The position of the field whose <c>snake_case</c> name is <paramref name="name"/>, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name) => _snake.Find(name);

    /// <summary>Whether <paramref name="name"/> is one of the names but for case and underscores. Old parsers normalise more than they document.</summary>
    public bool HasVariant(ReadOnlySpan<byte> name)
    {
        const int LongestName = 256;
        if (name.Length > LongestName)
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[LongestName];
        var length = 0;
        foreach (var unit in name)
        {
            if (unit != '_')
            {
                plain[length++] = unit;
            }
        }

        return _plain.HasCaseVariant(plain[..length]);
    }

    /// <summary>The same name in <c>snake_case</c>.</summary>
    public static string Snake(string camel)
    {
        var snake = new StringBuilder(camel.Length + 4);
        foreach (var unit in camel)
        {
            _ = char.IsAsciiLetterUpper(unit) ? snake.Append('_').Append(char.ToLowerInvariant(unit)) : snake.Append(unit);
        }

        return snake.ToString();
    }

    /// <summary>Whether the known name <paramref name="name"/> is the second spelling of a field that has two.</summary>
    public static bool IsSnake(ReadOnlySpan<byte> name) => name.Contains((byte)'_');

    /// <summary>The name in <c>lowerCamelCase</c> of a field whose <c>snake_case</c> name is <paramref name="snake"/>.</summary>
    public static byte[] Camel(ReadOnlySpan<byte> snake)
    {
        var camel = new List<byte>(snake.Length);
        foreach (var unit in snake)
        {
            var startsWord = camel.Count > 1 && camel[^1] == '_';
            if (startsWord)
            {
                camel[^1] = (byte)char.ToUpperInvariant((char)unit);
            }
            else
            {
                camel.Add(unit);
            }
        }

        return [.. camel];
    }
}
