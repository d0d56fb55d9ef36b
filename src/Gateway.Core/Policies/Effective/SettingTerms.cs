using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Core.Policies.Effective;

/// <summary>Every key of the documents with its description and order. A test holds it against the shapes: no key without a term, no term without a key.</summary>
internal static class SettingTerms
{
    private static readonly ImmutableArray<string> Modes = ["enforce", "monitor", "off"];

    private static readonly ImmutableArray<string> Denials = ["deny", "annotate", "allow"];

    public static FrozenDictionary<string, SettingTerm> All { get; } =
        General().Concat(Models()).Concat(Limits()).Concat(Content()).Concat(Unseen()).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The term of a path without names. A key that has none decides in a way that nobody has described.</summary>
    public static SettingTerm Of(string pattern) => All.GetValueOrDefault(pattern) ?? new SettingTerm("", SettingOrder.Unclear);

    private static IEnumerable<KeyValuePair<string, SettingTerm>> General() =>
    [
        Term("policy", "The name of the policy, unique among all documents; appears in errors and decision records."),
        Term("description", "What the policy is for. For people only."),
        Term("tenants", "The tenants that the policy governs; * alone stands for every tenant that no other policy names."),
        Term("tenants[]", "The name of a tenant, or *."),
        Term("abstract", "true: the policy is only there to be extended; it applies to nobody."),
        Term("extends", "The policies that this one is built on; what is written here is on top of them."),
        Term("extends[]", "The name of a policy."),
        Term("locked", "Paths of values that the policies which extend this one may only tighten; * stands for all."),
        Term("locked[]", "A path, such as mode, limits or guards.content.<id>, or *.", SettingOrder.Restricts),
        Term("appliesTo", "What the policy governs besides its tenants; the most specific entry of all policies counts: key, application, tenant, model, format."),
        Term("appliesTo[]", "Exchanges that match every member."),
        Term("appliesTo[].tenant", "The name of a tenant, or * for every tenant."),
        Term("appliesTo[].application", "The application of a key."),
        Term("appliesTo[].key", "The id of a key, or jwt."),
        Term("appliesTo[].model", "The name of a model, or a prefix with an asterisk."),
        Term("appliesTo[].format", "The wire format of the route."),
        Term("riskTier", "How much harm a wrong answer can do: 0 (lowest) to 3.", SettingOrder.HigherIsTighter),
        Words("mode", "enforce: violations are stopped. monitor: they are recorded, with what would have happened. off: no guard runs.", Modes),
        Term("onViolation", "How a violation is told to the client. error: an error of the API. refusal: an ordinary answer that says it refuses."),
        Words("onError", "What happens when a guard fails or runs out of time. block: the exchange stops. allow: it goes on unchecked.", ["block", "allow"]),
        Term("guardTimeoutMs", "Milliseconds that one guard may take.", SettingOrder.Time),
        Term("systemPrompt", "A safety preamble that goes before the application's own instructions, in the request's own format."),
        Term("systemPrompt.prepend", "The text."),
        Term("systemPrompt.version", "The author's number for the text; stands in decision records."),
        Term("guards", "What is looked for in texts."),
        Term("guards.model", "The guard of the model rules."),
        Words("guards.model.mode", "The guard's own mode; the policy's mode can only make it milder.", Modes),
        Term("guards.size", "The guard of sizes and counts."),
        Words("guards.size.mode", "The guard's own mode; the policy's mode can only make it milder.", Modes),
        Term("tools", "What is said of tools."),
    ];

    private static IEnumerable<KeyValuePair<string, SettingTerm>> Models() =>
    [
        Term("models", "Which models may be used."),
        Term("models.allow", "Names of models, or prefixes with an asterisk at the end; everything else is refused."),
        Term("models.allow[]", "The name of a model, or a prefix with an asterisk.", SettingOrder.Grants),
        Term("models.alias", "Names that clients use, each with the model that is sent to the provider."),
        Term("models.alias[]", "The model that the alias stands for; models.allow must allow it."),
        Term("models.fallback", "For a model, the models to try next when its provider fails."),
        Term("models.fallback[]", "The models to try next, in this order; models.allow must allow each.", SettingOrder.Sequence),
        Term("models.fallback[][]", "The name of a model."),
    ];

    private static IEnumerable<KeyValuePair<string, SettingTerm>> Limits() =>
    [
        Term("limits", "Rates, concurrency and sizes. A limit that is not written does not exist, except for the sizes of bodies."),
        Term("limits.requests", "Requests of the tenant."),
        Limit("limits.requests.perMinute", "Sustained rate, in requests per minute."),
        Limit("limits.requests.burst", "How many requests may come at once; a tenth of perMinute where it is not written."),
        Limit("limits.concurrency", "Exchanges of the tenant at the same time."),
        Term("limits.perUser", "Limits of each end user of the tenant."),
        Term("limits.perUser.requests", "Requests of each end user."),
        Limit("limits.perUser.requests.perMinute", "Sustained rate, in requests per minute."),
        Limit("limits.perUser.requests.burst", "How many requests may come at once; a tenth of perMinute where it is not written."),
        Term("limits.size", "Sizes and counts of one exchange."),
        Limit("limits.size.bodyBytes", "Bytes of a request body."),
        Limit("limits.size.responseBytes", "Bytes of an answer that is not a stream."),
        Limit("limits.size.textLength", "UTF-16 units of all text of a request."),
        Limit("limits.size.messages", "Number of messages of a request."),
        Limit("limits.size.tools", "Number of tools that a request declares."),
        Limit("limits.size.outputTokens", "Largest output limit that a request may ask for, in tokens."),
        Limit("limits.size.choices", "Largest number of answers that a request may ask for."),
    ];

    private static IEnumerable<KeyValuePair<string, SettingTerm>> Content() =>
    [
        Term("guards.content", "Content rules: patterns or literal terms, where to look for them, and what to do."),
        Term("guards.content[]", "One content rule; it has either match or terms.", SettingOrder.Restricts),
        Term("guards.content[].id", "The name of the rule, unique within the policy; appears in errors and decision records."),
        Term("guards.content[].match", "A pattern: the part of .NET's regular expressions that matches in linear time.", SettingOrder.Unclear),
        Term("guards.content[].terms", "Literal terms to look for."),
        Term("guards.content[].terms[]", "A literal term.", SettingOrder.Restricts),
        Words("guards.content[].ignoreCase", "Whether upper and lower case mean the same.", ["true", "false"], "true"),
        Term("guards.content[].surfaces", "Where to look; input stands for everything that a request carries but tool definitions.", SettingOrder.Covers),
        Term("guards.content[].surfaces[]", "One place to look."),
        Words("guards.content[].action", "What a match does. annotate: it is recorded. block: the exchange stops.", ["block", "approve", "redact", "taint", "annotate", "allow"]),
        Words("guards.content[].severity", "How bad a match is.", ["critical", "high", "medium", "low"]),
        Words("guards.content[].mode", "The rule's own mode; the policy's mode can only make it milder.", Modes),
        Term("guards.content[].threat", "The kind of threat that a match is reported as."),
        Term("guards.content[].message", "What the developer of the client is told; it should not repeat the pattern."),
    ];

    private static IEnumerable<KeyValuePair<string, SettingTerm>> Unseen() =>
    [
        Term("unseen", "What the gateway cannot look into. deny: the request is refused. annotate: it passes and is recorded. allow: it passes."),
        Words("unseen.mode", "The mode of the guard of this section; the policy's mode can only make it milder.", Modes),
        Words("unseen.default", "What applies to every key of this section that is not written.", Denials),
        .. CapabilityTerms.All.Select(term => Words($"unseen.{term.Key}", $"When a request {term.What}.", Denials)),
        Term("unseen.betas", "Values of the beta header that are passed on."),
        Term("unseen.betas[]", "The whole name of one beta.", SettingOrder.Grants),
        Term("tools.builtIn", "Tools that the provider executes, one by one; what is not named follows unseen.providerTool."),
        new("tools.builtIn[]", new("What happens to a request that declares the tool.", SettingOrder.Words)
        {
            StrictToMild = Denials,
            Fallback = "unseen.providerTool",
        }),
    ];

    private static KeyValuePair<string, SettingTerm> Term(string pattern, string description, SettingOrder order = SettingOrder.None) =>
        new(pattern, new SettingTerm(description, order));

    private static KeyValuePair<string, SettingTerm> Limit(string pattern, string description) => Term(pattern, description, SettingOrder.LowerIsTighter);

    private static KeyValuePair<string, SettingTerm> Words(string pattern, string description, ImmutableArray<string> strictToMild, string? byDefault = null) =>
        new(pattern, new SettingTerm(description, SettingOrder.Words) { StrictToMild = strictToMild, Default = byDefault });
}
