using CsCheck;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Effective;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies.Effective;

public sealed class EffectiveSettingsTests
{
    [Fact]
    public void Of_written_values_have_the_place_they_were_written_at()
    {
        var settings = Settings.Of(Minimal + "limits: { requests: { perMinute: 600 } }\nriskTier: 2\n");

        Assert.Equal("600 (p.yaml:4:34)", settings.Shown("limits.requests.perMinute"));
        Assert.Equal("2 (p.yaml:5:11)", settings.Shown("riskTier"));
        Assert.Equal("listed (p.yaml:3:19)", settings.Shown("models.allow[\"gpt-4o*\"]"));
        Assert.Equal("listed (p.yaml:2:11)", settings.Shown("tenants[acme]"));
    }

    [Fact]
    public void Of_values_that_nobody_wrote_are_defaults()
    {
        var settings = Settings.Of(Minimal + "limits: { requests: { perMinute: 600 } }\n");

        Assert.Equal("60 (default)", settings.Shown("limits.requests.burst"));
        Assert.Equal("none (default)", settings.Shown("limits.concurrency"));
        Assert.Equal("33554432 (default)", settings.Shown("limits.size.bodyBytes"));
        Assert.Equal("deny (default)", settings.Shown("unseen.audio"));
        Assert.Equal("annotate (default)", settings.Shown("unseen.image"));
        Assert.Equal("enforce (default)", settings.Shown("mode"));
    }

    [Fact]
    public void Of_rule_shows_its_members_below_its_id()
    {
        var settings = Settings.Of(WithRules("{ id: r-1, terms: ['a.b', \"x]\\ny\"], surfaces: [output, input] }"));

        Assert.Equal("listed (p.yaml:6:7)", settings.Shown("guards.content[r-1]"));
        Assert.Equal("block (default)", settings.Shown("guards.content[r-1].action"));
        Assert.Equal("true (default)", settings.Shown("guards.content[r-1].ignoreCase"));
        Assert.Equal("listed (p.yaml:6:26)", settings.Shown("guards.content[r-1].terms[a.b]"));
        Assert.Equal("listed (p.yaml:6:33)", settings.Shown("guards.content[r-1].terms[\"x]\\u000ay\"]"));
        Assert.StartsWith("system, developer, user, ", settings.Shown("guards.content[r-1].surfaces"));
    }

    [Theory]
    [InlineData("monitor", "enforce", "monitor (p.yaml:1:7)")]
    [InlineData("monitor", "off", "off (p.yaml:7:54)")]
    [InlineData("off", "monitor", "off (p.yaml:1:7)")]
    [InlineData("enforce", "monitor", "monitor (p.yaml:7:54)")]
    public void Of_mode_is_the_milder_one_and_names_the_key_that_made_it_so(string policy, string rule, string expected) =>
        Assert.Equal(expected, Settings.Of($"mode: {policy}\n" + WithRules($"{{ id: r, match: abc, surfaces: [user],   mode: {rule} }}")).Shown("guards.content[r].mode"));

    [Fact]
    public void Of_guard_without_a_mode_has_that_of_the_policy()
    {
        var settings = Settings.Of(Minimal + "mode: monitor\nguards: { size: { mode: off } }\n");

        Assert.Equal("off (p.yaml:5:25)", settings.Shown("guards.size.mode"));
        Assert.Equal("monitor (p.yaml:4:7)", settings.Shown("guards.model.mode"));
        Assert.Equal("monitor (p.yaml:4:7)", settings.Shown("unseen.mode"));
    }

    [Fact]
    public void Of_unseen_default_is_the_source_of_what_follows_it()
    {
        var settings = Settings.Of(Minimal + "unseen:\n  default: allow\n  image: deny\n");

        Assert.Equal("allow (p.yaml:5:12)", settings.Shown("unseen.audio"));
        Assert.Equal("deny (p.yaml:6:10)", settings.Shown("unseen.image"));
        Assert.Equal("annotate (default)", settings.Shown("unseen.beta"));
        Assert.Equal("deny (default)", settings.Shown("unseen.batch"));
        Assert.DoesNotContain(settings, setting => setting.Path == "unseen.default");
    }

    [Fact]
    public void Of_lists_whose_order_matters_are_one_value()
    {
        var settings = Settings.Of("policy: p\ntenants: [acme]\nmodels: { allow: [o3, o4, o5], fallback: { o3: [o5, o4] } }\n");

        Assert.Equal("o5, o4 (p.yaml:3:48)", settings.Shown("models.fallback[o3]"));
    }

    [Fact]
    public void Of_inherited_value_names_the_document_of_the_parent()
    {
        var files = PolicyFamily.Files(
            ("base", "abstract: true\nlocked: [limits]\nmodels: { allow: [o3] }\nlimits: { concurrency: 9 }\nguards: { content: [ { id: r, match: abc, surfaces: [user] } ] }\n"),
            ("p", "extends: [base]\ntenants: [acme]\nguards: { content: [ { id: r, action: annotate } ] }\n"));

        var settings = Settings.Of("p", files);

        Assert.Equal("9 (base.yaml:5:24)", settings.Shown("limits.concurrency"));
        Assert.Equal("abc (base.yaml:6:38)", settings.Shown("guards.content[r].match"));
        Assert.Equal("annotate (p.yaml:4:39)", settings.Shown("guards.content[r].action"));
        Assert.Equal("listed (base.yaml:3:10)", settings.Shown("locked[limits]"));
        Assert.Equal("listed (p.yaml:2:11)", settings.Shown("extends[base]"));
    }

    [Fact]
    public void Of_attachment_is_named_by_what_it_says()
    {
        var settings = Settings.Of("policy: p\ntenants: [\"*\"]\nappliesTo: [ { model: o3, tenant: acme } ]\nmodels: { allow: [o3] }\n");

        Assert.Equal("listed (p.yaml:3:14)", settings.Shown("appliesTo[\"tenant: acme, model: o3\"]"));
    }

    [Fact]
    public void Of_snapshot_without_documents_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        EffectiveSettings.Of(new PolicySnapshot("v", DateTimeOffset.UnixEpoch, [TestPolicies.With()]), TestPolicies.With()));

    [Fact]
    public void Of_paths_are_unique_and_values_are_those_of_the_compiled_policy() =>
        Gen.Select(PolicyGenerators.Base, PolicyGenerators.Body).Sample(
            (parent, child) =>
            {
                var compilation = PolicyFamily.Compile(("a", $"tenants: [t]\n{parent}"), ("b", $"tenants: [u]\nextends: [a]\n{child}"));
                foreach (var policy in compilation.Snapshot?.Policies ?? [])
                {
                    var settings = EffectiveSettings.Of(compilation.Snapshot!, policy);
                    var values = settings.Values();

                    Assert.Equal(settings.Length, values.Count);
                    Assert.All(CompiledValues.Of(policy), pair => Assert.Equal(pair.Value, values[pair.Key]));
                    Assert.All(settings, setting => Assert.Contains(setting.Pattern, SettingTerms.All.Keys));
                }
            },
            iter: 300);
}
