using System.Collections.Immutable;
using YamlDotNet.Core;

namespace Gateway.Core.Policies.Yaml;

/// <summary>
/// Where a value stands: the document, line and column from 1 (columns in UTF-16 units, as editors count), and the way to it from that document's
/// root. A value that was inherited keeps the place at which it was written.
/// </summary>
internal sealed class YamlPlace(string file, int line, int column, YamlPlace? parent, string step)
{
    /// <summary>The name of the document.</summary>
    public string File => file;

    public int Line => line;

    public int Column => column;

    /// <summary>The dotted path, for instance <c>guards.content[0].match</c>; made only when a message needs it.</summary>
    public string Path => parent is null ? step
        : parent.IsRoot || step.StartsWith('[') ? $"{(parent.IsRoot ? "" : parent.Path)}{step}"
        : $"{parent.Path}.{step}";

    /// <summary>The place as messages name it.</summary>
    public PolicySource Source => new(file, line, column);

    private bool IsRoot => parent is null;

    public static YamlPlace Root(string file, Mark at) => new(file, (int)at.Line, (int)at.Column, null, "the document");

    public YamlPlace Child(Mark at, string key) => new(file, (int)at.Line, (int)at.Column, this, Shown.Bare(key));

    public YamlPlace Child(Mark at, int index) => new(file, (int)at.Line, (int)at.Column, this, $"[{index}]");

    /// <summary>The same value, pointed at elsewhere, for instance at its key or inside its text.</summary>
    public YamlPlace At(int otherLine, int otherColumn) => new(file, otherLine, otherColumn, parent, step);
}

/// <summary>A value of a document with its place.</summary>
internal abstract class YamlNode(YamlPlace place)
{
    public YamlPlace Place => place;
}

/// <summary>A single value. <see cref="Start"/> is the index of its first character (an opening quote included) in <see cref="Text"/>, the whole document.</summary>
internal sealed class YamlScalar(YamlPlace place, string value, ScalarStyle style, string text, int start) : YamlNode(place)
{
    public string Value => value;

    public ScalarStyle Style => style;

    public bool IsPlain => style == ScalarStyle.Plain;

    public string Text => text;

    public int Start => start;
}

/// <summary>A list.</summary>
internal sealed class YamlSequence(YamlPlace place, ImmutableArray<YamlNode> items) : YamlNode(place)
{
    public ImmutableArray<YamlNode> Items => items;
}

/// <summary>A mapping without duplicate keys.</summary>
internal sealed class YamlMapping(YamlPlace place, ImmutableArray<YamlEntry> entries) : YamlNode(place)
{
    public ImmutableArray<YamlEntry> Entries => entries;

    /// <summary>The value of <paramref name="key"/>, or null.</summary>
    public YamlNode? Find(string key)
    {
        foreach (var entry in entries)
        {
            if (entry.Key.Value == key)
            {
                return entry.Value;
            }
        }

        return null;
    }
}

/// <summary>A value that was refused and reported when it was read: whoever meets it says nothing more.</summary>
internal sealed class YamlRefused(YamlPlace place) : YamlNode(place);

/// <summary>One key of a mapping and its value. The key's own place has the path of the value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
