using Gateway.Core.Formats;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Attachments;
using Gateway.Core.Telemetry;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyFamily;

namespace Gateway.Core.Tests.Policies.Attachments;

public sealed class AttachmentTests
{
    private const string Models = "models: { allow: [\"*\"] }\n";

    private static readonly PolicySnapshot Snapshot = Compile(
        ("everyone", "tenants: [\"*\"]\n" + Models),
        ("acme", "tenants: [acme]\n" + Models.Replace("allow: [\"*\"]", "allow: [\"*\"], alias: { default: gpt-4o-mini }")),
        ("acme-4o", "appliesTo: [ { tenant: acme, model: gpt-4o* } ]\n" + Models),
        ("acme-4o-mini", "appliesTo: [ { tenant: acme, model: gpt-4o-mini } ]\n" + Models),
        ("acme-embeddings", "appliesTo: [ { tenant: acme, format: openai_embeddings } ]\n" + Models),
        ("bot", "appliesTo: [ { application: bot } ]\n" + Models),
        ("acme-bot", "appliesTo: [ { tenant: acme, application: bot } ]\n" + Models),
        ("key", "appliesTo: [ { key: k1 } ]\n" + Models),
        ("claude", "appliesTo: [ { model: claude-* } ]\n" + Models)).Snapshot!;

    [Theory]
    [InlineData("other", null, null, null, null, "everyone")]
    [InlineData("acme", null, null, null, null, "acme")]
    [InlineData("acme", "web", "k2", null, null, "acme")]
    [InlineData("acme", null, null, null, "gpt-4o", "acme-4o")]
    [InlineData("acme", null, null, null, "gpt-4o-mini", "acme-4o-mini")]
    [InlineData("acme", null, null, null, "gpt-4", "acme")]
    [InlineData("acme", null, null, "openai_embeddings", null, "acme-embeddings")]
    [InlineData("acme", null, null, "openai_embeddings", "gpt-4o", "acme-4o")]
    [InlineData("acme", null, null, "openai_chat", null, "acme")]
    [InlineData("other", "bot", null, null, null, "bot")]
    [InlineData("acme", "bot", null, null, null, "acme-bot")]
    [InlineData("acme", "bot", null, null, "gpt-4o", "acme-bot")]
    [InlineData("acme", "bot", "k1", null, "gpt-4o", "key")]
    [InlineData("other", "bot", "k1", null, null, "key")]
    [InlineData("other", null, null, null, "claude-sonnet", "claude")]
    [InlineData("acme", null, null, null, "claude-sonnet", "acme")]
    [InlineData("other", "BOT", "K1", null, "Claude-x", "everyone")]
    public void Attached_is_the_most_specific_policy(string tenant, string? application, string? key, string? format, string? model, string expected) => Assert.Equal(
        expected,
        Snapshot.Attached(new PolicySubject(tenant, application, key, Enum.GetValues<FormatId>().Cast<FormatId?>().FirstOrDefault(id => TelemetryNames.Of(id!.Value) == format), Model: model))!.Name);

    [Fact]
    public void Attached_alias_is_no_way_around_a_condition_on_the_model() =>
        Assert.Equal("acme-4o-mini", Snapshot.Attached(new PolicySubject("acme", Model: "default"))!.Name);

    [Fact]
    public void Attached_of_two_conditions_met_by_both_names_the_one_on_the_model_that_is_sent_counts()
    {
        var snapshot = Compile(
            ("acme", "tenants: [acme]\nmodels: { allow: [\"*\"], alias: { fast: o3 } }\n"),
            ("asked", "appliesTo: [ { tenant: acme, model: fast } ]\n" + Models),
            ("sent", "appliesTo: [ { tenant: acme, model: o* } ]\n" + Models)).Snapshot!;

        Assert.Equal("sent", snapshot.Attached(new PolicySubject("acme", Model: "fast"))!.Name);
    }

    [Fact]
    public void Attached_order_of_members_is_total()
    {
        var ranks = (from key in Either("k") from application in Either("a") from tenant in Either("t") from model in Either("m") from format in (FormatId?[])[null, FormatId.GeminiEmbed]
                     select new PolicyAttachment(tenant, application, key, model, format)).ToList();

        Assert.Equal(32, ranks.Select(attachment => attachment.Rank).Distinct().Count());
        Assert.True(new PolicyAttachment(KeyId: "k").Rank > new PolicyAttachment("t", "a", null, "m", FormatId.GeminiEmbed).Rank);
        Assert.True(new PolicyAttachment(Application: "a").Rank > new PolicyAttachment("t", null, null, "m", FormatId.GeminiEmbed).Rank);
        Assert.True(new PolicyAttachment("t").Rank > new PolicyAttachment(Model: "m", Format: FormatId.GeminiEmbed).Rank);

        static string?[] Either(string name) => [null, name];
    }

    [Fact]
    public void Attached_looking_up_allocates_nothing()
    {
        var subjects = new[]
        {
            new PolicySubject("acme", "web", "k2", FormatId.GeminiEmbed), new PolicySubject("acme", "web", "k2", FormatId.GeminiEmbed, null, "default"),
            new PolicySubject("nobody"), new PolicySubject("acme", "bot", "k1"),
        };
        Look(subjects, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Look(subjects, 1_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void NamedTenants_are_those_that_have_a_policy_by_their_name_alone()
    {
        var snapshot = Compile(("a", "tenants: [acme]\n" + Models), ("b", "appliesTo: [ { tenant: acme, application: x }, { tenant: globex, application: x } ]\n" + Models)).Snapshot!;

        Assert.Equal(["acme"], snapshot.NamedTenants);
        Assert.Null(snapshot.Attached(new PolicySubject("globex")));
    }

    [Fact]
    public void With_keeps_the_attachments() => Assert.Equal("acme", Snapshot.With(7, Snapshot.Overrides).Attached(new PolicySubject("acme"))!.Name);

    [Fact]
    public void Compile_two_policies_that_apply_to_exactly_the_same_are_a_mistake() => Assert.Equal(
        [
            "b.yaml:3:5: appliesTo[0] is already claimed by policy \"a\" at a.yaml:2:14; add a condition to one, or remove one",
            "b.yaml:5:5: appliesTo[2] is already claimed by policy \"a\" at a.yaml:3:11; add a condition to one, or remove one",
        ],
        Errors(
            ("a", "appliesTo: [ { tenant: acme, model: gpt-4o* } ]\ntenants: [acme]\n" + Models),
            ("b", "appliesTo:\n  - { model: gpt-4o*, tenant: acme }\n  - { tenant: acme, model: gpt-4* }\n  - tenant: acme\n" + Models)));

    [Fact]
    public void Compile_condition_on_the_model_where_nothing_applies_before_is_a_mistake() => Assert.Equal(
        ["a.yaml:2:14: appliesTo[0] can never be met: a request is first admitted without its model, and no policy does so; let one apply to { tenant: acme }"],
        Errors(("a", "appliesTo: [ { tenant: acme, model: o3, format: openai_chat }, { tenant: globex } ]\n" + Models)));

    [Theory]
    [InlineData("{ tenant: acme }")]
    [InlineData("{ tenant: \"*\" }")]
    [InlineData("{ format: openai_chat, tenant: acme }")]
    [InlineData("{ application: a }")]
    public void Compile_condition_on_the_model_needs_one_without_it_that_is_as_general(string other) =>
        Assert.Empty(Errors(("a", $"appliesTo: [ {{ tenant: acme, application: a, model: o3, format: openai_chat }}, {other} ]\n" + Models)));

    [Fact]
    public void Compile_mistakes_of_entries_are_reported_together() => Assert.Equal(
        [
            "a.yaml:3:5: appliesTo[0] names nothing; write { tenant: \"*\" } for every tenant",
            "a.yaml:4:5: appliesTo[1] has no key \"tenants\"; did you mean \"tenant\"?",
            "a.yaml:5:13: appliesTo[2].format must be one of openai_chat, openai_responses, openai_completions, openai_embeddings, openai_models, anthropic_messages, anthropic_count_tokens, gemini, gemini_count_tokens, gemini_embed, anthropic_models, not \"openai.chat\"; did you mean \"openai_chat\"?",
            "a.yaml:6:18: appliesTo[3].application must be a whole name in visible ASCII without spaces, not \"b*\"",
            "a.yaml:7:12: appliesTo[4].model may have an asterisk only at its end, not \"*-mini\"",
            "a.yaml:8:5: appliesTo[5] must be a mapping with tenant, application, key, model, format, not \"acme\"",
        ],
        Errors(("a", "appliesTo:\n  - {}\n  - tenants: acme\n  - format: openai.chat\n  - application: b*\n  - model: \"*-mini\"\n  - acme\n" + Models)));

    private static void Look(PolicySubject[] subjects, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Snapshot.Attached(subjects[i % subjects.Length]);
        }
    }
}
