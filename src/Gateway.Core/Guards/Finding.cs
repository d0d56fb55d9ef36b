using Gateway.Core.Exchanges;

namespace Gateway.Core.Guards;

/// <summary>What is to be done about a finding, from mild to hard. The hardest enforced action of an exchange wins.</summary>
public enum PolicyAction : byte
{
    /// <summary>Nothing.</summary>
    Allow,

    /// <summary>Record it.</summary>
    Annotate,

    /// <summary>Mark the exchange as tainted.</summary>
    Taint,

    /// <summary>Replace the span.</summary>
    Redact,

    /// <summary>Wait for a person.</summary>
    Approve,

    /// <summary>Stop the exchange.</summary>
    Block,
}

/// <summary>Whether a guard or rule acts.</summary>
public enum GuardMode : byte
{
    /// <summary>Findings take effect.</summary>
    Enforce,

    /// <summary>Findings are recorded with what would have happened.</summary>
    Monitor,

    /// <summary>The guard does not run.</summary>
    Off,
}

/// <summary>How bad a finding is, in the policy's words.</summary>
public enum Severity : byte
{
    /// <summary>Low.</summary>
    Low,

    /// <summary>Medium.</summary>
    Medium,

    /// <summary>High.</summary>
    High,

    /// <summary>Critical.</summary>
    Critical,
}

/// <summary>The closed list of guards, in the words of the telemetry label <c>guard</c>.</summary>
public enum GuardId : byte
{
    /// <summary>The strict reader: two-reading bodies, unknown shapes.</summary>
    Protocol,

    /// <summary>Model allowlist and aliases.</summary>
    Model,

    /// <summary>Sizes and counts.</summary>
    Size,

    /// <summary>What the gateway cannot look into.</summary>
    Capability,

    /// <summary>Content rules.</summary>
    Content,

    /// <summary>Tools: declared, called, replayed.</summary>
    Tools,

    /// <summary>Emergency overrides that stop an exchange for what it is.</summary>
    Override,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>The closed list of threats, in the words of the telemetry label <c>threat</c>. OWASP LLM ids in brackets.</summary>
public enum Threat : byte
{
    /// <summary>Direct prompt injection (LLM01).</summary>
    Injection,

    /// <summary>Injection by third-party text (LLM01).</summary>
    IndirectInjection,

    /// <summary>Jailbreak (LLM01).</summary>
    Jailbreak,

    /// <summary>Secrets (LLM02).</summary>
    Secret,

    /// <summary>Personal data (LLM02).</summary>
    PersonalData,

    /// <summary>Misuse of tools (LLM06).</summary>
    ToolMisuse,

    /// <summary>Exfiltration (LLM02, LLM05).</summary>
    Exfiltration,

    /// <summary>Leak of the system prompt (LLM07).</summary>
    PromptLeak,

    /// <summary>A content rule of the policy.</summary>
    Content,

    /// <summary>A model the policy does not list.</summary>
    ModelPolicy,

    /// <summary>A body that two parsers could read in two ways, or that breaks its format.</summary>
    Protocol,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>What one guard found at one place. Holds no content: only rule, place and length.</summary>
/// <param name="Guard">Who found it.</param>
/// <param name="Rule">The rule's id in the policy, or the guard's own word.</param>
/// <param name="Threat">What kind of threat.</param>
/// <param name="Surface">Where.</param>
/// <param name="Action">What the rule asks for.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Mode">Whether it takes effect.</param>
/// <param name="Path">JSON path of the text, if known.</param>
/// <param name="Offset">Offset of the match in the text, in UTF-16 units, or -1.</param>
/// <param name="Length">Length of the match, or 0.</param>
/// <param name="Message">Text for the developer, from the policy or the guard; names no pattern.</param>
/// <param name="Override">The id of the override that asks for this, or that makes a rule act; it acts whatever the policy's mode.</param>
public sealed record Finding(
    GuardId Guard,
    string Rule,
    Threat Threat,
    Surface Surface,
    PolicyAction Action,
    Severity Severity,
    GuardMode Mode,
    string? Path = null,
    long Offset = -1,
    int Length = 0,
    string? Message = null,
    string? Override = null)
{
    /// <summary>True when the finding stops the exchange.</summary>
    public bool Blocks => Mode == GuardMode.Enforce && Action == PolicyAction.Block;
}
