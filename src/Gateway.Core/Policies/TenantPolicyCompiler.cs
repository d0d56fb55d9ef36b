using Gateway.Core.Formats.Coverage;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Attachments;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Policies.Yaml;

namespace Gateway.Core.Policies;

/// <summary>Turns one draft into a policy. Always returns one, so that all sections are checked; the caller drops it when there are errors.</summary>
internal static class TenantPolicyCompiler
{
    // A burst of a tenth of a minute's requests smooths nothing away that six seconds of waiting would not.
    private const int BurstShare = 10;

    public static TenantPolicy Compile(PolicyDraft draft, YamlPlace root, CoverageMatrix matrix, DocumentErrors errors)
    {
        var mode = draft.Mode?.Value ?? GuardMode.Enforce;
        var policy = new TenantPolicy
        {
            Name = draft.Name?.Value ?? "",
            Description = draft.Description?.Value,
            Source = root.Source,
            Tenants = [.. (draft.Tenants?.Value ?? []).Select(tenant => tenant.Value)],
            AppliesTo = [.. (draft.AppliesTo?.Value ?? []).Select(entry => AttachmentCompiler.Compile(entry, errors)).OfType<PolicyAttachment>()],
            Mode = mode,
            GuardModes = new GuardModes(
                draft.Guards?.Value.Model?.Value.Mode?.Value ?? GuardMode.Enforce,
                draft.Guards?.Value.Size?.Value.Mode?.Value ?? GuardMode.Enforce,
                draft.Unseen?.Value.Mode?.Value ?? GuardMode.Enforce),
            OnViolation = draft.OnViolation?.Value ?? ViolationResponse.Error,
            RiskTier = (int)(draft.RiskTier?.Value ?? 0),
            Models = ModelRulesCompiler.Compile(draft.Models?.Value ?? new ModelsDraft(), errors),
            Limits = Limits(draft.Limits?.Value ?? new LimitsDraft()),
            Content = ContentRulesCompiler.Compile(draft.Guards?.Value.Content, mode, errors),
            Unseen = UnseenRulesCompiler.Compile(draft.Unseen?.Value ?? new UnseenDraft(), draft.Tools?.Value ?? new ToolsDraft(), errors),
            SystemPrompt = SystemPrompt(draft.SystemPrompt?.Value),
            OnError = draft.OnError?.Value ?? GuardFailure.Block,
        };
        if (draft.Guards?.Value.Content is { } rules)
        {
            new RuleReach(policy, matrix, errors).Check(rules.Value);
        }

        return draft.GuardTimeoutMs is { } timeout ? policy with { GuardTimeout = TimeSpan.FromMilliseconds(timeout.Value) } : policy;
    }

    private static ManagedSystemPrompt? SystemPrompt(SystemPromptDraft? draft) =>
        draft is { Prepend: { } text, Version: { } version } ? new ManagedSystemPrompt(text.Value, (int)version.Value) : null;

    private static LimitRules Limits(LimitsDraft draft) => new()
    {
        Requests = Rate(draft.Requests),
        UserRequests = Rate(draft.PerUser?.Value.Requests),
        Concurrency = (int?)draft.Concurrency?.Value,
        Size = Size(draft.Size?.Value ?? new SizeDraft()),
    };

    private static RequestRate? Rate(Located<RateDraft>? draft)
    {
        if (draft?.Value.PerMinute is not { } perMinute)
        {
            return null;
        }

        return new RequestRate((int)perMinute.Value, (int)(draft.Value.Burst?.Value ?? Math.Max(1, perMinute.Value / BurstShare)));
    }

    private static SizeLimits Size(SizeDraft draft) => new()
    {
        BodyBytes = draft.BodyBytes?.Value ?? SizeLimits.DefaultBodyBytes,
        ResponseBytes = draft.ResponseBytes?.Value ?? SizeLimits.DefaultBodyBytes,
        TextLength = draft.TextLength?.Value,
        Messages = (int?)draft.Messages?.Value,
        Tools = (int?)draft.Tools?.Value,
        OutputTokens = draft.OutputTokens?.Value,
        Choices = (int?)draft.Choices?.Value,
    };
}
