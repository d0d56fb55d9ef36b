namespace Gateway.Core.Policies.Documents;

/// <summary>Finds the word that a misspelt one was probably meant to be.</summary>
internal static class Suggestion
{
    // Longer words are no misspelling of ours; the bound keeps a hostile key from costing more than a glance.
    private const int LongestWord = 40;

    /// <summary>A sentence to append to a message, or nothing when no word is near. Ties go to the word that comes first.</summary>
    public static string Sentence(string written, IEnumerable<string> words)
    {
        if (written.Length > LongestWord)
        {
            return "";
        }

        var nearest = words
            .Select(word => (word, Distance: Distance(written.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(1, Math.Max(candidate.word.Length, written.Length) / 3))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.word)
            .FirstOrDefault();
        return nearest is null ? "" : $"; did you mean \"{nearest}\"?";
    }

    /// <summary>Edits between two words: insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    internal static int Distance(string left, string right)
    {
        var cost = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                cost[i, j] = i == 0 ? j : j == 0 ? i : Step(cost, left, right, i, j);
            }
        }

        return cost[left.Length, right.Length];
    }

    private static int Step(int[,] cost, string left, string right, int i, int j)
    {
        var replace = cost[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        var best = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return swapped ? Math.Min(best, cost[i - 2, j - 2] + 1) : best;
    }
}
