using System.Globalization;
using System.Text;

namespace Gateway.Core.Policies;

/// <summary>
/// Shows a piece of a document inside a message: short, on one line, in quotes, with every character escaped that could end the line,
/// drive a terminal or hide text from the reader.
/// </summary>
internal static class Shown
{
    private const int MostCharacters = 60;

    public static string Text(string text) => $"\"{Bare(text)}\"";

    public static string Bare(string text) => Bare(text, MostCharacters);

    public static string Bare(string text, int most)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, most)))
        {
            if (char.IsControl(character) || char.IsSurrogate(character) || IsInvisible(character))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                shown.Append(character);
            }
        }

        return text.Length > most ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>Whether a reader of the text cannot see <paramref name="character"/>: format characters and separators other than the space.</summary>
    public static bool IsInvisible(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || (char.GetUnicodeCategory(character) == UnicodeCategory.SpaceSeparator && character != ' ');
}
