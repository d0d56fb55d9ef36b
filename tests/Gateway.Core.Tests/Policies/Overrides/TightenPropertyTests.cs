using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Xunit;
using static Gateway.Core.Tests.Policies.Overrides.TestOverrides;

namespace Gateway.Core.Tests.Policies.Overrides;

public sealed class TightenPropertyTests
{
    private static readonly PolicySubject Subject = new("acme", "chat", "key1", Gateway.Core.Formats.FormatId.OpenAIChat, new string('a', 32), "fast");

    private static readonly Gen<string> Word = OneOf("alpha", "beta", "gamma", "delta");

    private static readonly Gen<int?> Count = Gen.Int[1, 1_000].Nullable();

    private static readonly Gen<OverrideLimits> Limits = Gen.Select(Count, Count, Count, Count, Count)
        .Select((requests, users, concurrency, text, tools) => new OverrideLimits
        {
            RequestsPerMinute = requests, UserRequestsPerMinute = users, Concurrency = concurrency, TextLength = text, Tools = tools, BodyBytes = text, OutputTokens = tools,
        });

    private static readonly Gen<OverrideMeasure> Measure = Gen.OneOf(
        Gen.Const(new OverrideMeasure { Kind = OverrideKind.Block }),
        Gen.Const(new OverrideMeasure { Kind = OverrideKind.ThirdParty }),
        Gen.Select(Word, Gen.Bool, Gen.Bool, (word, arguments, approval) =>
            new OverrideMeasure { Kind = OverrideKind.Tool, Tool = word, Arguments = arguments ? "x" : null, Approval = approval }),
        Word.Select(word => new OverrideMeasure { Kind = OverrideKind.Pattern, Match = word }),
        Word.Select(word => new OverrideMeasure { Kind = OverrideKind.Host, Host = $"{word}.example" }),
        Gen.Select(Gen.Bool, Word, (whole, word) => new OverrideMeasure { Kind = OverrideKind.Enforce, Rule = whole ? null : word }),
        Limits.Select(limits => new OverrideMeasure { Kind = OverrideKind.Limit, Limits = limits }));

    private static readonly Gen<OverrideScope> Scope = Gen.Select(Gen.Bool, Gen.Bool, OneOf("fast", "gpt-4o", "gpt-4o-old", "other"))
        .Select((tenants, models, model) => new OverrideScope { Tenants = tenants ? ["acme"] : [], Models = models ? [model] : [] });

    private static readonly Gen<PolicyOverride[]> Overrides = Gen.Select(Measure, Scope).Array[0, 5]
        .Select(items => items.Select((item, number) => Of(item.Item1, item.Item2, number + 1)).ToArray());

    private static readonly Gen<GuardMode> Mode = Gen.Enum<GuardMode>();

    private static readonly Gen<TenantPolicy> Policy = Gen.Select(Mode, Gen.Select(Word, Mode).Array[0, 3], Count, Count).Select(Make);

    [Fact]
    public void Tighten_is_never_looser() => Gen.Select(Policy, Overrides).Sample(
        (policy, overrides) => Looser(policy, Set(overrides).Tighten(policy, Subject, Now)) is null, print: Print, iter: 500);

    [Fact]
    public void Tighten_twice_is_once() => Gen.Select(Policy, Overrides).Sample(
        (policy, overrides) =>
        {
            var once = Set(overrides).Tighten(policy, Subject, Now);
            return Text(Set(overrides).Tighten(once, Subject, Now)) == Text(once);
        },
        print: Print, iter: 300);

    [Fact]
    public void Tighten_in_any_order_and_in_any_parts_is_the_same() => Gen.Select(Policy, Overrides, Gen.Int[0, 5]).Sample(
        (policy, overrides, cut) =>
        {
            var (first, second) = (overrides[..Math.Min(cut, overrides.Length)], overrides[Math.Min(cut, overrides.Length)..]);
            var whole = Text(Set([.. overrides.Reverse()]).Tighten(policy, Subject, Now));
            return whole == Text(Set(second).Tighten(Set(first).Tighten(policy, Subject, Now), Subject, Now))
                && whole == Text(Set(first).Tighten(Set(second).Tighten(policy, Subject, Now), Subject, Now));
        },
        print: item => Print((item.Item1, item.Item2)), iter: 300);

    [Fact]
    public void Tighten_by_more_overrides_is_never_looser_than_by_fewer() => Gen.Select(Policy, Overrides).Sample(
        (policy, overrides) =>
            Looser(Set([.. overrides.Skip(1)]).Tighten(policy, Subject, Now), Set(overrides).Tighten(policy, Subject, Now)) is null,
        print: Print, iter: 300);

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(number => words[number]);

    private static TenantPolicy Make(GuardMode mode, (string Word, GuardMode Mode)[] rules, int? limit, int? other)
    {
        var content = rules.Select((rule, number) => TestPolicies.Rule(rule.Word) with
        {
            Id = rule.Word + number.ToString(CultureInfo.InvariantCulture), Mode = rule.Mode > mode ? rule.Mode : mode,
        });
        return TestPolicies.With([.. content]) with
        {
            Mode = mode,
            Models = new ModelRules
            {
                Allow = ["gpt-4o*"],
                Aliases = new Dictionary<string, string> { ["fast"] = "gpt-4o-mini" }.ToFrozenDictionary(),
                Fallbacks = new Dictionary<string, ImmutableArray<string>> { ["gpt-4o-mini"] = ["gpt-4o", "gpt-4o-old"] }.ToFrozenDictionary(),
            },
            Limits = new LimitRules
            {
                Requests = limit is { } rate ? new RequestRate(rate, other ?? 1) : null,
                Concurrency = other,
                Size = new SizeLimits { TextLength = limit, Tools = other },
            },
        };
    }

    /// <summary>The first dimension in which <paramref name="after"/> allows what <paramref name="before"/> did not; null: none.</summary>
    private static string? Looser(TenantPolicy before, TenantPolicy after)
    {
        if (after.Mode > before.Mode || after.OnError != before.OnError || after.Unseen != before.Unseen || after.OnViolation != before.OnViolation)
        {
            return "mode";
        }

        foreach (var rule in before.Content.Rules)
        {
            var now = after.Content.Rules.SingleOrDefault(other => other.Id == rule.Id);
            var wasActing = before.Mode != GuardMode.Off && rule.Mode != GuardMode.Off;
            if (now is null || now.Action < rule.Action || !now.Surfaces.SequenceEqual(rule.Surfaces) || now.Pattern.Source != rule.Pattern.Source || (wasActing && now.Mode > rule.Mode))
            {
                return rule.Id;
            }
        }

        foreach (var model in (string[])["gpt-4o-mini", "gpt-4o", "gpt-4o-old", "other"])
        {
            if (after.Models.Allows(model) && !before.Models.Allows(model))
            {
                return model;
            }
        }

        if (after.Models.FallbacksOf("gpt-4o-mini").Except(before.Models.FallbacksOf("gpt-4o-mini")).Any())
        {
            return "fallbacks";
        }

        (long?, long?)[] limits =
        [
            (before.Limits.Concurrency, after.Limits.Concurrency), (before.Limits.Requests?.PerMinute, after.Limits.Requests?.PerMinute),
            (before.Limits.Requests?.Burst, after.Limits.Requests?.Burst), (before.Limits.UserRequests?.PerMinute, after.Limits.UserRequests?.PerMinute),
            (before.Limits.Size.BodyBytes, after.Limits.Size.BodyBytes), (before.Limits.Size.TextLength, after.Limits.Size.TextLength),
            (before.Limits.Size.Tools, after.Limits.Size.Tools), (before.Limits.Size.OutputTokens, after.Limits.Size.OutputTokens),
        ];
        if (limits.Any(limit => limit.Item1 is not null && (limit.Item2 is null || limit.Item2 > limit.Item1)))
        {
            return "limits";
        }

        return before.Emergency.Ids.All(after.Emergency.Ids.Contains) ? null : "emergency";
    }

    private static string Text(TenantPolicy policy) => string.Join('\n',
    [
        $"{policy.Mode} {policy.Limits}",
        .. policy.Content.Rules.Select(rule => $"{rule.Id} {rule.Mode} {rule.Override} {string.Join(',', rule.Surfaces)}"),
        .. Enum.GetValues<Surface>().Select(surface => $"{surface} {policy.Content.For(surface)?.Rules.Length}"),
        string.Join(' ', policy.Models.Denied),
        string.Join(' ', policy.Models.FallbacksOf("gpt-4o-mini")),
        string.Join(' ', policy.Emergency.Ids),
        .. policy.Emergency.Blocks.Select(block => $"{block.Override} {string.Join(' ', block.Models)}"),
        .. policy.Emergency.Tools.Select(tool => $"{tool.Override} {tool.Tool} {tool.Arguments} {tool.NeedsApproval}"),
        .. policy.Emergency.ThirdParty,
        .. policy.Emergency.Sizes.Select(size => size.ToString()),
    ]);

    private static string Print((TenantPolicy Policy, PolicyOverride[] Overrides) item) =>
        Text(item.Policy) + "\n+ " + string.Join("\n+ ", item.Overrides.Select(one => $"{one.Measure} {string.Join(' ', one.Scope.Models)}"));
}
