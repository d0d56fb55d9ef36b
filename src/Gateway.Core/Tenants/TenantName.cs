using System.Buffers;

namespace Gateway.Core.Tenants;

/// <summary>
/// The rule for names of tenants and applications: <c>[a-z0-9][a-z0-9._-]{0,63}</c>. They become metric labels, file names and JSON values, so
/// nothing that needs escaping is allowed; names starting with <c>_</c> are the gateway's own label values (<c>_other</c>).
/// </summary>
public static class TenantName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 64 of a-z 0-9 . _ -, starting with a letter or digit";

    private static readonly SearchValues<char> First = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> Rest = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether <paramref name="name"/> follows the rule.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxLength && First.Contains(name[0]) && !name.ContainsAnyExcept(Rest);
}
