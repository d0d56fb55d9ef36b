namespace Gateway.Core.Formats;

/// <summary>A request header that may be passed on to the provider.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Allowed">The values that may be passed; any other is refused.</param>
/// <param name="Default">Sent when the client sends none.</param>
public sealed record ForwardedHeader(string Name, IReadOnlyList<string> Allowed, string? Default);

/// <summary>What all formats of one provider family share: address, credential, headers.</summary>
public sealed record ProviderProfile
{
    /// <summary>Name in configuration: <c>openai</c>, <c>anthropic</c>, <c>azure</c>, <c>gemini</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The provider's public base address; null where every customer has another.</summary>
    public required string? DefaultBaseUrl { get; init; }

    /// <summary>Path that SDKs expect at the end of a base address; added to an address without path, removed where the family has none.</summary>
    public required string BasePath { get; init; }

    /// <summary>Ends of a base address that people write because their SDK wants them and that the family's own paths begin with.</summary>
    public IReadOnlyList<string> SurplusPaths { get; init; } = [];

    /// <summary>Environment variable that holds the credential by convention.</summary>
    public required string ApiKeyVariable { get; init; }

    /// <summary>Header that carries the credential.</summary>
    public required string CredentialHeader { get; init; }

    /// <summary>What stands before the credential in the header.</summary>
    public string CredentialPrefix { get; init; } = "";

    /// <summary>Headers that may be passed on.</summary>
    public IReadOnlyList<ForwardedHeader> ForwardedHeaders { get; init; } = [];

    /// <summary>
    /// Header by which clients ask for betas, as a comma-separated list; null where there is none. A beta opens members and streams that nobody
    /// here may read, so values pass only when the policy lists them.
    /// </summary>
    public string? BetaHeader { get; init; }

    /// <summary>The family called <paramref name="name"/>.</summary>
    public static ProviderProfile Of(string name) => All.First(profile => string.Equals(profile.Name, name, StringComparison.Ordinal));

    /// <summary>All families.</summary>
    public static IReadOnlyList<ProviderProfile> All { get; } =
    [
        new()
        {
            Name = "openai",
            DefaultBaseUrl = "https://api.openai.com/v1",
            BasePath = "/v1",
            ApiKeyVariable = "OPENAI_API_KEY",
            CredentialHeader = "Authorization",
            CredentialPrefix = "Bearer ",
            BetaHeader = "OpenAI-Beta",
        },
        new()
        {
            Name = "anthropic",
            DefaultBaseUrl = "https://api.anthropic.com",
            BasePath = "",
            SurplusPaths = ["/v1"],
            ApiKeyVariable = "ANTHROPIC_API_KEY",
            CredentialHeader = "x-api-key",

            BetaHeader = "anthropic-beta",

            // The version changes the format, so only versions whose format is known pass.
            ForwardedHeaders = [new ForwardedHeader("anthropic-version", ["2023-06-01", "2026-10-21"], "2023-06-01")],
        },
        new()
        {
            Name = "azure",
            DefaultBaseUrl = null,
            BasePath = "",
            SurplusPaths = ["/openai/v1", "/openai"],
            ApiKeyVariable = "AZURE_OPENAI_API_KEY",
            CredentialHeader = "api-key",
        },
        new()
        {
            Name = "gemini",
            DefaultBaseUrl = "https://generativelanguage.googleapis.com",
            BasePath = "",
            SurplusPaths = ["/v1beta", "/v1alpha", "/v1"],
            ApiKeyVariable = "GEMINI_API_KEY",
            CredentialHeader = "x-goog-api-key",
        },
    ];

    /// <summary>
    /// The base address below which the family's paths stand. Accepts what people write: with or without <c>/v1</c> (Azure: <c>/openai</c>), with or without a slash.
    /// </summary>
    public Uri NormalizeBase(string baseUrl)
    {
        var uri = new Uri(baseUrl.TrimEnd('/'), UriKind.Absolute);
        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.Length == 0)
        {
            path = BasePath;
        }
        else if (SurplusPaths.FirstOrDefault(surplus => path.EndsWith(surplus, StringComparison.Ordinal)) is { } surplus)
        {
            path = path[..^surplus.Length];
        }

        return new Uri(uri, path + "/");
    }
}
