using System.Globalization;

namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>What an escape stands for: one unit (to be folded by the caller where case is ignored) or a whole set.</summary>
internal readonly record struct Escape(char Unit, CharSet? Set);

/// <summary>Reads the escapes that mean the same inside and outside a character class. The cursor stands on the backslash.</summary>
internal static class EscapeParser
{
    public static Escape? TryParse(PatternCursor cursor)
    {
        int start = cursor.Position;
        if (start + 1 >= cursor.Source.Length)
        {
            cursor.Fail(start, "The pattern ends in a single backslash; write \\\\ for a literal one.");
            return null;
        }

        char letter = cursor.Source[start + 1];
        cursor.Position += 2;
        return letter switch
        {
            'd' => OfSet(UnicodeSets.Digit),
            'D' => OfSet(UnicodeSets.Complement(UnicodeSets.Digit)),
            's' => OfSet(UnicodeSets.Space),
            'S' => OfSet(UnicodeSets.Complement(UnicodeSets.Space)),
            'w' => OfSet(UnicodeSets.Word),
            'W' => OfSet(UnicodeSets.Complement(UnicodeSets.Word)),
            'p' or 'P' => Property(cursor, start, negate: letter == 'P'),
            't' => OfUnit('\t'),
            'n' => OfUnit('\n'),
            'r' => OfUnit('\r'),
            'f' => OfUnit('\f'),
            'v' => OfUnit('\v'),
            'a' => OfUnit('\a'),
            'e' => OfUnit('\u001B'),
            'x' => Hex(cursor, start, digits: 2),
            'u' => Hex(cursor, start, digits: 4),
            _ => Other(cursor, start, letter),
        };
    }

    private static Escape OfSet(CharSet set) => new('\0', set);

    private static Escape OfUnit(char unit) => new(unit, null);

    private static Escape? Other(PatternCursor cursor, int start, char letter)
    {
        if (letter is >= '0' and <= '9' or 'k')
        {
            cursor.Fail(start, "Backreferences and octal escapes are not supported: a match could not be found in linear time. Use \\xHH for a code.");
            return null;
        }

        if (UnicodeSets.BoundaryWord.Contains(letter))
        {
            cursor.Fail(start, $"Unknown escape \\{letter}; only punctuation can be escaped to stand for itself.");
            return null;
        }

        return OfUnit(letter);
    }

    private static Escape? Hex(PatternCursor cursor, int start, int digits)
    {
        if (cursor.Position + digits <= cursor.Source.Length
            && int.TryParse(cursor.Source.AsSpan(cursor.Position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int unit))
        {
            cursor.Position += digits;
            return OfUnit((char)unit);
        }

        cursor.Fail(start, $"\\{cursor.Source[start + 1]} needs exactly {digits} hexadecimal digits.");
        return null;
    }

    private static Escape? Property(PatternCursor cursor, int start, bool negate)
    {
        int close = cursor.Peek() == '{' ? cursor.Source.IndexOf('}', cursor.Position) : -1;
        if (close < 0)
        {
            cursor.Fail(start, "A Unicode property is written \\p{L} or \\P{L}, with braces.");
            return null;
        }

        string name = cursor.Source[(cursor.Position + 1)..close];
        cursor.Position = close + 1;
        if (UnicodeSets.TryGet(name, negate, cursor.IgnoreCase, out CharSet? set))
        {
            return OfSet(set);
        }

        cursor.Fail(
            start,
            $"Unknown Unicode property '{name}'; use a general category (L, Lu, Nd), a common block (IsCyrillic), or a range \\uXXXX-\\uXXXX.");
        return null;
    }
}
