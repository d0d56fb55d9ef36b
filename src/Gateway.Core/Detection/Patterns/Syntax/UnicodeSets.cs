using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>The named character sets of the pattern syntax, as .NET's regex defines them (tests compare every unit).</summary>
internal static class UnicodeSets
{
    private static readonly ImmutableArray<CharSet> s_categories =
    [
        .. Enum.GetValues<UnicodeCategory>().Select(category => Where(c => char.GetUnicodeCategory(c) == category)),
    ];

    /// <summary>Two-letter names of the general categories, in the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] s_categoryNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc",
        "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    /// <summary>Blocks that patterns for common languages need; bounds from the Unicode block list, names as .NET spells them.</summary>
    private static readonly FrozenDictionary<string, (char First, char Last)> s_blocks = new Dictionary<string, (char, char)>
    {
        ["IsBasicLatin"] = ('\u0000', '\u007F'),
        ["IsLatin-1Supplement"] = ('\u0080', '\u00FF'),
        ["IsGreek"] = ('\u0370', '\u03FF'),
        ["IsCyrillic"] = ('\u0400', '\u04FF'),
        ["IsHebrew"] = ('\u0590', '\u05FF'),
        ["IsArabic"] = ('\u0600', '\u06FF'),
        ["IsDevanagari"] = ('\u0900', '\u097F'),
        ["IsThai"] = ('\u0E00', '\u0E7F'),
        ["IsHiragana"] = ('\u3040', '\u309F'),
        ["IsKatakana"] = ('\u30A0', '\u30FF'),
        ["IsCJKUnifiedIdeographs"] = ('\u4E00', '\u9FFF'),
        ["IsHangulSyllables"] = ('\uAC00', '\uD7AF'),
    }.ToFrozenDictionary();

    public static readonly CharSet Digit = Where(char.IsDigit);
    public static readonly CharSet Space = Where(char.IsWhiteSpace);
    public static readonly CharSet Word = Union("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Nd", "Pc");
    public static readonly CharSet NotNewline = new(['\0', '\t', '\v', char.MaxValue]);

    /// <summary>What <c>\b</c> takes for a word character: <c>\w</c> and the zero-width non-joiner and joiner.</summary>
    public static readonly CharSet BoundaryWord = new CharSetBuilder().Add(Word).Add('\u200C').Add('\u200D').Build();

    public static CharSet Complement(CharSet set) => new CharSetBuilder().Add(set).Invert().Build();

    /// <summary>
    /// The set that <c>\p{name}</c> or <c>\P{name}</c> stands for. Ignoring case makes Lu, Ll and Lt one, and closes a block under case
    /// after it was negated; both as .NET does.
    /// </summary>
    public static bool TryGet(string name, bool negate, bool ignoreCase, [NotNullWhen(true)] out CharSet? set)
    {
        set = null;
        var builder = new CharSetBuilder();
        if (s_blocks.TryGetValue(name, out var block))
        {
            builder.AddRange(block.First, block.Last);
        }
        else
        {
            string[] categories = ignoreCase && name is ("Lu" or "Ll" or "Lt")
                ? ["Lu", "Ll", "Lt"]
                : [.. s_categoryNames.Where(category => category == name || (name.Length == 1 && category[0] == name[0]))];
            if (categories.Length == 0)
            {
                return false;
            }

            builder.Add(Union(categories));
        }

        if (negate)
        {
            builder.Invert();
        }

        if (ignoreCase && s_blocks.ContainsKey(name))
        {
            builder.AddCaseEquivalents();
        }

        set = builder.Build();
        return true;
    }

    private static CharSet Union(params string[] categories)
    {
        var builder = new CharSetBuilder();
        foreach (string category in categories)
        {
            builder.Add(s_categories[Array.IndexOf(s_categoryNames, category)]);
        }

        return builder.Build();
    }

    private static CharSet Where(Func<char, bool> predicate)
    {
        var builder = new CharSetBuilder();
        for (int c = 0; c <= char.MaxValue; c++)
        {
            if (predicate((char)c))
            {
                builder.Add((char)c);
            }
        }

        return builder.Build();
    }
}
