using System.Collections.Immutable;

namespace Gateway.Core.Exchanges;

/// <summary>
/// The tools of one exchange by name, for its record: declared by the request, and called in its history or its answer. Names only, each once,
/// bounded in number and length. Owned by its exchange, not thread-safe.
/// </summary>
public sealed class ToolNames
{
    /// <summary>Most names of each list.</summary>
    public const int Most = 64;

    /// <summary>Longest name kept, in UTF-16 units; a longer one is cut.</summary>
    public const int MostCharacters = 128;

    private readonly List<string> _names = [];

    /// <summary>The names, in order of appearance.</summary>
    public ImmutableArray<string> ToImmutable() => [.. _names];

    /// <summary>Whether names were left out or cut.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Adds a name.</summary>
    public void Add(string name)
    {
        if (name.Length > MostCharacters)
        {
            IsTruncated = true;
            // Half a character is no text.
            name = name[..(char.IsHighSurrogate(name[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)];
        }

        if (_names.Contains(name))
        {
            return;
        }

        if (_names.Count == Most)
        {
            IsTruncated = true;
            return;
        }

        _names.Add(name);
    }
}
