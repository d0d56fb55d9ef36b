using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;

namespace Gateway.Core.Policies.Documents;

/// <summary>The section <c>unseen</c> as written.</summary>
internal sealed class UnseenDraft
{
    public Located<GuardMode>? Mode { get; set; }

    public Located<PolicyAction>? Default { get; set; }

    public Dictionary<Capability, Located<PolicyAction>> Settings { get; } = [];

    public Located<ImmutableArray<Located<string>>>? Betas { get; set; }
}

/// <summary>The section <c>tools</c> as written.</summary>
internal sealed class ToolsDraft
{
    public Located<ImmutableArray<NamedValue<PolicyAction>>>? BuiltIn { get; set; }
}

/// <summary>The shapes of the sections that speak of what the gateway cannot look into.</summary>
internal static class UnseenShape
{
    /// <summary>The words for a setting.</summary>
    public static WordShape<PolicyAction> Setting { get; } =
        new([("deny", PolicyAction.Block), ("annotate", PolicyAction.Annotate), ("allow", PolicyAction.Allow)]);

    private static readonly TextShape s_beta = new(128, text =>
        text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.' or '=')
            ? null : $"must be the whole name of one beta, of a-z, 0-9, -, _, . and =, not {Shown.Text(text)}", "^[a-z0-9_.=-]+$");

    private static readonly TextShape s_toolName = new(64, text =>
        !text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or ':')
            ? $"must hold only a-z, 0-9 and _, not {Shown.Text(text)}"
            : ProviderToolName.Normalize(text) is var name && name != text ? $"is the tool {Shown.Text(name)}; write that, it covers every version" : null, "^[A-Za-z0-9_:]+$");

    public static MapShape<UnseenDraft> Unseen { get; } = CapabilityTerms.All
        .Aggregate(
            new MapShape<UnseenDraft>()
                .Optional("mode", Vocabulary.Mode, (draft, value) => draft.Mode = value)
                .Optional("default", Setting, (draft, value) => draft.Default = value),
            (shape, term) => shape.Optional(term.Key, Setting, (draft, value) => draft.Settings[term.Capability] = value))
        .Optional("betas", new ListShape<string>(s_beta, 100), (draft, value) => draft.Betas = value);

    public static MapShape<ToolsDraft> Tools { get; } = new MapShape<ToolsDraft>()
        .Optional("builtIn", new NamedShape<PolicyAction>(s_toolName, Setting, 100), (draft, value) => draft.BuiltIn = value)
        .Later("undeclared", "default", "rules", "mcp");
}
