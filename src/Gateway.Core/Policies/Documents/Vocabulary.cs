using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Policies.Documents;

/// <summary>The closed lists of words and the shapes of names in a policy document.</summary>
internal static class Vocabulary
{
    /// <summary>
    /// What <c>input</c> stands for: every surface that a request can carry, but not tool definitions, whose schemas are full of words that
    /// rules about content do not mean.
    /// </summary>
    public static ImmutableArray<Surface> Input { get; } =
    [
        Surface.System, Surface.Developer, Surface.User, Surface.Assistant, Surface.ToolResult, Surface.Document, Surface.ToolArguments,
        Surface.Reasoning, Surface.Metadata,
    ];

    public static WordShape<ImmutableArray<Surface>> Surfaces { get; } = new(
    [
        ("input", Input),
        ("system", [Surface.System]),
        ("developer", [Surface.Developer]),
        ("user", [Surface.User]),
        ("assistant", [Surface.Assistant]),
        ("tool_result", [Surface.ToolResult]),
        ("document", [Surface.Document]),
        ("tool_definition", [Surface.ToolDefinition]),
        ("tool_arguments", [Surface.ToolArguments]),
        ("output", [Surface.Output]),
        ("reasoning", [Surface.Reasoning]),
        ("envelope", [Surface.Metadata]),
    ]);

    public static WordShape<GuardMode> Mode { get; } = new([("enforce", GuardMode.Enforce), ("monitor", GuardMode.Monitor), ("off", GuardMode.Off)]);

    public static WordShape<ViolationResponse> OnViolation { get; } = new([("error", ViolationResponse.Error), ("refusal", ViolationResponse.Refusal)]);

    public static WordShape<GuardFailure> OnError { get; } = new([("block", GuardFailure.Block), ("allow", GuardFailure.Allow)]);

    public static WordShape<PolicyAction> Action { get; } =
        new([("annotate", PolicyAction.Annotate), ("block", PolicyAction.Block)], "taint", "redact", "approve");

    public static WordShape<Severity> Severity { get; } = new(
        [("low", Guards.Severity.Low), ("medium", Guards.Severity.Medium), ("high", Guards.Severity.High), ("critical", Guards.Severity.Critical)]);

    public static WordShape<Threat> Threat { get; } = new(
    [
        ("injection", Guards.Threat.Injection),
        ("indirect_injection", Guards.Threat.IndirectInjection),
        ("jailbreak", Guards.Threat.Jailbreak),
        ("secret", Guards.Threat.Secret),
        ("personal_data", Guards.Threat.PersonalData),
        ("tool_misuse", Guards.Threat.ToolMisuse),
        ("exfiltration", Guards.Threat.Exfiltration),
        ("prompt_leak", Guards.Threat.PromptLeak),
        ("content", Guards.Threat.Content),
        ("model_policy", Guards.Threat.ModelPolicy),
        ("protocol", Guards.Threat.Protocol),
        ("other", Guards.Threat.Other),
    ]);

    /// <summary>Names of policies and rules: they become metric labels, span attributes and parts of error messages.</summary>
    public static TextShape Identifier { get; } = new(64, text =>
        char.IsAsciiLetterLower(text[0]) && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.')
            ? null : $"must begin with a lower-case letter and hold only a-z, 0-9, -, _ and ., not {Shown.Text(text)}", "^[a-z][a-z0-9_.-]*$");

    /// <summary>A tenant, exactly as the key or the token names it, or <c>*</c> alone.</summary>
    public static TextShape Tenant { get; } = new(128, text => text == "*" ? null
        : text.Contains('*', StringComparison.Ordinal) ? $"must be a whole name or \"*\" alone, not {Shown.Text(text)}; prefixes of tenants are not supported"
        : IsVisibleAscii(text) ? null : $"must be visible ASCII without spaces, not {Shown.Text(text)}", @"^(\*|[!-)+-~]+)$");

    /// <summary>An application or a key, exactly as the key or the token names it.</summary>
    public static TextShape Client { get; } = new(128, text =>
        IsVisibleAscii(text) && !text.Contains('*', StringComparison.Ordinal) ? null : $"must be a whole name in visible ASCII without spaces, not {Shown.Text(text)}", "^[!-)+-~]+$");

    /// <summary>A wire format, in the words of the telemetry label <c>format</c>.</summary>
    public static WordShape<FormatId> Format { get; } =
        new([.. Enum.GetValues<FormatId>().Where(format => format != FormatId.Unknown).Select(format => (TelemetryNames.Of(format), format))]);

    /// <summary>The policies that a document extends.</summary>
    public static ListShape<string> Parents { get; } = new(Identifier, 16);

    /// <summary>The values that a document locks.</summary>
    public static ListShape<string> LockedPaths { get; } = new(new TextShape(200, Locks.LockTable.Refusal), 200);

    /// <summary>The name of one model.</summary>
    public static TextShape Model { get; } = new(256, text =>
        text.Contains('*', StringComparison.Ordinal) ? $"must be the whole name of one model, not {Shown.Text(text)}" : RefuseModelCharacters(text), "^[!-)+-~]+$");

    /// <summary>The name of one model, or a prefix of names with an asterisk behind it.</summary>
    public static TextShape ModelOrPrefix { get; } = new(256, text =>
        text.AsSpan(0, text.Length - 1).Contains('*') ? $"may have an asterisk only at its end, not {Shown.Text(text)}" : RefuseModelCharacters(text), @"^[!-)+-~]*\*?$");

    /// <summary>One line of text for people.</summary>
    public static TextShape Line { get; } = new(300, text =>
        text.Any(char.IsControl) ? "must be one line without control characters" : string.IsNullOrWhiteSpace(text) ? "must not be blank" : null, @"^[^\u0000-\u001f\u007f-\u009f]+$");

    /// <summary>Text for people, of any number of lines.</summary>
    public static TextShape Prose { get; } = new(4_000);

    /// <summary>The managed system prompt.</summary>
    public static TextShape Preamble { get; } = new(16_000);

    /// <summary>A pattern or a literal term. A block scalar ends with a line feed that nobody means to look for.</summary>
    public static TextShape Pattern(int most) => new(most, text =>
        text[^1] is '\n' ? "ends with a line break, which would be part of what is looked for; write it in single quotes" : null, @"[^\n](?![\s\S])");

    private static string? RefuseModelCharacters(string text) => IsVisibleAscii(text) ? null : $"must be visible ASCII without spaces, not {Shown.Text(text)}";

    private static bool IsVisibleAscii(string text) => text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
