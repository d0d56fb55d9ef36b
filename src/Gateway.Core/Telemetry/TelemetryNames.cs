using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;

namespace Gateway.Core.Telemetry;

#pragma warning disable CS8524 // a value without a name cannot be made; a named value without a word is CS8509, which breaks the build

/// <summary>
/// The one spelling of every closed value, used by metrics, spans, logs and records alike. All words are constants, so they cost nothing to
/// pass and can be told apart by reference.
/// </summary>
public static class TelemetryNames
{
    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(Outcome value) => value switch
    {
        Outcome.Allowed => "allowed",
        Outcome.Blocked => "blocked",
        Outcome.Limited => "limited",
        Outcome.Refused => "refused",
        Outcome.Cut => "cut",
        Outcome.Cancelled => "cancelled",
        Outcome.UpstreamFailed => "upstream_failed",
        Outcome.Failed => "failed",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(Verdict value) => value switch
    {
        Verdict.Allowed => "allowed",
        Verdict.Blocked => "blocked",
        Verdict.Redacted => "redacted",
        Verdict.WouldBlock => "would_block",
        Verdict.WouldRedact => "would_redact",
        Verdict.Bypassed => "bypassed",
        Verdict.Error => "error",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(FormatId value) => value switch
    {
        FormatId.Unknown => "unknown",
        FormatId.OpenAIChat => "openai_chat",
        FormatId.OpenAIResponses => "openai_responses",
        FormatId.OpenAICompletions => "openai_completions",
        FormatId.OpenAIEmbeddings => "openai_embeddings",
        FormatId.OpenAIModels => "openai_models",
        FormatId.AnthropicMessages => "anthropic_messages",
        FormatId.AnthropicCountTokens => "anthropic_count_tokens",
        FormatId.GeminiGenerate => "gemini",
        FormatId.GeminiCountTokens => "gemini_count_tokens",
        FormatId.GeminiEmbed => "gemini_embed",
        FormatId.AnthropicModels => "anthropic_models",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(GuardId value) => value switch
    {
        GuardId.Protocol => "protocol",
        GuardId.Model => "model",
        GuardId.Size => "size",
        GuardId.Capability => "capability",
        GuardId.Content => "content",
        GuardId.Tools => "tools",
        GuardId.Override => "override",
        GuardId.Other => "other",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(Threat value) => value switch
    {
        Threat.Injection => "injection",
        Threat.IndirectInjection => "indirect_injection",
        Threat.Jailbreak => "jailbreak",
        Threat.Secret => "secret",
        Threat.PersonalData => "personal_data",
        Threat.ToolMisuse => "tool_misuse",
        Threat.Exfiltration => "exfiltration",
        Threat.PromptLeak => "prompt_leak",
        Threat.Content => "content",
        Threat.ModelPolicy => "model_policy",
        Threat.Protocol => "protocol",
        Threat.Other => "other",
    };

    /// <summary>The word for <paramref name="value"/>; <see cref="Surface.Metadata"/> is <c>envelope</c>.</summary>
    public static string Of(Surface value) => value switch
    {
        Surface.System => "system",
        Surface.Developer => "developer",
        Surface.User => "user",
        Surface.Assistant => "assistant",
        Surface.ToolResult => "tool_result",
        Surface.Document => "document",
        Surface.ToolDefinition => "tool_definition",
        Surface.ToolArguments => "tool_arguments",
        Surface.Output => "output",
        Surface.Reasoning => "reasoning",
        Surface.Metadata => "envelope",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(PolicyAction value) => value switch
    {
        PolicyAction.Allow => "allow",
        PolicyAction.Annotate => "annotate",
        PolicyAction.Taint => "taint",
        PolicyAction.Redact => "redact",
        PolicyAction.Approve => "approve",
        PolicyAction.Block => "block",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(GuardMode value) => value switch
    {
        GuardMode.Enforce => "enforce",
        GuardMode.Monitor => "monitor",
        GuardMode.Off => "off",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(Severity value) => value switch
    {
        Severity.Low => "low",
        Severity.Medium => "medium",
        Severity.High => "high",
        Severity.Critical => "critical",
    };

    /// <summary>The word for <paramref name="value"/>.</summary>
    public static string Of(Capability value) => value switch
    {
        Capability.StoredHistory => "stored_history",
        Capability.StoredPrompt => "stored_prompt",
        Capability.StoredFile => "stored_file",
        Capability.RemoteContent => "remote_content",
        Capability.Image => "image",
        Capability.Audio => "audio",
        Capability.Video => "video",
        Capability.BinaryDocument => "binary_document",
        Capability.SealedContent => "sealed_content",
        Capability.ProviderTool => "provider_tool",
        Capability.Connector => "connector",
        Capability.ProviderStorage => "provider_storage",
        Capability.SecondModel => "second_model",
        Capability.InlineTool => "inline_tool",
        Capability.TokenIds => "token_ids",
        Capability.OutputSteering => "output_steering",
        Capability.UnknownPart => "unknown_part",
        Capability.DialectMember => "dialect_member",
        Capability.UnknownMember => "unknown_member",
        Capability.Beta => "beta",
        Capability.Batch => "batch",
        Capability.Realtime => "realtime",
        Capability.UnknownRoute => "unknown_route",
    };
}
