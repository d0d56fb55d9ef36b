namespace Gateway.Core.Policies;

/// <summary>
/// The policies that are built in, so that the gateway starts where there is no policies folder. They are the sample in the repository's
/// folder <c>policies</c>, byte for byte, and so have the same version as a folder that holds only it.
/// </summary>
public static class DefaultPolicies
{
    private const string Name = "default.yaml";

    /// <summary>Reads the built-in documents.</summary>
    public static IReadOnlyList<PolicyFile> Read()
    {
        using var stream = typeof(DefaultPolicies).Assembly.GetManifestResourceStream($"policies/{Name}")
            ?? throw new InvalidOperationException("the built-in policy is missing from the assembly");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return [new PolicyFile(Name, content)];
    }
}
