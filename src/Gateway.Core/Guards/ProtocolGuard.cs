using Gateway.Core.Exchanges;
using Gateway.Core.Formats;

namespace Gateway.Core.Guards;

/// <summary>What the strict reader's refusal of a body means to a policy.</summary>
public static class ProtocolGuard
{
    /// <summary>The finding for <paramref name="fault"/>: that of the capability when a setting refuses it, else that of the protocol.</summary>
    public static Finding ToFinding(RequestFault fault) => fault.Capability is { } capability
        ? CapabilityGuard.ToFinding(capability, PolicyAction.Block, fault.Param)
        : new Finding(
            GuardId.Protocol, fault.Reason, Threat.Protocol, Surface.Metadata, PolicyAction.Block, Severity.Medium, GuardMode.Enforce, fault.Param);

    /// <summary>The fault in words, with the setting that refuses it if there is one.</summary>
    public static string Explain(RequestFault fault) =>
        fault.Capability is { } capability ? $"{fault.Message} {CapabilityGuard.Explain(capability)}" : fault.Message;
}
