using System.Globalization;

namespace Gateway.Cli;

/// <summary>A lifetime as typed: a whole number with <c>d</c>, <c>h</c> or <c>m</c>, at most ten years.</summary>
internal static class Lifetime
{
    private const int MaxDays = 3650;

    /// <summary>The lifetime, or null after <paramref name="addError"/> was told why not.</summary>
    public static TimeSpan? Parse(string text, Action<string> addError)
    {
        var isNumber = int.TryParse(text.AsSpan(0, Math.Max(text.Length - 1, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        TimeSpan? lifetime = (isNumber, text.LastOrDefault()) switch
        {
            (true, 'd') when count <= MaxDays => TimeSpan.FromDays(count),
            (true, 'h') when count <= MaxDays * 24 => TimeSpan.FromHours(count),
            (true, 'm') when count <= MaxDays * 24 * 60 => TimeSpan.FromMinutes(count),
            _ => null,
        };
        if (lifetime is null || lifetime == TimeSpan.Zero)
        {
            addError("A lifetime is a whole number with d, h or m, such as 90d, of at most 3650 days.");
            return null;
        }

        return lifetime;
    }
}
