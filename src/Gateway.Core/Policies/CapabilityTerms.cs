using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;

namespace Gateway.Core.Policies;

/// <summary>What the policy language says about one capability.</summary>
/// <param name="Capability">Which.</param>
/// <param name="Default">What applies where a policy says nothing.</param>
/// <param name="What">What a request does that uses it, for messages: completes "the request ...".</param>
/// <param name="Threat">What it can be misused for.</param>
/// <param name="Fixed">True: no policy can allow it, because the gateway has no reader for it.</param>
public sealed record CapabilityTerm(Capability Capability, PolicyAction Default, string What, Threat Threat, bool Fixed = false)
{
    /// <summary>The key in the section <c>unseen</c>.</summary>
    public string Key { get; } = char.ToLowerInvariant(Capability.ToString()[0]) + Capability.ToString()[1..];
}

/// <summary>The capabilities in the policy language, with the safe default of each. The reasons stand in <c>deploy/docs/unseen.md</c>.</summary>
public static class CapabilityTerms
{
    /// <summary>All of them, in the order of the enum.</summary>
    public static ImmutableArray<CapabilityTerm> All { get; } =
    [
        new(Capability.StoredHistory, PolicyAction.Block, "refers to history that the provider keeps", Threat.IndirectInjection),
        new(Capability.StoredPrompt, PolicyAction.Block, "refers to a prompt that the provider keeps", Threat.IndirectInjection),
        new(Capability.StoredFile, PolicyAction.Block, "refers to a file that the provider keeps", Threat.IndirectInjection),
        new(Capability.RemoteContent, PolicyAction.Block, "names an address that the provider would fetch", Threat.Exfiltration),
        new(Capability.Image, PolicyAction.Annotate, "holds an image", Threat.IndirectInjection),
        new(Capability.Audio, PolicyAction.Block, "holds or asks for audio", Threat.IndirectInjection),
        new(Capability.Video, PolicyAction.Block, "holds video", Threat.IndirectInjection),
        new(Capability.BinaryDocument, PolicyAction.Block, "holds a document whose text the gateway does not read", Threat.IndirectInjection),
        new(Capability.SealedContent, PolicyAction.Annotate, "holds content that the provider has sealed", Threat.IndirectInjection),
        new(Capability.ProviderTool, PolicyAction.Block, "declares a tool that the provider executes", Threat.ToolMisuse),
        new(Capability.Connector, PolicyAction.Block, "makes the provider call a server that the request names", Threat.Exfiltration),
        new(Capability.ProviderStorage, PolicyAction.Block, "asks the provider to keep the exchange", Threat.Exfiltration),
        new(Capability.SecondModel, PolicyAction.Block, "names a second model", Threat.ModelPolicy),
        new(Capability.InlineTool, PolicyAction.Block, "declares a tool inside a message", Threat.ToolMisuse),
        new(Capability.TokenIds, PolicyAction.Block, "gives input as token numbers", Threat.Protocol),
        new(Capability.OutputSteering, PolicyAction.Block, "steers the output below the level of text", Threat.Protocol),
        new(Capability.UnknownPart, PolicyAction.Block, "holds a part or tool of a type that the gateway does not know", Threat.Protocol),
        new(Capability.DialectMember, PolicyAction.Block, "hands text to the model outside the format", Threat.Protocol),
        new(Capability.UnknownMember, PolicyAction.Annotate, "has a member that the gateway does not know", Threat.Protocol),
        new(Capability.Beta, PolicyAction.Annotate, "asks for a beta that the policy does not list", Threat.Protocol),
        new(Capability.Batch, PolicyAction.Block, "asks for a batch", Threat.Protocol, Fixed: true),
        new(Capability.Realtime, PolicyAction.Block, "asks for a realtime socket", Threat.Protocol, Fixed: true),
        new(Capability.UnknownRoute, PolicyAction.Block, "goes to a path that the gateway does not serve", Threat.Protocol, Fixed: true),
    ];

    /// <summary>The term of <paramref name="capability"/>.</summary>
    public static CapabilityTerm Of(Capability capability) => All[(int)capability];
}
