using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Core.Detection.Patterns.Syntax;

/// <summary>
/// Which UTF-16 units are the same when case is ignored: those with the same invariant lower case. This is exactly the relation of .NET's
/// <c>RegexOptions.IgnoreCase | CultureInvariant</c> (a test compares all 65,536 units): the Kelvin sign equals k, but the long s (U+017F)
/// does not equal s. Look-alikes are the text normaliser's task, not this one's.
/// </summary>
internal static class CaseEquivalence
{
    /// <summary>Every group of two or more units that are the same.</summary>
    public static readonly ImmutableArray<string> Groups =
    [
        .. Enumerable.Range(0, char.MaxValue + 1)
            .GroupBy(c => char.ToLowerInvariant((char)c), c => (char)c)
            .Select(group => new string([.. group]))
            .Where(group => group.Length > 1),
    ];

    private static readonly FrozenDictionary<char, CharSet> s_sets = BuildSets();

    /// <summary>The unit and all that equal it.</summary>
    public static CharSet Of(char c) => s_sets.TryGetValue(c, out CharSet? set) ? set : CharSet.Single(c);

    private static FrozenDictionary<char, CharSet> BuildSets()
    {
        var sets = new Dictionary<char, CharSet>();
        foreach (string group in Groups)
        {
            var builder = new CharSetBuilder();
            foreach (char c in group)
            {
                builder.Add(c);
            }

            CharSet set = builder.Build();
            foreach (char c in group)
            {
                sets.Add(c, set);
            }
        }

        return sets.ToFrozenDictionary();
    }
}
