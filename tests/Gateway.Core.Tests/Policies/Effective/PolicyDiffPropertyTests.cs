using CsCheck;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Effective;
using Xunit;

namespace Gateway.Core.Tests.Policies.Effective;

/// <summary>Random families of documents: what the diff says is all that differs, and its order is that of the locks.</summary>
public sealed class PolicyDiffPropertyTests
{
    private static readonly Gen<string> Attached = Settings.AnyOf("tenants: [t1]", "tenants: [t1, t2]", "tenants: [t2]\nappliesTo: [ { application: x } ]", "appliesTo: [ { tenant: t1, key: k }, { application: x } ]");

    private static readonly Gen<PolicySnapshot?> Snapshot = Gen.Select(PolicyGenerators.Base, PolicyGenerators.Body, Attached, Settings.AnyOf("p1", "p2"), (parent, child, attached, name) =>
        PolicyFamily.Compile(("p0", $"tenants: [\"*\"]\n{parent}"), (name, $"{attached}\nextends: [p0]\n{child}")).Snapshot);

    [Fact]
    public void Apply_difference_of_a_and_b_to_a_gives_b()
    {
        var compared = 0;
        Gen.Select(Snapshot, Snapshot).Sample(
            (before, after) =>
            {
                if (before is not null && after is not null)
                {
                    Interlocked.Increment(ref compared);
                    var diff = PolicyDiff.Between(before, after);
                    var policies = Values(before);
                    foreach (var change in diff.Policies)
                    {
                        var applied = SettingsDiff.Apply(policies.GetValueOrDefault(change.Policy) ?? [], change.Settings);
                        policies[change.Policy] = applied.ToDictionary(StringComparer.Ordinal);
                    }

                    var expected = Values(after);
                    Assert.Equal(expected.OrderBy(pair => pair.Key).Select(Text), policies.Where(pair => pair.Value.Count > 0).OrderBy(pair => pair.Key).Select(Text));
                    Assert.Equal(diff.IsEmpty, Values(before).OrderBy(pair => pair.Key).Select(Text).SequenceEqual(expected.OrderBy(pair => pair.Key).Select(Text)));
                }
            },
            iter: 500);

        Assert.True(compared > 60, $"{compared} compared: the documents say nothing");
    }

    [Fact]
    public void Between_the_other_way_round_every_order_is_turned()
    {
        Gen.Select(Snapshot, Snapshot).Sample(
            (before, after) =>
            {
                if (before is not null && after is not null)
                {
                    var back = PolicyDiff.Between(after, before).Policies.SelectMany(policy => policy.Settings.Select(change => (policy.Policy, change))).ToDictionary(
                        pair => (pair.Policy, pair.change.Path), pair => pair.change.Effect);
                    foreach (var policy in PolicyDiff.Between(before, after).Policies)
                    {
                        Assert.All(policy.Settings, change =>
                            Assert.True(Turned(change.Effect, back[(policy.Policy, change.Path)]) || change.Path.EndsWith(".surfaces"), $"{change} {change.Effect}"));
                    }
                }
            },
            iter: 200);
    }

    [Fact]
    public void Between_parent_and_child_that_keeps_every_lock_loosens_nothing_and_one_that_breaks_a_lock_does()
    {
        var (kept, broken) = (0, 0);
        Gen.Select(PolicyGenerators.Base, PolicyGenerators.Body).Sample(
            (parent, child) =>
            {
                var free = PolicyFamily.Compile(("p0", $"tenants: [t0]\n{parent}"), ("p1", $"tenants: [t1]\nextends: [p0]\n{child}")).Snapshot;
                if (free is null)
                {
                    return;
                }

                var locked = PolicyFamily.Compile(("p0", $"tenants: [t0]\nlocked: [\"*\"]\n{parent}"), ("p1", $"tenants: [t1]\nextends: [p0]\n{child}"));
                var changes = SettingsDiff.Between(EffectiveSettings.Of(free, free.Policies[0]), EffectiveSettings.Of(free, free.Policies[1]));
                var effects = changes.Select(change => change.Effect).ToHashSet();
                if (locked.Snapshot is not null)
                {
                    Interlocked.Increment(ref kept);
                    Assert.DoesNotContain(ChangeEffect.Loosens, effects);
                }
                else
                {
                    Interlocked.Increment(ref broken);
                    // A lock also keeps a rule that is off, since it may be turned on again; taking it away changes nothing of what passes.
                    var losesRule = changes.Any(change => change is { PartOf: null, New: null, Old: PolicySetting.Listed });
                    Assert.True(effects.Contains(ChangeEffect.Loosens) || effects.Contains(ChangeEffect.Unclear) || losesRule, string.Join('\n', locked.Errors));
                }
            },
            iter: 800);

        Assert.True(kept > 30 && broken > 100, $"{kept} kept, {broken} broken: the documents say nothing");
    }

    private static bool Turned(ChangeEffect effect, ChangeEffect back) => effect switch
    {
        ChangeEffect.Loosens => back == ChangeEffect.Tightens,
        ChangeEffect.Tightens => back == ChangeEffect.Loosens,
        _ => back == effect,
    };

    private static Dictionary<string, Dictionary<string, string>> Values(PolicySnapshot snapshot) =>
        snapshot.Policies.ToDictionary(policy => policy.Name, policy => EffectiveSettings.Of(snapshot, policy).Values());

    private static string Text(KeyValuePair<string, Dictionary<string, string>> policy) =>
        policy.Key + ": " + string.Join('\n', policy.Value.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} = {pair.Value}"));
}
