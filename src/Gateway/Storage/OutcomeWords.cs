using System.Text.Json;
using Gateway.Core.Decisions;

namespace Gateway.Storage;

/// <summary>Outcomes as they stand in the store, in records and in queries.</summary>
internal static class OutcomeWords
{
    private static readonly string[] Words =
        [.. Enum.GetValues<Outcome>().Select(outcome => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()))];

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word of <paramref name="outcome"/>.</summary>
    public static string Of(Outcome outcome) => Words[(int)outcome];

    /// <summary>The outcome that <paramref name="word"/> names exactly.</summary>
    public static bool TryParse(string word, out Outcome outcome)
    {
        var index = Array.IndexOf(Words, word);
        outcome = (Outcome)Math.Max(index, 0);
        return index >= 0;
    }
}
