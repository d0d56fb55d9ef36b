using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;

namespace Gateway.Core.Policies.Documents;

/// <summary>A document as written: each member is null where the key is missing or its value was refused. Only the compiler sees it.</summary>
internal sealed class PolicyDraft
{
    public Located<string>? Name { get; set; }

    public Located<string>? Description { get; set; }

    public Located<bool>? IsAbstract { get; set; }

    public Located<ImmutableArray<Located<string>>>? Extends { get; set; }

    public Located<ImmutableArray<Located<string>>>? Locked { get; set; }

    public Located<ImmutableArray<Located<string>>>? Tenants { get; set; }

    public Located<ImmutableArray<Located<AttachmentDraft>>>? AppliesTo { get; set; }

    public Located<long>? RiskTier { get; set; }

    public Located<GuardMode>? Mode { get; set; }

    public Located<ViolationResponse>? OnViolation { get; set; }

    public Located<GuardFailure>? OnError { get; set; }

    public Located<long>? GuardTimeoutMs { get; set; }

    public Located<ModelsDraft>? Models { get; set; }

    public Located<LimitsDraft>? Limits { get; set; }

    public Located<GuardsDraft>? Guards { get; set; }

    public Located<UnseenDraft>? Unseen { get; set; }

    public Located<ToolsDraft>? Tools { get; set; }

    public Located<SystemPromptDraft>? SystemPrompt { get; set; }
}

/// <summary>The section <c>systemPrompt</c> as written.</summary>
internal sealed class SystemPromptDraft
{
    public Located<string>? Prepend { get; set; }

    public Located<long>? Version { get; set; }
}

/// <summary>One entry of <c>appliesTo</c> as written.</summary>
internal sealed class AttachmentDraft
{
    public Located<string>? Tenant { get; set; }

    public Located<string>? Application { get; set; }

    public Located<string>? Key { get; set; }

    public Located<string>? Model { get; set; }

    public Located<FormatId>? Format { get; set; }
}

/// <summary>The section of a guard that has nothing to set but its mode.</summary>
internal sealed class GuardDraft
{
    public Located<GuardMode>? Mode { get; set; }
}

/// <summary>The section <c>models</c> as written.</summary>
internal sealed class ModelsDraft
{
    public Located<ImmutableArray<Located<string>>>? Allow { get; set; }

    public Located<ImmutableArray<NamedValue<string>>>? Alias { get; set; }

    public Located<ImmutableArray<NamedValue<ImmutableArray<Located<string>>>>>? Fallback { get; set; }
}

/// <summary>A rate as written.</summary>
internal sealed class RateDraft
{
    public Located<long>? PerMinute { get; set; }

    public Located<long>? Burst { get; set; }
}

/// <summary>The section <c>limits.perUser</c> as written.</summary>
internal sealed class UserLimitsDraft
{
    public Located<RateDraft>? Requests { get; set; }
}

/// <summary>The section <c>limits.size</c> as written.</summary>
internal sealed class SizeDraft
{
    public Located<long>? BodyBytes { get; set; }

    public Located<long>? ResponseBytes { get; set; }

    public Located<long>? TextLength { get; set; }

    public Located<long>? Messages { get; set; }

    public Located<long>? Tools { get; set; }

    public Located<long>? OutputTokens { get; set; }

    public Located<long>? Choices { get; set; }
}

/// <summary>The section <c>limits</c> as written.</summary>
internal sealed class LimitsDraft
{
    public Located<RateDraft>? Requests { get; set; }

    public Located<long>? Concurrency { get; set; }

    public Located<UserLimitsDraft>? PerUser { get; set; }

    public Located<SizeDraft>? Size { get; set; }
}

/// <summary>The section <c>guards</c> as written.</summary>
internal sealed class GuardsDraft
{
    public Located<ImmutableArray<Located<ContentRuleDraft>>>? Content { get; set; }

    public Located<GuardDraft>? Model { get; set; }

    public Located<GuardDraft>? Size { get; set; }
}

/// <summary>One content rule as written.</summary>
internal sealed class ContentRuleDraft
{
    public Located<string>? Id { get; set; }

    public Located<string>? Match { get; set; }

    public Located<ImmutableArray<Located<string>>>? Terms { get; set; }

    public Located<bool>? IgnoreCase { get; set; }

    public Located<ImmutableArray<Located<ImmutableArray<Surface>>>>? Surfaces { get; set; }

    public Located<PolicyAction>? Action { get; set; }

    public Located<Severity>? Severity { get; set; }

    public Located<GuardMode>? Mode { get; set; }

    public Located<Threat>? Threat { get; set; }

    public Located<string>? Message { get; set; }
}
