using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Coverage;

/// <summary>The rows of one format, computed from its own code.</summary>
public static class FormatMatrix
{
    /// <summary>Requests first, then whole answers, then streams; parts in the order of the format.</summary>
    public static IReadOnlyList<CoverageRow> Of(IWireFormat format)
    {
        var coverage = format.Coverage;
        return
        [
            .. coverage.Request is { } shape ? Rows(format.Id, CoverageDirection.Request, streamed: null, ShapeCoverage.Of(shape)) : [],
            .. Rows(format.Id, CoverageDirection.Response, streamed: false, coverage.Whole.SelectMany(probe => ProbeCoverage.Of(format, probe, streamed: false))),
            .. Rows(format.Id, CoverageDirection.Response, streamed: true, coverage.Streamed.SelectMany(probe => ProbeCoverage.Of(format, probe, streamed: true))),
        ];
    }

    private static IEnumerable<CoverageRow> Rows(FormatId format, CoverageDirection direction, bool? streamed, IEnumerable<CoverageLeaf> leaves) =>
        leaves.GroupBy(leaf => leaf with { Member = "" })
            .Select(alike => new CoverageRow(
                format,
                direction,
                streamed,
                alike.Key.Part,
                alike.Key.Surface,
                alike.Key.Treatment,
                [.. Enum.GetValues<Capability>().Where(alike.Key.Settings.Has)],
                [.. alike.Select(leaf => leaf.Member).Where(member => member.Length > 0).Distinct(StringComparer.Ordinal)]))
            .GroupBy(row => row.Part, StringComparer.Ordinal)
            .SelectMany(part => part);
}
