using System.Buffers;

namespace Gateway.Core.Tenants;

/// <summary>What a key document must fulfil beyond its shape. A file that breaks one rule is refused whole: half a key list is nobody's intention.</summary>
internal static class KeyDocumentRules
{
    /// <summary>The version of the shape that this program reads and writes.</summary>
    public const int Version = 1;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <exception cref="KeyFileException">The first rule that is broken.</exception>
    public static void Check(string path, KeyDocument document)
    {
        if (document.Version != Version)
        {
            throw new KeyFileException($"{path} has version {document.Version}; this program reads version {Version}.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < document.Keys.Count; i++)
        {
            if (Broken(document.Keys[i], seen) is { } problem)
            {
                throw new KeyFileException($"{path}: keys[{i}]: {problem}");
            }
        }
    }

    private static string? Broken(KeyEntry? key, HashSet<string> seen) => key switch
    {
        null => "is null.",
        _ when !GatewayKey.IsId(key.Id) => "id is not a key id.",
        _ when !seen.Add(key.Id) => $"id {key.Id} stands twice.",
        _ when !TenantName.IsValid(key.Tenant) => $"tenant must be {TenantName.Rule}.",
        _ when key.Application is { } name && !TenantName.IsValid(name) => $"application must be {TenantName.Rule}.",
        _ when key.Hash.Length != 64 || key.Hash.AsSpan().ContainsAnyExcept(Hexadecimal) => "hash is not a SHA-256 in lower-case hexadecimal.",
        _ when key.Note is { } note && !KeyAdministration.IsNote(note) => "note is not one line of at most 200 characters.",
        _ => null,
    };
}
