using Gateway.Core.Exchanges;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Guards;

/// <summary>The findings of emergency overrides. They act whatever the policy's mode, and tell the client no more than which override it was.</summary>
public static class OverrideFindings
{
    private const string Unapproved = "A call of this tool needs the approval of a person, and nobody can be asked.";

    /// <summary>A kill switch stopped the exchange.</summary>
    public static Finding Blocked(BlockRule block, string? path = null) => Of(block.Override, Threat.Other, Surface.Metadata, path);

    /// <summary>A limit was exceeded.</summary>
    public static Finding TooLarge(SizeRule size) => Of(size.Override, Threat.Other, Surface.Metadata, path: null);

    /// <summary>Third-party content came along.</summary>
    public static Finding ThirdParty(string id, Surface surface, string? path) => Of(id, Threat.IndirectInjection, surface, path);

    /// <summary>A tool was declared.</summary>
    public static Finding Declared(ToolRule rule) => Of(rule, Surface.ToolDefinition);

    /// <summary>A tool was called.</summary>
    public static Finding Called(ToolRule rule) => Of(rule, Surface.ToolArguments);

    private static Finding Of(ToolRule rule, Surface surface) =>
        Of(rule.Override, Threat.ToolMisuse, surface, path: null) with { Guard = GuardId.Tools, Message = rule.NeedsApproval ? Unapproved : null };

    private static Finding Of(string id, Threat threat, Surface surface, string? path) => new(
        GuardId.Override, EmergencyRules.RuleOf(id), threat, surface, PolicyAction.Block, Severity.High, GuardMode.Enforce, path, Override: id);
}
