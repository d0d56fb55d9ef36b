namespace Gateway.Core.Policies.Versions;

/// <summary>A set of documents as a version holds it, whichever door it comes by.</summary>
public static class PolicyDocuments
{
    private const int LongestName = 255;

    /// <summary>The whole SHA-256 of <paramref name="documents"/>, in lower-case hexadecimal; their order does not matter.</summary>
    public static string Hash(IReadOnlyList<PolicyFile> documents) => PolicyVersion.Digest(documents);

    /// <summary>What the policies folder would refuse about number and size, told of documents that come by another door.</summary>
    public static IReadOnlyList<PolicyError> CheckSize(IReadOnlyList<PolicyFile> documents)
    {
        var errors = new List<PolicyError>();
        if (documents.Count > PolicyFolder.MaxFiles)
        {
            errors.Add(Error("policies", $"there are {documents.Count} documents; at most {PolicyFolder.MaxFiles} are allowed"));
        }

        if (documents.Sum(document => (long)document.Content.Length) > PolicyFolder.MaxTotalBytes)
        {
            errors.Add(Error("policies", $"the documents have more than {PolicyFolder.MaxTotalBytes} bytes together; remove some"));
        }

        return errors;
    }

    /// <summary>What the policies folder would refuse about names.</summary>
    public static IReadOnlyList<PolicyError> CheckNames(IReadOnlyList<PolicyFile> documents) =>
    [
        .. documents.Where(document => !IsName(document.Name)).Select(document => Error(
            Shown.Bare(document.Name),
            "the name is not that of a document; it must end in .yaml or .yml, not begin with a dot, and have no slash, colon or invisible character")),
    ];

    private static bool IsName(string name) =>
        name.Length <= LongestName
        && !name.StartsWith('.')
        && (name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
        && name.AsSpan().IndexOfAny('/', '\\', ':') < 0
        && Shown.Bare(name, LongestName) == name;

    private static PolicyError Error(string file, string message) => new(new PolicySource(file, 0, 0), message);
}
