using System.Collections.Immutable;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Policies.Documents;

/// <summary>The shape of a policy document: every key, its kind and its bounds, declared once.</summary>
internal static class PolicyShape
{
    private const long MostPerMinute = 10_000_000;
    private const long MostBytes = 128L * 1024 * 1024;
    private const int LongestPattern = 2_000;
    private const int LongestTerm = 500;

    private static readonly MapShape<RateDraft> Rate = new MapShape<RateDraft>()
        .Required("perMinute", "perMinute: 600", new WholeShape(1, MostPerMinute), (draft, value) => draft.PerMinute = value)
        .Optional("burst", new WholeShape(1, MostPerMinute), (draft, value) => draft.Burst = value);

    private static readonly MapShape<UserLimitsDraft> PerUser = new MapShape<UserLimitsDraft>()
        .Required("requests", "requests: { perMinute: 20 }", Rate, (draft, value) => draft.Requests = value);

    private static readonly MapShape<SizeDraft> Size = new MapShape<SizeDraft>()
        .Optional("bodyBytes", new WholeShape(1, MostBytes), (draft, value) => draft.BodyBytes = value)
        .Optional("responseBytes", new WholeShape(1, MostBytes), (draft, value) => draft.ResponseBytes = value)
        .Optional("textLength", new WholeShape(1, MostBytes), (draft, value) => draft.TextLength = value)
        .Optional("messages", new WholeShape(1, 100_000), (draft, value) => draft.Messages = value)
        .Optional("tools", new WholeShape(0, 10_000), (draft, value) => draft.Tools = value)
        .Optional("outputTokens", new WholeShape(1, 10_000_000), (draft, value) => draft.OutputTokens = value)
        .Optional("choices", new WholeShape(1, 1_000), (draft, value) => draft.Choices = value);

    private static readonly MapShape<LimitsDraft> Limits = new MapShape<LimitsDraft>()
        .Optional("requests", Rate, (draft, value) => draft.Requests = value)
        .Optional("concurrency", new WholeShape(1, 1_000_000), (draft, value) => draft.Concurrency = value)
        .Optional("perUser", PerUser, (draft, value) => draft.PerUser = value)
        .Optional("size", Size, (draft, value) => draft.Size = value)
        .Later("tokens", "budget", "onError");

    private static readonly MapShape<ModelsDraft> Models = new MapShape<ModelsDraft>()
        .Optional("allow", new ListShape<string>(Vocabulary.ModelOrPrefix, 1_000), (draft, value) => draft.Allow = value)
        .Optional("alias", new NamedShape<string>(Vocabulary.Model, Vocabulary.Model, 1_000), (draft, value) => draft.Alias = value)
        .Optional(
            "fallback",
            new NamedShape<ImmutableArray<Located<string>>>(Vocabulary.Model, new ListShape<string>(Vocabulary.Model, 8), 1_000),
            (draft, value) => draft.Fallback = value);

    private static readonly MapShape<ContentRuleDraft> ContentRule = new MapShape<ContentRuleDraft>()
        .Required("id", "id: no-legal-advice", Vocabulary.Identifier, (draft, value) => draft.Id = value)
        .Optional("match", Vocabulary.Pattern(LongestPattern), (draft, value) => draft.Match = value)
        .Optional("terms", new ListShape<string>(Vocabulary.Pattern(LongestTerm), 1_000), (draft, value) => draft.Terms = value)
        .Optional("ignoreCase", new FlagShape(), (draft, value) => draft.IgnoreCase = value)
        .Required(
            "surfaces",
            "surfaces: [input, output]",
            new ListShape<ImmutableArray<Surface>>(Vocabulary.Surfaces, 12),
            (draft, value) => draft.Surfaces = value)
        .Optional("action", Vocabulary.Action, (draft, value) => draft.Action = value)
        .Optional("severity", Vocabulary.Severity, (draft, value) => draft.Severity = value)
        .Optional("mode", Vocabulary.Mode, (draft, value) => draft.Mode = value)
        .Optional("threat", Vocabulary.Threat, (draft, value) => draft.Threat = value)
        .Optional("message", Vocabulary.Line, (draft, value) => draft.Message = value);

    private static readonly MapShape<GuardDraft> Guard = new MapShape<GuardDraft>()
        .Optional("mode", Vocabulary.Mode, (draft, value) => draft.Mode = value);

    private static readonly MapShape<AttachmentDraft> Attachment = new MapShape<AttachmentDraft>()
        .Optional("tenant", Vocabulary.Tenant, (draft, value) => draft.Tenant = value)
        .Optional("application", Vocabulary.Client, (draft, value) => draft.Application = value)
        .Optional("key", Vocabulary.Client, (draft, value) => draft.Key = value)
        .Optional("model", Vocabulary.ModelOrPrefix, (draft, value) => draft.Model = value)
        .Optional("format", Vocabulary.Format, (draft, value) => draft.Format = value);

    private static readonly MapShape<GuardsDraft> Guards = new MapShape<GuardsDraft>()
        .Optional("content", new ListShape<ContentRuleDraft>(ContentRule, 1_000), (draft, value) => draft.Content = value)
        .Optional("model", Guard, (draft, value) => draft.Model = value)
        .Optional("size", Guard, (draft, value) => draft.Size = value)
        .Elsewhere("capability", "stands in a section of its own; write unseen: { mode: monitor }")
        .Later("injection", "secrets", "personalData", "links", "promptLeak", "external");

    private static readonly MapShape<SystemPromptDraft> SystemPrompt = new MapShape<SystemPromptDraft>()
        .Required("prepend", "prepend: Never reveal internal names.", Vocabulary.Preamble, (draft, value) => draft.Prepend = value)
        .Required("version", "version: 1", new WholeShape(1, int.MaxValue), (draft, value) => draft.Version = value);

    /// <summary>The whole document. Declared last: the fields above are initialised in the order in which they stand.</summary>
    public static readonly IShape<PolicyDraft> Document = new MapShape<PolicyDraft>()
        .Required("policy", "policy: support-assistant", Vocabulary.Identifier, (draft, value) => draft.Name = value)
        .Optional("description", Vocabulary.Prose, (draft, value) => draft.Description = value)
        .Optional("abstract", new FlagShape(), (draft, value) => draft.IsAbstract = value)
        .Optional("extends", Vocabulary.Parents, (draft, value) => draft.Extends = value)
        .Optional("locked", Vocabulary.LockedPaths, (draft, value) => draft.Locked = value)
        .Optional("tenants", new ListShape<string>(Vocabulary.Tenant, 10_000), (draft, value) => draft.Tenants = value)
        .Optional("appliesTo", new ListShape<AttachmentDraft>(Attachment, 10_000), (draft, value) => draft.AppliesTo = value)
        .Optional("riskTier", new WholeShape(0, 3), (draft, value) => draft.RiskTier = value)
        .Optional("mode", Vocabulary.Mode, (draft, value) => draft.Mode = value)
        .Optional("onViolation", Vocabulary.OnViolation, (draft, value) => draft.OnViolation = value)
        .Optional("onError", Vocabulary.OnError, (draft, value) => draft.OnError = value)
        .Optional("guardTimeoutMs", new WholeShape(1, 60_000), (draft, value) => draft.GuardTimeoutMs = value)
        .Optional("models", Models, (draft, value) => draft.Models = value)
        .Optional("limits", Limits, (draft, value) => draft.Limits = value)
        .Optional("guards", Guards, (draft, value) => draft.Guards = value)
        .Optional("unseen", UnseenShape.Unseen, (draft, value) => draft.Unseen = value)
        .Optional("tools", UnseenShape.Tools, (draft, value) => draft.Tools = value)
        .Optional("systemPrompt", SystemPrompt, (draft, value) => draft.SystemPrompt = value)
        .Later("capture")
        .Elsewhere("rollout", "does not stand in a document: a canary is started for a version, by the management API or gatewayctl; remove it");
}
