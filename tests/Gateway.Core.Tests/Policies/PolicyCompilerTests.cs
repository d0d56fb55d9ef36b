using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Xunit;
using static Gateway.Core.Tests.Policies.PolicyTestFiles;

namespace Gateway.Core.Tests.Policies;

public sealed class PolicyCompilerTests
{
    [Fact]
    public void Compile_minimal_document_has_the_safe_defaults()
    {
        var policy = Policy(Minimal);

        Assert.Equal(("p", GuardMode.Enforce, ViolationResponse.Error, 0), (policy.Name, policy.Mode, policy.OnViolation, policy.RiskTier));
        Assert.Equal((GuardFailure.Block, TimeSpan.FromSeconds(1)), (policy.OnError, policy.GuardTimeout));
        Assert.Equal((null, null, null), (policy.Limits.Requests, policy.Limits.UserRequests, policy.Limits.Concurrency));
        Assert.Equal(new SizeLimits(), policy.Limits.Size);
        Assert.Empty(policy.Content.Rules);
        Assert.Equal(new PolicySource("p.yaml", 1, 1), policy.Source);
    }

    [Fact]
    public void Compile_every_setting_reaches_the_policy()
    {
        var policy = Policy("""
            policy: full
            description: >
              Two lines
              of prose.
            tenants: [acme, "*"]
            riskTier: 3
            mode: monitor
            onViolation: refusal
            onError: allow
            guardTimeoutMs: 250
            models:
              allow: [gpt-4o*, o3]
              alias: { default: gpt-4o-mini }
              fallback: { gpt-4o: [gpt-4o-mini, o3] }
            limits:
              requests: { perMinute: 600, burst: 60 }
              concurrency: 32
              perUser: { requests: { perMinute: 20, burst: 3 } }
              size: { bodyBytes: 1, responseBytes: 2, textLength: 3, messages: 4, tools: 0, outputTokens: 6, choices: 7 }
            """);

        Assert.Equal(("full", GuardMode.Monitor, ViolationResponse.Refusal, 3), (policy.Name, policy.Mode, policy.OnViolation, policy.RiskTier));
        Assert.Equal((GuardFailure.Allow, TimeSpan.FromMilliseconds(250)), (policy.OnError, policy.GuardTimeout));
        Assert.Equal<string>(["acme", "*"], policy.Tenants);
        Assert.Equal<string>(["gpt-4o*", "o3"], policy.Models.Allow);
        Assert.Equal("gpt-4o-mini", policy.Models.Resolve("default"));
        Assert.Equal<string>(["gpt-4o-mini", "o3"], policy.Models.Fallbacks["gpt-4o"]);
        Assert.Equal((new RequestRate(600, 60), new RequestRate(20, 3), 32), (policy.Limits.Requests, policy.Limits.UserRequests, policy.Limits.Concurrency));
        Assert.Equal(
            new SizeLimits { BodyBytes = 1, ResponseBytes = 2, TextLength = 3, Messages = 4, Tools = 0, OutputTokens = 6, Choices = 7 }, policy.Limits.Size);
    }

    [Theory]
    [InlineData(600, 60)]
    [InlineData(19, 1)]
    [InlineData(1, 1)]
    public void Compile_rate_without_burst_allows_a_tenth_of_a_minute_at_once(int perMinute, int burst) =>
        Assert.Equal(new RequestRate(perMinute, burst), Policy($"{Minimal}limits: {{ requests: {{ perMinute: {perMinute} }} }}").Limits.Requests);

    [Fact]
    public void Compile_content_rule_has_everything_written_in_it()
    {
        var rule = Policy(WithRules(
            "{ id: r1, match: 'a{1,9}', ignoreCase: false, surfaces: [output, envelope], action: annotate, severity: critical, mode: monitor, threat: secret, message: No. }"))
            .Content.Rules.Single();

        Assert.Equal(("r1", "a{1,9}", "No."), (rule.Id, rule.Pattern.Source, rule.Message));
        Assert.Equal<Surface>([Surface.Output, Surface.Metadata], rule.Surfaces);
        Assert.Equal((PolicyAction.Annotate, Severity.Critical, GuardMode.Monitor, Threat.Secret), (rule.Action, rule.Severity, rule.Mode, rule.Threat));
        Assert.Equal(new PolicySource("p.yaml", 6, 7), rule.Source);
    }

    [Fact]
    public void Compile_rule_without_options_blocks_and_is_enforced()
    {
        var rule = Policy(WithRules("{ id: r1, match: abc, surfaces: [user] }")).Content.Rules.Single();

        Assert.Equal((PolicyAction.Block, Severity.Medium, GuardMode.Enforce, Threat.Content), (rule.Action, rule.Severity, rule.Mode, rule.Threat));
    }

    [Theory]
    [InlineData("enforce", "enforce", GuardMode.Enforce)]
    [InlineData("enforce", "monitor", GuardMode.Monitor)]
    [InlineData("enforce", "off", GuardMode.Off)]
    [InlineData("monitor", "enforce", GuardMode.Monitor)]
    [InlineData("monitor", "monitor", GuardMode.Monitor)]
    [InlineData("monitor", "off", GuardMode.Off)]
    [InlineData("off", "enforce", GuardMode.Off)]
    [InlineData("off", "monitor", GuardMode.Off)]
    [InlineData("off", "off", GuardMode.Off)]
    public void Compile_rule_mode_is_the_milder_of_policy_and_rule(string policy, string rule, GuardMode expected) =>
        Assert.Equal(expected, Policy($"mode: {policy}\n" + WithRules($"{{ id: r1, match: abc, surfaces: [user], mode: {rule} }}")).Content.Rules.Single().Mode);

    [Fact]
    public void Compile_input_means_every_request_surface_but_tool_definitions() =>
        Assert.Equal(
            Enum.GetValues<Surface>().Except([Surface.Output, Surface.ToolDefinition]).Order(),
            Policy(WithRules("{ id: r1, match: abc, surfaces: [input] }")).Content.Rules.Single().Surfaces.Order());

    [Fact]
    public void Compile_surface_named_twice_by_input_is_looked_at_once()
    {
        var rule = Policy(WithRules("{ id: r1, match: abc, surfaces: [input, user] }")).Content.Rules.Single();

        Assert.Equal(rule.Surfaces.Distinct(), rule.Surfaces);
    }

    [Fact]
    public void Compile_terms_are_literal()
    {
        var pattern = Policy(WithRules(@"{ id: r1, terms: ['a.b', 'c|d', '(x)', 'y*', '[z]', '\w', '^$', '{2}'], surfaces: [user] }")).Content.For(Surface.User)!.Patterns;
        var found = new Core.Detection.Patterns.PatternMatch[1];

        Assert.All((string[])["a.b", "c|d", "(X)", "y*", "[z]", @"\w", "^$", "{2}"], text => Assert.Equal(1, pattern.MatchesAny(text, found)));
        Assert.All((string[])["axb", "c", "d", "x", "yy", "z", "w", "a", "2"], text => Assert.Equal(0, pattern.MatchesAny(text, found)));
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    public void Compile_ignoreCase_decides_whether_case_matters(string ignoreCase, int matches)
    {
        var rules = Policy(WithRules($"{{ id: r1, match: abc, ignoreCase: {ignoreCase}, surfaces: [user] }}")).Content.For(Surface.User)!;

        Assert.Equal(matches, rules.Patterns.MatchesAny("ABC", new Core.Detection.Patterns.PatternMatch[1]));
    }

    [Fact]
    public void Compile_no_documents_is_an_error() =>
        Assert.Equal("policies: there is no policy, so nothing could be enforced; add a .yaml file", Assert.Single(Compile().Errors).ToString());

    [Fact]
    public void Compile_one_bad_document_among_good_ones_gives_no_snapshot()
    {
        var compilation = Compile(Document(Minimal), Document("policy: q\ntenants: [b]\nmodels: { allow: [] }\n", "q.yaml"));

        Assert.Null(compilation.Snapshot);
        Assert.Equal("q.yaml", Assert.Single(compilation.Errors).Source.File);
    }

    [Fact]
    public void Compile_errors_of_all_documents_come_together_in_order()
    {
        var compilation = Compile(Document("x: 1\n", "b.yaml"), Document("[", "a.yaml"), Document("y: 1\nz: 2\n", "c.yml"));

        Assert.Equal(["a.yaml", "b.yaml", "c.yml"], compilation.Errors.Select(error => error.Source.File).Distinct());
        Assert.Equal(compilation.Errors.OrderBy(error => error.Source.File).ThenBy(error => error.Source.Line), compilation.Errors);
    }

    [Fact]
    public void Compile_tenant_of_two_policies_is_an_error_that_names_both_places()
    {
        var compilation = Compile(Document(Minimal, "a.yaml"), Document("policy: q\nmodels: { allow: [o3] }\ntenants:\n  - globex\n  - acme\n", "b.yaml"));

        Assert.Equal(
            "b.yaml:5:5: tenants[1] \"acme\" is already claimed by policy \"p\" at a.yaml:2:11; a tenant has one policy",
            Assert.Single(compilation.Errors).ToString());
    }

    [Fact]
    public void Compile_two_policies_for_every_other_tenant_is_an_error()
    {
        var compilation = Compile(Document(Minimal.Replace("acme", "\"*\""), "a.yaml"), Document(Minimal.Replace("acme", "'*'").Replace("policy: p", "policy: q"), "b.yaml"));

        Assert.Contains("b.yaml:2:11: tenants[0] \"*\" is already claimed", Assert.Single(compilation.Errors).ToString());
    }

    [Fact]
    public void Compile_policy_name_used_twice_is_an_error_that_names_both_places()
    {
        var compilation = Compile(Document(Minimal, "a.yaml"), Document(Minimal.Replace("acme", "globex"), "b.yaml"));

        Assert.Equal("b.yaml:1:9: policy \"p\" is already the name of the policy at a.yaml:1:9; rename one", Assert.Single(compilation.Errors).ToString());
    }

    [Fact]
    public void Compile_file_name_used_twice_is_an_error() =>
        Assert.Contains("two documents have this file name", Assert.Single(Compile(Document(Minimal), Document(Minimal)).Errors).Message);

    [Fact]
    public void Compile_windows_line_ends_are_accepted() => Assert.NotNull(Compile(Minimal.Replace("\n", "\r\n")).Snapshot);

    [Fact]
    public void Compile_document_of_more_than_a_mebibyte_is_refused_unread()
    {
        var compilation = Compile(new PolicyFile("p.yaml", new byte[PolicyFile.MaxBytes + 1]));

        Assert.Equal("p.yaml:1:1: the document has 1048577 bytes, more than 1048576; split it into several policies", Assert.Single(compilation.Errors).ToString());
    }

    [Fact]
    public void Compile_document_of_countless_mistakes_stops_counting()
    {
        var compilation = Compile(string.Concat(Enumerable.Range(0, 5_000).Select(index => $"key{index}: 1\n")));

        Assert.Equal(DocumentErrors.Most + 1, compilation.Errors.Count);
        Assert.Contains("more than 500 mistakes", compilation.Errors.Last(error => error.Source.Line > 1).Message);
    }

    [Fact]
    public void Compile_document_of_too_many_values_is_refused()
    {
        var compilation = Compile("tenants: [" + string.Concat(Enumerable.Repeat("a,", 60_000)) + "b]\n");

        Assert.Contains("more than 50000 values", Assert.Single(compilation.Errors).Message);
    }

    [Fact]
    public void Compile_does_not_depend_on_the_order_of_the_files()
    {
        var files = Enumerable.Range(0, 6).Select(index => Document($"policy: p{index}\ntenants: [t{index}]\nmodels: {{ allow: [o{index}x] }}\n", $"{index}.yaml")).ToArray();
        var forward = Compile(files).Snapshot!;
        var backward = Compile([.. files.Reverse()]).Snapshot!;

        Assert.Equal(forward.Version, backward.Version);
        Assert.Equal(forward.Policies.Select(policy => policy.Name), backward.Policies.Select(policy => policy.Name));
    }
}
