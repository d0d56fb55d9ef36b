using System.Globalization;
using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Coverage;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;

namespace Gateway.Core.Coverage;

/// <summary>The coverage matrix as text for people, in Markdown.</summary>
public static class CoverageText
{
    private const string Introduction = """
        # Coverage

        What the gateway looks at, computed from the code of its wire formats; `gatewayctl coverage` prints this page.

        - **inspected**: every string of it is read by the guards, on the surface named.
        - **governed**: each use is judged by the settings of the policy named and leaves a finding; the default follows in brackets. Where a surface is named,
          the strings that are there are read besides.
        - **refused**: stops the exchange whatever the policy says.
        - **removed**: is not passed on.

        Requests are read alike whether the answer is streamed or not.

        ## Surfaces

        `i`: inspected. `g`: only in what the policy governs.


        """;

    private static readonly Surface[] s_surfaces = Enum.GetValues<Surface>();

    /// <summary>The whole matrix.</summary>
    public static string Of(CoverageMatrix matrix)
    {
        var text = new StringBuilder(Introduction);
        var sections = matrix.Rows.GroupBy(Title).ToList();
        Surfaces(text, sections);
        foreach (var section in sections)
        {
            Parts(text, section.Key, section);
        }

        foreach (var section in matrix.Surroundings.GroupBy(row => row.Direction))
        {
            Parts(text, $"around the body, {WordOf(section.Key)}", section);
        }

        return text.ToString();
    }

    /// <summary>The word for a direction.</summary>
    public static string WordOf(CoverageDirection direction) => direction == CoverageDirection.Request ? "request" : "response";

    /// <summary>The word for a treatment.</summary>
    public static string WordOf(CoverageTreatment treatment) => treatment switch
    {
        CoverageTreatment.Inspected => "inspected",
        CoverageTreatment.Governed => "governed",
        CoverageTreatment.Refused => "refused",
        CoverageTreatment.Removed => "removed",
        _ => "UNREAD",
    };

    private static string Title(CoverageRow row)
    {
        var streamed = row.Streamed switch { true => ", streamed", false => ", whole", null => "" };
        return $"{TelemetryNames.Of(row.Format)}, {WordOf(row.Direction)}{streamed}";
    }

    private static void Surfaces(StringBuilder text, List<IGrouping<string, CoverageRow>> sections)
    {
        var width = sections.Max(section => section.Key.Length);
        text.Append(CultureInfo.InvariantCulture, $"| {"".PadRight(width)} | {string.Join(" | ", s_surfaces.Select(TelemetryNames.Of))} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| {new string('-', width)} |{string.Concat(s_surfaces.Select(surface => $" {new string('-', TelemetryNames.Of(surface).Length)} |"))}\n");
        foreach (var section in sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {section.Key.PadRight(width)} |");
            foreach (var surface in s_surfaces)
            {
                var here = section.Where(row => row.Surface == surface).ToList();
                var sign = here.Any(row => row.Treatment == CoverageTreatment.Inspected) ? "i" : here.Any(row => row.Treatment == CoverageTreatment.Governed) ? "g" : "";
                text.Append(CultureInfo.InvariantCulture, $" {sign.PadRight(TelemetryNames.Of(surface).Length)} |");
            }

            text.Append('\n');
        }
    }

    private static void Parts(StringBuilder text, string title, IEnumerable<CoverageRow> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n```text\n");
        var parts = rows.GroupBy(row => row.Part, StringComparer.Ordinal).Select(part => (Name: part.Key, Lines: string.Concat(part.Select(Line))));

        // Parts that are treated alike in everything stand together.
        foreach (var alike in parts.GroupBy(part => part.Lines, StringComparer.Ordinal))
        {
            foreach (var (name, _) in alike)
            {
                text.Append(name).Append('\n');
            }

            text.Append(alike.Key);
        }

        text.Append("```\n");
    }

    private static string Line(CoverageRow row)
    {
        var surface = row.Surface is { } known ? TelemetryNames.Of(known) : "-";
        var members = row.Members.Count > 0 ? ": " + string.Join(", ", row.Members) : "";
        return string.Create(CultureInfo.InvariantCulture, $"    {surface,-15} {Happens(row)}{members}\n");
    }

    private static string Happens(CoverageRow row)
    {
        var settings = row.Settings.Select(capability => CapabilityTerms.Of(capability))
            .Select(term => $"unseen.{term.Key} ({(term.Default == Guards.PolicyAction.Block ? "deny" : TelemetryNames.Of(term.Default))})");
        return row.Treatment == CoverageTreatment.Governed ? $"governed by {string.Join(", ", settings)}" : WordOf(row.Treatment);
    }
}
