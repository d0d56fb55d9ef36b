using Gateway.Core.Coverage;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Management;

/// <summary><c>/admin/coverage</c>: what this build inspects, governs and refuses; with <c>?format=text</c> as a table.</summary>
internal static class CoverageEndpoints
{
    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/coverage", Get);

    private static IResult Get(string? format) => format switch
    {
        null or "json" => Results.Json(
            new { Rows = CoverageMatrix.Current.Rows.Select(View), Surroundings = CoverageMatrix.Current.Surroundings.Select(View) }, ManagementJson.Options),
        "text" => Results.Text(CoverageText.Of(CoverageMatrix.Current), "text/markdown; charset=utf-8"),
        _ => Problems.BadQuery(new Dictionary<string, string[]> { ["format"] = ["Must be json or text."] }),
    };

    private static object View(CoverageRow row) => new
    {
        Format = TelemetryNames.Of(row.Format),
        row.Direction,
        row.Streamed,
        row.Part,
        Surface = row.Surface is { } surface ? TelemetryNames.Of(surface) : null,
        row.Treatment,
        Settings = row.Settings.Select(Setting),
        row.Members,
    };

    private static object Setting(Capability capability)
    {
        var term = CapabilityTerms.Of(capability);
        return new { Key = $"unseen.{term.Key}", Default = term.Default == PolicyAction.Block ? "deny" : TelemetryNames.Of(term.Default) };
    }
}
