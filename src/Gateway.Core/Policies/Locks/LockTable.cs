using System.Collections.Immutable;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;

namespace Gateway.Core.Policies.Locks;

/// <summary>Which values can be locked: each that can be tighter or looser, by its path. A path also stands for everything below it.</summary>
internal static class LockTable
{
    /// <summary>Everything that can be locked.</summary>
    public const string Everything = "*";

    private const string Rule = "guards.content.";
    private const string Tool = "tools.builtIn.";

    private static readonly ImmutableArray<(string Path, ILock Lock)> s_all =
    [
        ("mode", new ModeLock()),
        ("riskTier", new RiskTierLock()),
        ("onError", new OnErrorLock()),
        ("guardTimeoutMs", new TimeoutLock()),
        ("systemPrompt", new SystemPromptLock()),
        ("models.allow", new AllowlistLock()),
        ("limits.requests", new LimitLock(policy => policy.Limits.Requests?.PerMinute, false, "limits", "requests", "perMinute")),
        ("limits.requests", new LimitLock(policy => policy.Limits.Requests?.Burst, false, "limits", "requests", "burst")),
        ("limits.concurrency", new LimitLock(policy => policy.Limits.Concurrency, false, "limits", "concurrency")),
        ("limits.perUser.requests", new LimitLock(policy => policy.Limits.UserRequests?.PerMinute, false, "limits", "perUser", "requests", "perMinute")),
        ("limits.perUser.requests", new LimitLock(policy => policy.Limits.UserRequests?.Burst, false, "limits", "perUser", "requests", "burst")),
        ("limits.size.bodyBytes", new LimitLock(policy => policy.Limits.Size.BodyBytes, false, "limits", "size", "bodyBytes")),
        ("limits.size.responseBytes", new LimitLock(policy => policy.Limits.Size.ResponseBytes, false, "limits", "size", "responseBytes")),
        ("limits.size.textLength", new LimitLock(policy => policy.Limits.Size.TextLength, true, "limits", "size", "textLength")),
        ("limits.size.messages", new LimitLock(policy => policy.Limits.Size.Messages, true, "limits", "size", "messages")),
        ("limits.size.tools", new LimitLock(policy => policy.Limits.Size.Tools, true, "limits", "size", "tools")),
        ("limits.size.outputTokens", new LimitLock(policy => policy.Limits.Size.OutputTokens, true, "limits", "size", "outputTokens")),
        ("limits.size.choices", new LimitLock(policy => policy.Limits.Size.Choices, true, "limits", "size", "choices")),
        ("guards.model.mode", new GuardModeLock(GuardId.Model, "guards", "model", "mode")),
        ("guards.size.mode", new GuardModeLock(GuardId.Size, "guards", "size", "mode")),
        ("guards.content", new ContentLock(null)),
        ("unseen.mode", new GuardModeLock(GuardId.Capability, "unseen", "mode")),
        .. CapabilityTerms.All.Select(term => ($"unseen.{term.Key}", (ILock)new UnseenLock(term))),
        ("unseen.betas", new BetasLock()),
        ("tools.builtIn", new BuiltInToolsLock(null)),
    ];

    /// <summary>What <paramref name="path"/> locks; nothing for a path that cannot be locked.</summary>
    public static IEnumerable<ILock> Find(string path) => path switch
    {
        Everything => s_all.Select(entry => entry.Lock),
        _ when RuleId(path) is { } id => [new ContentLock(id)],
        _ when path.StartsWith(Tool, StringComparison.Ordinal) => [new BuiltInToolsLock(path[Tool.Length..])],
        _ => s_all.Where(entry => IsBelow(entry.Path, path)).Select(entry => entry.Lock),
    };

    /// <summary>The id of the content rule that <paramref name="path"/> names, or null. Ids may hold dots, so everything behind the list's path is the id.</summary>
    public static string? RuleId(string path) => path.StartsWith(Rule, StringComparison.Ordinal) ? path[Rule.Length..] : null;

    /// <summary>What is wrong with <paramref name="path"/> in <c>locked</c>, or null.</summary>
    public static string? Refusal(string path)
    {
        if (path == Everything || RuleId(path) is { Length: > 0 } || (path.StartsWith(Tool, StringComparison.Ordinal) && path.Length > Tool.Length)
            || s_all.Any(entry => IsBelow(entry.Path, path)))
        {
            return null;
        }

        return Reason(path) is { } reason
            ? $"{Shown.Text(path)} cannot be locked: {reason}"
            : $"must be the path of a value that can be tighter or looser, such as mode, models.allow, limits or guards.content.<id>, or \"*\", not {Shown.Text(path)}"
                + Suggestion.Sentence(path, s_all.Select(entry => entry.Path).Distinct());
    }

    private static string? Reason(string path) => path switch
    {
        "onViolation" => "neither of its values is tighter than the other",
        "models.alias" or "models.fallback" => "what it leads to must be on models.allow; lock that",
        "unseen.default" => "it stands for the settings that are not named; lock unseen",
        _ => null,
    };

    private static bool IsBelow(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal) && (path.Length == ancestor.Length || path[ancestor.Length] == '.');
}
