using System.Collections.Immutable;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Effective;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies.Effective;

public sealed class PolicyExplanationTests
{
    [Fact]
    public void Explain_subject_without_a_policy_is_null() =>
        Assert.Null(PolicyExplanation.Explain(Settings.Snapshot(Document(Minimal)), new PolicySubject("globex"), DateTimeOffset.UnixEpoch));

    [Fact]
    public void Explain_chooses_the_policy_by_the_whole_subject()
    {
        var snapshot = Settings.Snapshot(PolicyFamily.Files(
            ("p", "tenants: [acme]\nmodels: { allow: [o3] }\n"), ("q", "appliesTo: [ { tenant: acme, application: chat } ]\nmodels: { allow: [o4] }\n")));

        Assert.Equal("p", PolicyExplanation.Explain(snapshot, new PolicySubject("acme"), DateTimeOffset.UnixEpoch)!.Policy);
        Assert.Equal("q", PolicyExplanation.Explain(snapshot, new PolicySubject("acme", "chat"), DateTimeOffset.UnixEpoch)!.Policy);
    }

    [Theory]
    [InlineData("gpt-4o-mini", "gpt-4o-mini", "models.allow[\"gpt-4o*\"]")]
    [InlineData("fast", "o3", "models.allow[o3]")]
    [InlineData("o4", "o4", null)]
    public void Explain_says_what_becomes_of_a_model(string asked, string sent, string? by)
    {
        var snapshot = Settings.Snapshot(Document("policy: p\ntenants: [acme]\nmodels: { allow: [gpt-4o*, o3], alias: { fast: o3 } }\n"));

        Assert.Equal(new ModelExplanation(asked, sent, by), PolicyExplanation.Explain(snapshot, new PolicySubject("acme", Model: asked), DateTimeOffset.UnixEpoch)!.Model);
    }

    [Fact]
    public void Amended_setting_has_the_value_and_the_id_of_the_override()
    {
        ImmutableArray<SettingAmendment> amendments = [new("mode", "enforce", "ov_1"), new("overrides[ov_2]", "every exchange is stopped", "ov_2")];

        var settings = PolicyExplanation.Amended(Settings.Of(Minimal + "mode: monitor\n"), amendments);

        Assert.Equal("enforce (override ov_1)", settings.Shown("mode"));
        Assert.Equal("every exchange is stopped (override ov_2)", settings.Shown("overrides[ov_2]"));
        Assert.Equal("0 (default)", settings.Shown("riskTier"));
    }

    [Fact]
    public void Lines_are_aligned_and_hold_nothing_that_ends_a_line()
    {
        var snapshot = Settings.Snapshot(Document(Minimal + "description: |\n  one\n  two\nguards: { content: [ { id: r, terms: [\"a\\u202e\\nb\"], surfaces: [user] } ] }\n"));

        var lines = ExplanationText.Lines(PolicyExplanation.Explain(snapshot, new PolicySubject("acme"), DateTimeOffset.UnixEpoch)!).ToList();

        Assert.StartsWith("SETTING", lines[0]);
        Assert.Equal("VALUE", lines[0].Substring(lines[1].IndexOf("one", StringComparison.Ordinal), 5));
        Assert.All(lines, line => Assert.DoesNotContain(line, character => char.IsControl(character) || character == '\u202e'));
    }

    [Fact]
    public void Json_has_every_setting_whole_with_its_source()
    {
        var snapshot = Settings.Snapshot(Document(Minimal + $"description: '{new string('x', 500)}'\n"));

        var json = ExplanationText.Json(PolicyExplanation.Explain(snapshot, new PolicySubject("acme"), DateTimeOffset.UnixEpoch)!);

        var description = json["settings"]!.AsArray().Single(setting => (string)setting!["path"]! == "description")!;
        Assert.Equal(500, ((string)description["value"]!).Length);
        Assert.Equal("{\"kind\":\"document\",\"file\":\"p.yaml\",\"line\":4,\"column\":14}", description["source"]!.ToJsonString());
        Assert.Equal(("p", snapshot.Version), ((string)json["policy"]!, (string)json["version"]!));
    }
}
