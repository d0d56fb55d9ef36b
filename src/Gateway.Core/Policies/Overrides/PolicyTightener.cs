using System.Collections.Immutable;
using Gateway.Core.Guards;

namespace Gateway.Core.Policies.Overrides;

/// <summary>
/// Applies overrides to a policy. Each step takes the stricter of two values, so that applying an override twice, or two in another order, gives the
/// same policy, and none is ever looser than the one it came from.
/// </summary>
internal static class PolicyTightener
{
    // As the policy compiler's: a burst of a tenth of a minute's requests.
    private const int BurstShare = 10;

    public static TenantPolicy Tighten(TenantPolicy policy, IEnumerable<CompiledOverride> overrides, TightenedContent content)
    {
        ImmutableArray<CompiledOverride> added = [.. overrides.Where(item => !policy.Emergency.Ids.Contains(item.Id))];
        if (added.IsEmpty)
        {
            return policy;
        }

        var emergency = Emergency(policy.Emergency, added, content.Unfit);
        var isEnforced = added.Any(item => item is { Kind: OverrideKind.Enforce, Measure.Rule: null });
        return policy with
        {
            // Off stays off: nobody has seen what a policy or a rule that does not run would find, so no preview could say what enforcing it stops.
            Mode = isEnforced && policy.Mode == GuardMode.Monitor ? GuardMode.Enforce : policy.Mode,
            GuardModes = isEnforced ? Enforced(policy.GuardModes) : policy.GuardModes,
            Models = Models(policy.Models, emergency.Blocks),
            Limits = added.Where(item => item.Kind == OverrideKind.Limit).Aggregate(policy.Limits, (limits, item) => Lower(limits, item.Limits)),
            Content = content.Rules,
            Emergency = emergency,
        };
    }

    private static GuardModes Enforced(GuardModes modes) => new(Enforced(modes.Model), Enforced(modes.Size), Enforced(modes.Unseen));

    private static GuardMode Enforced(GuardMode mode) => mode == GuardMode.Monitor ? GuardMode.Enforce : mode;

    private static EmergencyRules Emergency(EmergencyRules known, ImmutableArray<CompiledOverride> added, ImmutableArray<string> unfit) => new()
    {
        Ids = Joined(known.Ids, added.Select(item => item.Id), id => id),
        Blocks = Joined(
            known.Blocks,
            added.Where(item => item.Kind == OverrideKind.Block)
                .Select(item => new BlockRule(item.Id, item.Models))
                .Concat(unfit.Select(id => new BlockRule(id, []))),
            block => block.Override),
        Tools = Joined(known.Tools, added.Where(item => item.Kind == OverrideKind.Tool).Select(item => item.Tool!), tool => tool.Override),
        ThirdParty = Joined(known.ThirdParty, added.Where(item => item.Kind == OverrideKind.ThirdParty).Select(item => item.Id), id => id),
        Sizes = Joined(known.Sizes, added.Where(HasSizes).Select(Sizes), size => size.Override),
    };

    private static bool HasSizes(CompiledOverride item) =>
        item.Kind == OverrideKind.Limit && (item.Limits.TextLength is not null || item.Limits.Tools is not null || item.Limits.OutputTokens is not null);

    private static SizeRule Sizes(CompiledOverride item) => new(item.Id, item.Limits.TextLength, item.Limits.Tools, item.Limits.OutputTokens);

    private static ImmutableArray<T> Joined<T>(ImmutableArray<T> known, IEnumerable<T> added, Func<T, string> id) =>
        [.. known.Concat(added).OrderBy(id, StringComparer.Ordinal)];

    private static ModelRules Models(ModelRules rules, ImmutableArray<BlockRule> blocks)
    {
        ImmutableArray<string> denied =
            [.. blocks.SelectMany(block => block.Models).Concat(rules.Denied).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return denied.Length == rules.Denied.Length ? rules : rules with { Denied = denied };
    }

    private static LimitRules Lower(LimitRules limits, OverrideLimits by) => limits with
    {
        Requests = Lower(limits.Requests, by.RequestsPerMinute),
        UserRequests = Lower(limits.UserRequests, by.UserRequestsPerMinute),
        Concurrency = Min(limits.Concurrency, by.Concurrency),
        Size = limits.Size with
        {
            BodyBytes = Math.Min(limits.Size.BodyBytes, by.BodyBytes ?? long.MaxValue),
            TextLength = Min(limits.Size.TextLength, by.TextLength),
            Tools = Min(limits.Size.Tools, by.Tools),
            OutputTokens = Min(limits.Size.OutputTokens, by.OutputTokens),
        },
    };

    private static RequestRate? Lower(RequestRate? rate, int? perMinute)
    {
        if (perMinute is not { } lower)
        {
            return rate;
        }

        var burst = Math.Max(1, lower / BurstShare);
        return rate is null ? new RequestRate(lower, burst) : new RequestRate(Math.Min(rate.PerMinute, lower), Math.Min(rate.Burst, burst));
    }

    private static long? Min(long? left, long? right) => left is null ? right : right is null ? left : Math.Min(left.Value, right.Value);

    private static int? Min(int? left, int? right) => (int?)Min((long?)left, right);
}
