namespace Gateway.Core.Detection.Patterns;

/// <summary>A pattern of a set with what a search finds it by. Immutable.</summary>
/// <param name="Id">Its number in the set.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Literals">Literals, if it requires some.</param>
/// <param name="Shape">Else a rare shape, if it requires one.</param>
internal sealed record AnchoredPattern(int Id, Pattern Pattern, RequiredLiterals? Literals, RequiredShape? Shape)
{
    /// <summary>What can stand before it in a match.</summary>
    public RequiredPrefix Prefix => Literals?.Prefix ?? Shape?.Prefix ?? RequiredPrefix.Empty;

    public static AnchoredPattern Of(Pattern pattern, int id)
    {
        RequiredLiterals? literals = RequiredLiterals.TryFind(pattern.Root);
        return new AnchoredPattern(id, pattern, literals, literals is null ? RequiredShape.TryFind(pattern) : null);
    }
}
