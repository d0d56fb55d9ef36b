using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Xunit;

namespace Gateway.Core.Tests.Policies;

public sealed class UnseenRulesTests
{
    [Fact]
    public void All_terms_stand_in_the_order_of_the_enum() =>
        Assert.Equal(Enum.GetValues<Capability>(), CapabilityTerms.All.Select(term => term.Capability));

    [Fact]
    public void Compile_policy_that_says_nothing_has_the_defaults() => Assert.All(
        CapabilityTerms.All, term => Assert.Equal(term.Default, Compile("").For(term.Capability)));

    [Fact]
    public void Defaults_let_only_this_pass() => Assert.Equal(
        [Capability.Image, Capability.SealedContent, Capability.UnknownMember, Capability.Beta],
        CapabilityTerms.All.Where(term => term.Default != PolicyAction.Block).Select(term => term.Capability));

    [Theory]
    [InlineData("deny", PolicyAction.Block)]
    [InlineData("annotate", PolicyAction.Annotate)]
    [InlineData("allow", PolicyAction.Allow)]
    public void Compile_every_capability_has_a_key_of_its_own(string word, PolicyAction action)
    {
        foreach (var term in CapabilityTerms.All.Where(term => !term.Fixed && term.Capability != Capability.Beta))
        {
            var rules = Compile($"unseen: {{ {term.Key}: {word} }}");

            Assert.Equal(action, rules.For(term.Capability));
            Assert.Equal(action != PolicyAction.Block, rules.Tolerated.Has(term.Capability));
            Assert.All(CapabilityTerms.All.Where(other => other != term), other => Assert.Equal(other.Default, rules.For(other.Capability)));
        }
    }

    [Fact]
    public void Compile_default_applies_to_what_is_not_named()
    {
        var rules = Compile("unseen: { default: allow, audio: deny }");

        Assert.Equal((PolicyAction.Allow, PolicyAction.Block), (rules.For(Capability.StoredFile), rules.For(Capability.Audio)));
    }

    [Fact]
    public void Compile_default_allows_nothing_that_has_no_reader_and_no_beta_as_a_whole()
    {
        var rules = Compile("unseen: { default: allow }");

        Assert.Equal(
            [PolicyAction.Block, PolicyAction.Block, PolicyAction.Block, PolicyAction.Annotate],
            new[] { Capability.Batch, Capability.Realtime, Capability.UnknownRoute, Capability.Beta }.Select(rules.For));
    }

    [Fact]
    public void Compile_default_deny_denies_everything() =>
        Assert.All(CapabilityTerms.All, term => Assert.Equal(PolicyAction.Block, Compile("unseen: { default: deny }").For(term.Capability)));

    [Fact]
    public void Compile_betas_are_passed_on_exactly()
    {
        var rules = Compile("unseen: { betas: [files-api-2025-04-14] }");

        Assert.True(rules.PassesBeta("files-api-2025-04-14"));
        Assert.False(rules.PassesBeta("Files-Api-2025-04-14"));
        Assert.False(rules.PassesBeta("files-api-2025-04-14 "));
    }

    [Theory]
    [InlineData("web_search", PolicyAction.Allow)]
    [InlineData("web_search_20250305", PolicyAction.Allow)]
    [InlineData("web_search_2025_08_26", PolicyAction.Allow)]
    [InlineData("web_search_preview_2025_03_11", PolicyAction.Allow)]
    [InlineData("webSearch", PolicyAction.Allow)]
    [InlineData("web_search_2025", PolicyAction.Block)]
    [InlineData("web_search_20250305x", PolicyAction.Block)]
    [InlineData("web_searcher", PolicyAction.Block)]
    [InlineData("code_interpreter", PolicyAction.Annotate)]
    [InlineData("mcp:crm/lookup", PolicyAction.Annotate)]
    [InlineData("mcp_toolset:crm", PolicyAction.Annotate)]
    [InlineData("googleSearch", PolicyAction.Block)]
    [InlineData("", PolicyAction.Block)]
    public void ForTool_goes_by_the_name_without_version_and_server(string declared, PolicyAction action) => Assert.Equal(
        action, Compile("tools: { builtIn: { web_search: allow, code_interpreter: annotate, mcp: annotate } }").ForTool(declared));

    [Fact]
    public void ForTool_own_setting_is_stricter_than_the_general_one()
    {
        var rules = Compile("unseen: { providerTool: allow }\ntools: { builtIn: { web_search: deny } }");

        Assert.Equal((PolicyAction.Block, PolicyAction.Allow), (rules.ForTool("web_search_20250305"), rules.ForTool("web_fetch")));
    }

    [Fact]
    public void Built_in_policy_says_what_the_defaults_say()
    {
        var rules = PolicyCompiler.Compile(DefaultPolicies.Read(), DateTimeOffset.UnixEpoch).Snapshot!.Attached(new PolicySubject("anyone"))!.Unseen;

        Assert.All(CapabilityTerms.All, term => Assert.Equal(term.Default, rules.For(term.Capability)));
    }

    [Fact]
    public void Table_for_operators_has_every_setting_with_its_default()
    {
        var table = File.ReadAllText(TestFolders.InRepository("deploy", "docs", "unseen.md"));

        Assert.All(CapabilityTerms.All, term =>
        {
            var word = term.Default == PolicyAction.Block ? "deny" : "annotate";
            Assert.Contains($"| `{term.Key}` | {word}{(term.Fixed ? ", always" : "")} |", table, StringComparison.Ordinal);
        });
    }

    private static UnseenRules Compile(string sections)
    {
        var text = $"policy: p\ntenants: [acme]\nmodels: {{ allow: [o3] }}\n{sections}\n";
        var compilation = PolicyCompiler.Compile([new PolicyFile("p.yaml", Encoding.UTF8.GetBytes(text))], DateTimeOffset.UnixEpoch);
        Assert.Empty(compilation.Errors);
        return compilation.Snapshot!.Attached(new PolicySubject("acme"))!.Unseen;
    }
}
