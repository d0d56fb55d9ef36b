namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>Reads a bracketed character class. The cursor stands on the opening bracket.</summary>
internal static class CharClassParser
{
    public static CharSet? TryParse(PatternCursor cursor)
    {
        int open = cursor.Position++;
        bool negate = cursor.TryTake("^");
        var ranges = new CharSetBuilder();
        var named = new CharSetBuilder();
        for (bool first = true; ; first = false)
        {
            if (cursor.AtEnd)
            {
                cursor.Fail(open, "The character class is not closed; add ], or escape the bracket: \\[.");
                return null;
            }

            if (cursor.Current == ']' && !first)
            {
                cursor.Position++;
                return Finish(ranges, named, negate, cursor.IgnoreCase);
            }

            if (!TryParseItem(cursor, ranges, named))
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Case equivalents come before the negation, so that ignoring case makes <c>[^a]</c> exclude A too. Named sets are not folded here. As in .NET.
    /// </summary>
    private static CharSet Finish(CharSetBuilder ranges, CharSetBuilder named, bool negate, bool ignoreCase)
    {
        if (ignoreCase)
        {
            ranges.AddCaseEquivalents();
        }

        ranges.Add(named.Build());
        return (negate ? ranges.Invert() : ranges).Build();
    }

    private static bool TryParseItem(PatternCursor cursor, CharSetBuilder ranges, CharSetBuilder named)
    {
        int start = cursor.Position;
        if (TryParseUnit(cursor) is not { } item)
        {
            return false;
        }

        if (item.Set is not null)
        {
            named.Add(item.Set);
            return true;
        }

        if (cursor.Peek() != '-' || cursor.Peek(1) == ']')
        {
            ranges.Add(item.Unit);
            return true;
        }

        cursor.Position++;
        return TryParseRangeEnd(cursor, start, item.Unit, ranges);
    }

    /// <summary>At the end of the pattern there is nothing to add; the caller reports the class as not closed.</summary>
    private static bool TryParseRangeEnd(PatternCursor cursor, int start, char first, CharSetBuilder ranges)
    {
        int end = cursor.Position;
        if (cursor.AtEnd)
        {
            return true;
        }

        if (TryParseUnit(cursor) is not { } last)
        {
            return false;
        }

        if (last.Set is not null)
        {
            cursor.Fail(end, "A range cannot end in a set of characters; write the hyphen first or escape it: \\-.");
            return false;
        }

        if (last.Unit < first)
        {
            cursor.Fail(start, "The range is in reverse order; write the smaller character first.");
            return false;
        }

        ranges.AddRange(first, last.Unit);
        return true;
    }

    private static Escape? TryParseUnit(PatternCursor cursor)
    {
        char c = cursor.Current;
        if (c == '[' && cursor.Source[cursor.Position - 1] == '-' && !IsEscaped(cursor.Source, cursor.Position - 1))
        {
            cursor.Fail(cursor.Position - 1, "Character class subtraction is not supported; write the remaining characters out, or escape the bracket: \\[.");
            return null;
        }

        if (c == '[' && cursor.Peek(1) == ':')
        {
            cursor.Fail(cursor.Position, "POSIX classes are not supported; use \\d, \\w, \\s or \\p{L}, or escape the bracket: \\[.");
            return null;
        }

        if (c == '\\' && cursor.Peek(1) == 'b')
        {
            cursor.Position += 2;
            return new Escape('\b', null);
        }

        if (c == '\\')
        {
            return EscapeParser.TryParse(cursor);
        }

        cursor.Position++;
        return new Escape(c, null);
    }

    private static bool IsEscaped(string source, int position)
    {
        int backslashes = 0;
        while (position - backslashes > 0 && source[position - backslashes - 1] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }
}
