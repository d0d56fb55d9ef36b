using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Detection.Patterns;

/// <summary>
/// Rough guesses of how often a unit stands in ordinary text (prose with figures, code and names), in parts of <see cref="Whole"/>. They decide only
/// where a search looks first; text of another kind costs time, never a match.
/// </summary>
internal static class CharFrequency
{
    public const int Whole = 10_000;

    private const string LettersByFrequency = "etaoinshrdlucmwfgypbvkjxqz";
    private const int Space = 1_600;
    private const int FrequentPunctuation = 100;
    private const int Upper = 10;
    private const int Digit = 15;
    private const int OtherAscii = 8;
    private const int RareAscii = 2;
    private const int UnitsOfOtherScripts = 16;

    private static ReadOnlySpan<short> OfLetters =>
        [1000, 750, 650, 620, 570, 570, 520, 500, 490, 340, 330, 230, 220, 200, 190, 180, 170, 160, 150, 120, 80, 60, 15, 15, 10, 10];

    public static int Of(CharSet set)
    {
        int other = 0;
        int sum = 0;
        for (int i = 0; i < set.RangeCount; i++)
        {
            var (first, last) = set.Range(i);
            other += Math.Max(0, last - Math.Max(first, '\x80') + 1);
            for (int c = first; c <= Math.Min(last, '\x7F'); c++)
            {
                sum += OfAscii((char)c);
            }
        }

        // Text in a script other than Latin consists of few of its units, so that the sum over a whole script says something all the same.
        return Math.Min(Whole, sum + (other / UnitsOfOtherScripts));
    }

    private static int OfAscii(char c) => c switch
    {
        >= 'a' and <= 'z' => OfLetters[LettersByFrequency.IndexOf(c, StringComparison.Ordinal)],
        >= 'A' and <= 'Z' => Upper,
        >= '0' and <= '9' => Digit,
        ' ' => Space,
        '\n' or '.' or ',' => FrequentPunctuation,
        '@' or '^' or '~' or '`' or '\\' or '|' or '%' or '&' or '#' or '$' or '+' => RareAscii,
        < ' ' and not '\t' => RareAscii,
        _ => OtherAscii,
    };
}
