using System.Collections.Immutable;
using Gateway.Core.Exchanges;
using Gateway.Core.Policies.Overrides;
using Xunit;
using static Gateway.Core.Tests.Policies.Overrides.TestOverrides;

namespace Gateway.Core.Tests.Policies.Overrides;

public sealed class OverrideCompilerTests
{
    private static readonly OverrideMeasure Block = new() { Kind = OverrideKind.Block };

    public static TheoryData<string, OverrideMeasure> Wrong => new()
    {
        { "measure.kind", new OverrideMeasure { Kind = (OverrideKind)99 } },
        { "measure.tool", new OverrideMeasure { Kind = OverrideKind.Tool } },
        { "measure.tool", new OverrideMeasure { Kind = OverrideKind.Tool, Tool = "*" } },
        { "measure.tool", new OverrideMeasure { Kind = OverrideKind.Tool, Tool = "a*b" } },
        { "measure.tool", new OverrideMeasure { Kind = OverrideKind.Block, Tool = "send" } },
        { "measure.arguments", new OverrideMeasure { Kind = OverrideKind.Tool, Tool = "send", Arguments = "(?=x)" } },
        { "measure.arguments", new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "x", Arguments = "y" } },
        { "measure.approval", new OverrideMeasure { Kind = OverrideKind.Enforce, Approval = true } },
        { "measure.match", new OverrideMeasure { Kind = OverrideKind.Pattern } },
        { "measure.match", new OverrideMeasure { Kind = OverrideKind.Pattern, Match = @"(a)\1" } },
        { "measure.match", new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "a.*b" } },
        { "measure.match", new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "(a{1000}){20}" } },
        { "measure.surfaces", new OverrideMeasure { Kind = OverrideKind.Host, Host = "evil.example", Surfaces = [Surface.User] } },
        { "measure.surfaces", new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "x", Surfaces = [(Surface)77] } },
        { "measure.host", new OverrideMeasure { Kind = OverrideKind.Host } },
        { "measure.host", new OverrideMeasure { Kind = OverrideKind.Host, Host = "https://evil.example" } },
        { "measure.host", new OverrideMeasure { Kind = OverrideKind.Host, Host = "evil.example:80" } },
        { "measure.host", new OverrideMeasure { Kind = OverrideKind.Host, Host = "com" } },
        { "measure.host", new OverrideMeasure { Kind = OverrideKind.Host, Host = "evil..example" } },
        { "measure.host", new OverrideMeasure { Kind = OverrideKind.Host, Host = "-evil.example" } },
        { "measure.host", new OverrideMeasure { Kind = OverrideKind.Host, Host = string.Join('.', Enumerable.Repeat(new string('a', 60), 4)) } },
        { "measure.limits", new OverrideMeasure { Kind = OverrideKind.Limit } },
        { "measure.limits", new OverrideMeasure { Kind = OverrideKind.Limit, Limits = new OverrideLimits() } },
        { "measure.limits.concurrency", new OverrideMeasure { Kind = OverrideKind.Limit, Limits = new OverrideLimits { Concurrency = 0 } } },
        { "measure.limits.bodyBytes", new OverrideMeasure { Kind = OverrideKind.Limit, Limits = new OverrideLimits { BodyBytes = -1 } } },
        { "measure.rule", new OverrideMeasure { Kind = OverrideKind.ThirdParty, Rule = "r" } },
        { "measure.rule", new OverrideMeasure { Kind = OverrideKind.Enforce, Rule = "" } },
    };

    public static TheoryData<string, OverrideScope> WrongScope => new()
    {
        { "scope.tenants", new OverrideScope { Tenants = ["Acme"] } },
        { "scope.applications", new OverrideScope { Applications = [""] } },
        { "scope.keys", new OverrideScope { Keys = ["a b"] } },
        { "scope.endUsers", new OverrideScope { EndUsers = ["bob@example.com"] } },
        { "scope.models", new OverrideScope { Models = ["*"] } },
        { "scope.models", new OverrideScope { Models = ["gpt\u202e"] } },
        { "scope.formats", new OverrideScope { Formats = ["openai"] } },
        { "scope.tenants", new OverrideScope { Tenants = [.. Enumerable.Range(0, 101).Select(number => $"t{number}")] } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_wrong_measure_is_one_mistake_that_names_the_member(string member, OverrideMeasure measure) =>
        Assert.StartsWith(member + ":", Assert.Single(OverrideCompiler.Check(Of(measure), [], Now)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(WrongScope))]
    public void Check_wrong_scope_is_one_mistake_that_names_the_list(string member, OverrideScope scope) =>
        Assert.StartsWith(member + ":", Assert.Single(OverrideCompiler.Check(Of(Block, scope), [], Now)), StringComparison.Ordinal);

    [Fact]
    public void Check_several_mistakes_are_told_at_once()
    {
        var wrong = Of(new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "(", Tool = "x" }, new OverrideScope { Tenants = ["A"], Models = ["*"] })
            with { Id = "x", Reason = " ", Author = "", ExpiresAt = Now, Incident = "" };
        Assert.Equal(
            ["id", "reason", "author", "incident", "expiresAt", "scope.tenants", "scope.models", "measure.tool", "measure.match"],
            OverrideCompiler.Check(wrong, [], Now).Select(error => error.Split(':')[0]));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Check_early_limit_for_what_is_known_late_is_a_mistake(bool user, bool model)
    {
        var scope = new OverrideScope { EndUsers = user ? [new string('a', 32)] : [], Models = model ? ["gpt-4o"] : [] };
        var early = new OverrideMeasure { Kind = OverrideKind.Limit, Limits = new OverrideLimits { Concurrency = 1, TextLength = 9 } };
        Assert.StartsWith("measure.limits.concurrency:", Assert.Single(OverrideCompiler.Check(Of(early, scope), [], Now)), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_without_expiry_ends_after_four_hours()
    {
        var (made, errors) = OverrideCompiler.Create(new OverrideDraft { Measure = Block, Reason = "Campaign" }, "ann", [], Now);
        Assert.Empty(errors);
        Assert.Equal(Now.AddHours(4), made!.ExpiresAt);
    }

    [Fact]
    public void Create_without_a_measure_is_a_mistake() =>
        Assert.Equal("measure: is missing", Assert.Single(OverrideCompiler.Create(new OverrideDraft { Reason = "Campaign" }, "ann", [], Now).Errors));

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Check_life_of_more_than_thirty_days_is_a_mistake(int days, bool isGood) =>
        Assert.Equal(isGood, OverrideCompiler.Check(Of(Block) with { ExpiresAt = Now.AddDays(days) }, [], Now).IsEmpty);

    [Fact]
    public void Check_number_501_is_a_mistake()
    {
        ImmutableArray<PolicyOverride> others = [.. Enumerable.Range(2, 500).Select(number => Of(Block, number: number))];
        Assert.NotEmpty(OverrideCompiler.Check(Of(Block), others, Now));
    }

    [Fact]
    public void Check_number_501_after_one_has_expired_is_good()
    {
        ImmutableArray<PolicyOverride> others = [.. Enumerable.Range(2, 500).Select(number => Of(Block, number: number))];
        Assert.Empty(OverrideCompiler.Check(Of(Block), others.SetItem(7, others[7] with { ExpiresAt = Now }), Now));
    }

    [Fact]
    public void Check_patterns_that_are_too_large_together_are_a_mistake()
    {
        var large = new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "(?:abcde){800}", Surfaces = [Surface.User] };
        ImmutableArray<PolicyOverride> others = [.. Enumerable.Range(2, 20).Select(number => Of(large, number: number))];
        Assert.Empty(OverrideCompiler.Check(Of(large), [], Now));
        Assert.StartsWith("measure:", Assert.Single(OverrideCompiler.Check(Of(large), others, Now)), StringComparison.Ordinal);
    }
}
