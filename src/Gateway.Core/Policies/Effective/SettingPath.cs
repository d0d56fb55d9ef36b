using System.Globalization;
using System.Text;

namespace Gateway.Core.Policies.Effective;

/// <summary>The way to a setting. Two different ways never have the same text.</summary>
/// <param name="Text">With names, as it is shown.</param>
/// <param name="Pattern">With <c>[]</c> for each name.</param>
/// <param name="Name">The innermost name, as written.</param>
/// <param name="Owner">The path up to the innermost name, when more follows behind it.</param>
internal sealed record SettingPath(string Text, string Pattern, string Name = "", string? Owner = null)
{
    public static SettingPath Root { get; } = new("", "");

    public SettingPath Key(string key) => this with
    {
        Text = Text.Length == 0 ? key : $"{Text}.{key}",
        Pattern = Pattern.Length == 0 ? key : $"{Pattern}.{key}",
        Owner = Text.EndsWith(']') ? Text : Owner,
    };

    public SettingPath Element(string name) => this with { Text = $"{Text}[{Quoted(name)}]", Pattern = $"{Pattern}[]", Name = name };

    // Everything that could end the name, hide in it or drive a terminal is escaped, the backslash too: what is shown can be read back.
    private static string Quoted(string name)
    {
        if (name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            return name;
        }

        var quoted = new StringBuilder(name.Length + 2).Append('"');
        foreach (var character in name)
        {
            if (character is '"' or '\\')
            {
                quoted.Append('\\').Append(character);
            }
            else if (char.IsControl(character) || char.IsSurrogate(character) || Shown.IsInvisible(character))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                quoted.Append(character);
            }
        }

        return quoted.Append('"').ToString();
    }
}
