namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>Reads <c>* + ? {n} {n,} {n,m}</c>. A lazy mark is accepted and changes nothing: it chooses among matches, not whether there is one.</summary>
internal static class QuantifierParser
{
    /// <summary>A brace that does not open a complete counted quantifier stands for itself, as in .NET.</summary>
    public static bool IsQuantifier(PatternCursor cursor) =>
        cursor.Current is '*' or '+' or '?' || (cursor.Current == '{' && Measure(cursor) is not null);

    public static (int Min, int Max)? TryParse(PatternCursor cursor)
    {
        int start = cursor.Position;
        var (min, max, length) = cursor.Current switch
        {
            '*' => (0, PatternNode.Unbounded, 1),
            '+' => (1, PatternNode.Unbounded, 1),
            '?' => (0, 1, 1),
            _ => Measure(cursor)!.Value,
        };
        cursor.Position += length;
        if (min > max)
        {
            cursor.Fail(start, "The repetition's minimum is greater than its maximum; swap them.");
            return null;
        }

        cursor.TryTake("?");
        if (!cursor.AtEnd && IsQuantifier(cursor))
        {
            cursor.Fail(cursor.Position, "A quantifier on a quantifier (or a possessive one) is not supported; put the inner part into (?:...).");
            return null;
        }

        return (min, max);
    }

    private static (int Min, int Max, int Length)? Measure(PatternCursor cursor)
    {
        int offset = 1;
        if (ReadNumber(cursor, ref offset) is not { } min)
        {
            return null;
        }

        int max = min;
        if (cursor.Peek(offset) == ',')
        {
            offset++;
            max = ReadNumber(cursor, ref offset) ?? PatternNode.Unbounded;
        }

        return cursor.Peek(offset) == '}' ? (min, max, offset + 1) : null;
    }

    /// <summary>Numbers stop growing far above <see cref="Pattern.MaxStateCount"/>, where they are refused anyway, and so never mean "unbounded".</summary>
    private static int? ReadNumber(PatternCursor cursor, ref int offset)
    {
        int? number = null;
        for (; char.IsAsciiDigit(cursor.Peek(offset)); offset++)
        {
            number = Math.Min(100_000_000, ((number ?? 0) * 10) + (cursor.Peek(offset) - '0'));
        }

        return number;
    }
}
