using System.Collections.Immutable;
using Gateway.Core.Detection.Patterns;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests;

/// <summary>Policies for tests, built without YAML.</summary>
internal static class TestPolicies
{
    public static TenantPolicy With(params ContentRule[] rules) => new()
    {
        Name = "test",
        Source = new PolicySource("test.yaml", 1, 1),
        Tenants = ["acme"],
        Models = new ModelRules { Allow = ["gpt-4o*"] },
        Limits = new LimitRules(),
        Content = new ContentRuleSet([.. rules]),
    };

    public static ContentRule Rule(string pattern, params Surface[] surfaces) => new()
    {
        Id = pattern,
        Pattern = Parse(pattern),
        Surfaces = surfaces.Length == 0 ? [Surface.User, Surface.Output, Surface.ToolArguments] : [.. surfaces],
    };

    private static Pattern Parse(string source) => Pattern.TryParse(source, ignoreCase: true, out var pattern, out var error)
        ? pattern
        : throw new ArgumentException(error.Message, nameof(source));
}
