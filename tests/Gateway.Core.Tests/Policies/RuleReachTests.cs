using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Policies;

/// <summary>A rule that could never fire is refused, whatever the reason.</summary>
public sealed class RuleReachTests
{
    private const string Head = "policy: p\ntenants: [acme]\nmodels: { allow: [o3] }\n";
    private const string Rule = "guards: { content: [{ id: a, match: abc, surfaces: [document] }] }\n";

    [Fact]
    public void Compile_surface_that_no_format_has_is_refused()
    {
        var matrix = new CoverageMatrix([.. CoverageMatrix.Current.Rows.Where(row => row.Surface != Surface.Document)]);
        Assert.Equal(
            ["p.yaml:4:53: guards.content[0].surfaces[0] can never match: no format that the gateway speaks has text there; remove it"],
            Errors(Head + Rule, matrix));
    }

    [Fact]
    public void Compile_surface_that_only_a_denied_capability_has_is_refused_with_the_setting() => Assert.Equal(
        ["p.yaml:4:53: guards.content[0].surfaces[0] can never match: text stands there only in what unseen.storedFile, unseen.binaryDocument refuses; allow or annotate that, or remove the surface"],
        Errors(Head + Rule, Governed()));

    [Theory]
    [InlineData("unseen: { storedFile: annotate, binaryDocument: annotate }\n")]
    [InlineData("mode: 'off'\n")]
    public void Compile_surface_that_can_be_reached_or_need_not_is_accepted(string more) => Assert.Empty(Errors(Head + more + Rule, Governed()));

    [Fact]
    public void Compile_long_rule_under_monitor_is_accepted_since_the_limit_stops_nothing() => Assert.Empty(Errors(
        Head + "mode: monitor\nlimits: { size: { textLength: 100 } }\nguards: { content: [{ id: a, match: 'x{200}', surfaces: [developer] }] }\n",
        CoverageMatrix.Current));

    [Fact]
    public void Compile_shorthand_is_accepted_when_one_of_its_surfaces_can_be_reached() =>
        Assert.Empty(Errors(Head + "guards: { content: [{ id: a, match: abc, surfaces: [input] }] }\n", Governed()));

    // Documents only where the settings named tolerate them, and system text everywhere.
    private static CoverageMatrix Governed() => new(
    [
        Row("a", Surface.Document, CoverageTreatment.Governed, Capability.StoredFile, Capability.BinaryDocument),
        Row("b", Surface.System, CoverageTreatment.Inspected),
    ]);

    private static CoverageRow Row(string part, Surface surface, CoverageTreatment treatment, params Capability[] settings) =>
        new(default, CoverageDirection.Request, Streamed: null, part, surface, treatment, settings, []);

    private static IEnumerable<string> Errors(string yaml, CoverageMatrix matrix) =>
        PolicyCompiler.Compile([new PolicyFile("p.yaml", Encoding.UTF8.GetBytes(yaml))], DateTimeOffset.UnixEpoch, matrix).Errors.Select(error => error.ToString());
}
