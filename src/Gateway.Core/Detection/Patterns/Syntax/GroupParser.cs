namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>Reads the opening of a group. Every group is for grouping only: nothing can refer to what it captured.</summary>
internal static class GroupParser
{
    private static readonly (string Opening, string Refusal)[] s_refused =
    [
        ("(?=", "Lookahead is not supported"),
        ("(?!", "Negative lookahead is not supported"),
        ("(?<=", "Lookbehind is not supported"),
        ("(?<!", "Negative lookbehind is not supported"),
        ("(?>", "Atomic groups are not supported"),
        ("(?(", "Conditionals are not supported"),
        ("(?#", "Comments are not supported"),
        ("(?P", "This kind of named group is not supported"),
    ];

    public static bool TryTakeOpening(PatternCursor cursor)
    {
        int open = cursor.Position;
        if (cursor.TryTake("(?:") || TryTakeName(cursor))
        {
            return true;
        }

        if (cursor.StartsWith("(?i:") || cursor.StartsWith("(?-i:"))
        {
            cursor.IgnoreCase = cursor.TryTake("(?i:") || !cursor.TryTake("(?-i:");
            return true;
        }

        if (!cursor.StartsWith("(?"))
        {
            cursor.Position++;
            return true;
        }

        string refusal = Array.Find(s_refused, refused => cursor.StartsWith(refused.Opening)).Refusal
            ?? "Only (...), (?:...), (?<name>...), (?i), (?-i), (?i:...) and (?-i:...) are supported";
        cursor.Fail(open, refusal + "; rewrite the pattern without it, for example as two rules, or as an alternation in (?:...).");
        return false;
    }

    /// <summary>A name is taken and forgotten; balancing groups (<c>(?&lt;a-b&gt;</c>) are not names and are refused.</summary>
    private static bool TryTakeName(PatternCursor cursor)
    {
        if (!cursor.StartsWith("(?<"))
        {
            return false;
        }

        int position = cursor.Position + 3;
        while (position < cursor.Source.Length && (char.IsAsciiLetter(cursor.Source[position]) || cursor.Source[position] == '_'))
        {
            position++;
        }

        if (position == cursor.Position + 3 || position == cursor.Source.Length || cursor.Source[position] != '>')
        {
            return false;
        }

        cursor.Position = position + 1;
        return true;
    }
}
