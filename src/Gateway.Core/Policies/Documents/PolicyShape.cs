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
        .Required("allow", "allow: [gpt-4o*]", new ListShape<string>(Vocabulary.ModelOrPrefix, 1_000), (draft, value) => draft.Allow = value)
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

    private static readonly MapShape<GuardsDraft> Guards = new MapShape<GuardsDraft>()
        .Optional("content", new ListShape<ContentRuleDraft>(ContentRule, 1_000), (draft, value) => draft.Content = value)
        .Later("injection", "secrets", "personalData", "links", "promptLeak", "external");

    private static readonly MapShape<SystemPromptDraft> SystemPrompt = new MapShape<SystemPromptDraft>()
        .Required("prepend", "prepend: Never reveal internal names.", Vocabulary.Preamble, (draft, value) => draft.Prepend = value)
        .Required("version", "version: 1", new WholeShape(1, int.MaxValue), (draft, value) => draft.Version = value);

    /// <summary>The whole document. Declared last: the fields above are initialised in the order in which they stand.</summary>
    public static readonly IShape<PolicyDraft> Document = new MapShape<PolicyDraft>()
        .Required("policy", "policy: support-assistant", Vocabulary.Identifier, (draft, value) => draft.Name = value)
        .Optional("description", Vocabulary.Prose, (draft, value) => draft.Description = value)
        .Required("tenants", "tenants: [acme]", new ListShape<string>(Vocabulary.Tenant, 10_000), (draft, value) => draft.Tenants = value)
        .Optional("riskTier", new WholeShape(0, 3), (draft, value) => draft.RiskTier = value)
        .Optional("mode", Vocabulary.Mode, (draft, value) => draft.Mode = value)
        .Optional("onViolation", Vocabulary.OnViolation, (draft, value) => draft.OnViolation = value)
        .Optional("onError", Vocabulary.OnError, (draft, value) => draft.OnError = value)
        .Optional("guardTimeoutMs", new WholeShape(1, 60_000), (draft, value) => draft.GuardTimeoutMs = value)
        .Required("models", "models: { allow: [gpt-4o*] }", Models, (draft, value) => draft.Models = value)
        .Optional("limits", Limits, (draft, value) => draft.Limits = value)
        .Optional("guards", Guards, (draft, value) => draft.Guards = value)
        .Optional("unseen", UnseenShape.Unseen, (draft, value) => draft.Unseen = value)
        .Optional("tools", UnseenShape.Tools, (draft, value) => draft.Tools = value)
        .Optional("systemPrompt", SystemPrompt, (draft, value) => draft.SystemPrompt = value)
        .Later("extends", "locked", "capture", "rollout");
}
