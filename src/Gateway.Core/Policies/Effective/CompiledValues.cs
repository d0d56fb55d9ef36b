using System.Globalization;
using Gateway.Core.Guards;
using Gateway.Core.Policies.Documents;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Policies.Effective;

/// <summary>
/// The settings that a compiled policy holds itself, by their paths: defaults filled in, modes already combined. What is shown for them is what is
/// enforced, whatever a document says.
/// </summary>
internal static class CompiledValues
{
    public static Dictionary<string, string> Of(TenantPolicy policy)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["riskTier"] = Text(policy.RiskTier),
            ["mode"] = Word(Vocabulary.Mode, policy.Mode),
            ["onViolation"] = Word(Vocabulary.OnViolation, policy.OnViolation),
            ["onError"] = Word(Vocabulary.OnError, policy.OnError),
            ["guardTimeoutMs"] = Text((long)policy.GuardTimeout.TotalMilliseconds),
        };
        values["guards.model.mode"] = Word(Vocabulary.Mode, policy.ModeOf(GuardId.Model));
        values["guards.size.mode"] = Word(Vocabulary.Mode, policy.ModeOf(GuardId.Size));
        values["unseen.mode"] = Word(Vocabulary.Mode, policy.ModeOf(GuardId.Capability));
        AddLimits(values, policy.Limits);
        foreach (var term in CapabilityTerms.All)
        {
            values[$"unseen.{term.Key}"] = Word(UnseenShape.Setting, policy.Unseen.For(term.Capability));
        }

        foreach (var rule in policy.Content.Rules)
        {
            AddRule(values, SettingPath.Root.Key("guards").Key("content").Element(rule.Id), rule);
        }

        return values;
    }

    private static void AddLimits(Dictionary<string, string> values, LimitRules limits)
    {
        values["limits.requests.perMinute"] = Text(limits.Requests?.PerMinute);
        values["limits.requests.burst"] = Text(limits.Requests?.Burst);
        values["limits.perUser.requests.perMinute"] = Text(limits.UserRequests?.PerMinute);
        values["limits.perUser.requests.burst"] = Text(limits.UserRequests?.Burst);
        values["limits.concurrency"] = Text(limits.Concurrency);
        values["limits.size.bodyBytes"] = Text(limits.Size.BodyBytes);
        values["limits.size.responseBytes"] = Text(limits.Size.ResponseBytes);
        values["limits.size.textLength"] = Text(limits.Size.TextLength);
        values["limits.size.messages"] = Text(limits.Size.Messages);
        values["limits.size.tools"] = Text(limits.Size.Tools);
        values["limits.size.outputTokens"] = Text(limits.Size.OutputTokens);
        values["limits.size.choices"] = Text(limits.Size.Choices);
    }

    private static void AddRule(Dictionary<string, string> values, SettingPath path, ContentRule rule)
    {
        values[path.Key("surfaces").Text] = string.Join(", ", rule.Surfaces.Select(TelemetryNames.Of));
        values[path.Key("action").Text] = Word(Vocabulary.Action, rule.Action);
        values[path.Key("severity").Text] = Word(Vocabulary.Severity, rule.Severity);
        values[path.Key("mode").Text] = Word(Vocabulary.Mode, rule.Mode);
        values[path.Key("threat").Text] = Word(Vocabulary.Threat, rule.Threat);
    }

    private static string Word<T>(WordShape<T> words, T value)
        where T : struct, Enum => words.Of(value);

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? PolicySetting.None;
}
