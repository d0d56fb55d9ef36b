using System.Globalization;
using Gateway.Core.Policies.Overrides;

namespace Gateway.Core.Tests.Policies.Overrides;

/// <summary>Overrides for tests.</summary>
internal static class TestOverrides
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Id(int number) => OverrideCompiler.IdPrefix + number.ToString("x32", CultureInfo.InvariantCulture);

    public static PolicyOverride Of(OverrideMeasure measure, OverrideScope? scope = null, int number = 1) => new()
    {
        Id = Id(number),
        Scope = scope ?? new OverrideScope(),
        Measure = measure,
        Reason = "Injection campaign",
        Author = "ann",
        CreatedAt = Now,
        ExpiresAt = Now.AddHours(4),
    };

    public static PolicyOverride Of(OverrideKind kind, OverrideScope? scope = null, int number = 1) => Of(new OverrideMeasure { Kind = kind }, scope, number);

    public static PolicyOverride Tool(string tool, string? arguments = null, bool approval = false) =>
        Of(new OverrideMeasure { Kind = OverrideKind.Tool, Tool = tool, Arguments = arguments, Approval = approval });

    public static PolicyOverride Pattern(string match) => Of(new OverrideMeasure { Kind = OverrideKind.Pattern, Match = match });

    public static PolicyOverride Host(string host) => Of(new OverrideMeasure { Kind = OverrideKind.Host, Host = host });

    public static OverrideSet Set(params PolicyOverride[] overrides) => OverrideSet.Compile([.. overrides]);
}
