namespace Gateway.Core.Formats.Responses;

/// <summary>Half characters in UTF-16 text.</summary>
internal static class Surrogates
{
    /// <summary>Whether <paramref name="text"/> holds half of a surrogate pair without the other.</summary>
    public static bool HasLone(ReadOnlySpan<char> text)
    {
        while (true)
        {
            var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0)
            {
                return false;
            }

            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return true;
            }

            text = text[(at + 2)..];
        }
    }
}
