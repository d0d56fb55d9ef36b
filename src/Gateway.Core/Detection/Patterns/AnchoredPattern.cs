namespace Gateway.Core.Detection.Patterns;

/// <summary>A pattern of a set with what a search finds it by. Immutable.</summary>
/// <param name="Id">Its number in the set.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Literals">Literals, if it requires some.</param>
/// <param name="Chars">Else rare characters, if it requires some.</param>
internal sealed record AnchoredPattern(int Id, Pattern Pattern, RequiredLiterals? Literals, RequiredChars? Chars)
{
    /// <summary>What can stand before them in a match.</summary>
    public RequiredPrefix Prefix => Literals?.Prefix ?? Chars?.Prefix ?? RequiredPrefix.Empty;

    public static AnchoredPattern Of(Pattern pattern, int id)
    {
        RequiredLiterals? literals = RequiredLiterals.TryFind(pattern.Root);
        return new AnchoredPattern(id, pattern, literals, literals is null ? RequiredChars.TryFind(pattern.Root) : null);
    }
}
