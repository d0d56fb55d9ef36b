namespace Gateway.Core.Exchanges;

/// <summary>
/// What a request can ask for that the gateway cannot look into: text that is kept elsewhere, content that is no text, work that the provider
/// does by itself. Each has a setting in the policy, and each use is a finding.
/// </summary>
public enum Capability : byte
{
    /// <summary>History kept by the provider: <c>previous_response_id</c>, conversations, item references, cached content.</summary>
    StoredHistory,

    /// <summary>A prompt template kept by the provider.</summary>
    StoredPrompt,

    /// <summary>A file kept by the provider, named by its id or address.</summary>
    StoredFile,

    /// <summary>An address whose content the provider fetches.</summary>
    RemoteContent,

    /// <summary>Image bytes.</summary>
    Image,

    /// <summary>Audio bytes.</summary>
    Audio,

    /// <summary>Video bytes.</summary>
    Video,

    /// <summary>A document in a form whose text the gateway does not read, such as PDF.</summary>
    BinaryDocument,

    /// <summary>Text encrypted by the provider: sealed reasoning, sealed search results.</summary>
    SealedContent,

    /// <summary>A tool that the provider executes: search, code, retrieval.</summary>
    ProviderTool,

    /// <summary>A server that the provider calls with an address or credential from the request: MCP servers, connectors, data sources.</summary>
    Connector,

    /// <summary>Keeping the exchange at the provider: <c>store</c>, background runs.</summary>
    ProviderStorage,

    /// <summary>Another model than the one asked for: fallbacks, advisors. Every name is also judged by the allowlist of models.</summary>
    SecondModel,

    /// <summary>Tools that are declared inside messages instead of the request's list of tools.</summary>
    InlineTool,

    /// <summary>Input given as token numbers.</summary>
    TokenIds,

    /// <summary>Options that change the output below the level of text, such as <c>logit_bias</c>.</summary>
    OutputSteering,

    /// <summary>A content part, item or tool of a type that no table knows.</summary>
    UnknownPart,

    /// <summary>A top-level member of a compatible server's dialect that hands text to the model or changes how it is put together.</summary>
    DialectMember,

    /// <summary>A top-level member that no table knows. Its strings are read; what it makes the provider do is not known.</summary>
    UnknownMember,

    /// <summary>A beta of the provider, asked for by header.</summary>
    Beta,

    /// <summary>Batches: many requests in one body or file.</summary>
    Batch,

    /// <summary>Realtime sockets.</summary>
    Realtime,

    /// <summary>A path that no format serves.</summary>
    UnknownRoute,
}

/// <summary>One use of a capability in a request.</summary>
/// <param name="Capability">Which.</param>
/// <param name="TokenStart">Byte offset, in the body, of the JSON token that shows it; -1 when it stands elsewhere.</param>
/// <param name="Name">The tool's name, where the policy has settings by name (<see cref="Capability.ProviderTool"/>).</param>
public readonly record struct CapabilityUse(Capability Capability, int TokenStart, string? Name = null);

/// <summary>An immutable set of capabilities.</summary>
public readonly record struct CapabilitySet
{
    private readonly uint _bits;

    private CapabilitySet(uint bits) => _bits = bits;

    /// <summary>Whether <paramref name="capability"/> is in the set.</summary>
    public bool Has(Capability capability) => (_bits & (1u << (int)capability)) != 0;

    /// <summary>The set with <paramref name="capability"/>.</summary>
    public CapabilitySet With(Capability capability) => new(_bits | (1u << (int)capability));
}
