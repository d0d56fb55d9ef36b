using System.Text;
using CsCheck;
using Gateway.Core.Detection.Patterns.Syntax;

namespace Gateway.Core.Tests.Detection.Patterns;

/// <summary>Generates patterns, and texts that are likely to match them or to come close.</summary>
internal static class PatternText
{
    private static readonly string[] s_units =
    [
        "a", "b", "c", "A", "k", "K", "\u212A", "s", "\u017F", "\u03C3", "\u03C2", "i", "\u0130", " ", "_", "0", "\n", "-", "\uD83D\uDE00", "\u200D", "\u00E9",
    ];

    private static readonly Gen<string> s_atom = Gen.Frequency(
        (10, OneOf([.. s_units.Where(unit => unit is not "\uD83D\uDE00"), "(?:\uD83D\uDE00)", "\\n", "\\-", "\\u0061", "\\x62"])),
        (4, OneOf("\\d", "\\w", "\\s", "\\D", "\\W", "\\S", ".", "\\p{L}", "\\P{Lu}", "\\p{Cs}", "\\p{IsBasicLatin}")),
        (4, OneOf("[ab]", "[^a]", "[a-c0]", "[^\\W_]", "[k-m\\s]", "[\\uD83D-\\uDE00]", "[^ab\\n]", "[-k]", "[]b]", "[\\b_]")),
        (3, OneOf("(?:^a)", "(?:$\\n)", "(?:\\Ab?c)", "(?:k\\z)", "(?:a\\Z)", "(?:\\b[ab])", "(?:a\\b)", "(?:\\B[^k])", "(?:s\\B)", "(?:a$)")));

    private static readonly Gen<string> s_edge = Gen.Frequency((8, Gen.Const(string.Empty)), (3, OneOf("^", "$", "\\A", "\\z", "\\Z", "\\b", "\\B")));

    /// <summary>
    /// No <c>{0}</c>, and no assertion alone under a quantifier: .NET reduces them to an empty branch, and .NET 10.0 does not find
    /// <c>(?:a+|){2}k</c> in "k". Tables test them instead.
    /// </summary>
    private static readonly Gen<string> s_quantifier = Gen.Frequency(
        (6, Gen.Const(string.Empty)),
        (5, OneOf("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "+?", "??", "{0,3}?")));

    public static Gen<string> Patterns { get; } =
        Gen.Select(s_edge, PatternOf(depth: 2), s_edge, (before, pattern, after) => before + pattern + after);

    /// <summary>Noise and samples of the pattern, some of them damaged.</summary>
    public static string For(PatternNode pattern, int seed, int maxLength)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        int parts = random.Next(1, 4);
        for (int i = 0; i < parts; i++)
        {
            AppendNoise(text, random);
            int start = text.Length;
            AppendSample(text, pattern, random);
            if (random.Next(3) == 0 && text.Length > start)
            {
                text.Remove(random.Next(start, text.Length), 1);
            }
        }

        AppendNoise(text, random);
        return text.ToString(0, Math.Min(text.Length, maxLength));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> PatternOf(int depth)
    {
        Gen<string> single = Gen.Select(s_atom, s_quantifier, (atom, quantifier) => atom + quantifier);
        if (depth == 0)
        {
            return single;
        }

        Gen<string> inner = PatternOf(depth - 1);
        Gen<string> opening = OneOf("(", "(?:", "(?i:", "(?-i:", "(?<x>", "((?i)");
        Gen<string> group = Gen.Select(opening, inner, s_quantifier, (open, body, quantifier) => open + body + ")" + quantifier);
        Gen<string> alternation = Gen.Select(inner, inner, s_quantifier, (a, b, quantifier) => $"(?:{a}|{b}){quantifier}");
        Gen<string> part = Gen.Frequency((5, single), (2, group), (2, alternation));
        return part.Array[1, 3].Select(parts => string.Concat(parts));
    }

    private static void AppendNoise(StringBuilder text, Random random)
    {
        for (int n = random.Next(4); n > 0; n--)
        {
            text.Append(s_units[random.Next(s_units.Length)]);
        }
    }

    private static void AppendSample(StringBuilder text, PatternNode node, Random random)
    {
        switch (node)
        {
            case CharNode { Set.RangeCount: > 0 } chars:
                text.Append(UnitOf(chars.Set, random));
                break;
            case SequenceNode sequence:
                foreach (PatternNode item in sequence.Items)
                {
                    AppendSample(text, item, random);
                }

                break;
            case AlternationNode alternation:
                AppendSample(text, alternation.Branches[random.Next(alternation.Branches.Length)], random);
                break;
            case RepeatNode repeat:
                for (int n = random.Next(repeat.Min, Math.Min(repeat.Max, repeat.Min + 3) + 1); n > 0; n--)
                {
                    AppendSample(text, repeat.Item, random);
                }

                break;
        }
    }

    private static char UnitOf(CharSet set, Random random)
    {
        for (int attempt = 0; attempt < 4; attempt++)
        {
            string unit = s_units[random.Next(s_units.Length)];
            if (set.Contains(unit[0]))
            {
                return unit[0];
            }
        }

        var (first, last) = set.Range(random.Next(set.RangeCount));
        return (char)random.Next(first, last + 1);
    }
}
