namespace Gateway.Core.Exchanges;

/// <summary>
/// Replace <paramref name="Length"/> UTF-16 units of an unescaped text, from <paramref name="Start"/> on, by <paramref name="Replacement"/>,
/// which may be empty. What carries the text (a JSON string, a string inside a JSON string) is the business of the code that writes it back.
/// </summary>
public readonly record struct TextEdit(int Start, int Length, string Replacement)
{
    /// <summary>One past the last unit replaced.</summary>
    public int End => Start + Length;

    /// <summary>The text with <paramref name="edits"/> applied, which are in order and do not overlap.</summary>
    public static string Apply(ReadOnlySpan<char> text, IReadOnlyList<TextEdit> edits)
    {
        var result = new System.Text.StringBuilder(text.Length);
        var read = 0;
        foreach (var edit in edits)
        {
            result.Append(text[read..edit.Start]).Append(edit.Replacement);
            read = edit.End;
        }

        return result.Append(text[read..]).ToString();
    }

    /// <summary>
    /// Puts edits of several guards in order and unites those that overlap: the one that starts first (of two, the longer) gives the
    /// replacement, so nothing that any guard wanted gone comes back.
    /// </summary>
    public static List<TextEdit> Unite(IEnumerable<TextEdit> edits)
    {
        var united = new List<TextEdit>();
        foreach (var edit in edits.OrderBy(edit => edit.Start).ThenByDescending(edit => edit.Length))
        {
            if (united.Count > 0 && edit.Start < united[^1].End)
            {
                var last = united[^1];
                united[^1] = last with { Length = Math.Max(last.End, edit.End) - last.Start };
            }
            else
            {
                united.Add(edit);
            }
        }

        return united;
    }
}
