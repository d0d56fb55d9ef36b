using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Coverage;

/// <summary>
/// What the gateway looks at, computed from the code of its formats: format, direction, streamed or not, kind of part and surface, and what
/// happens to it. Immutable.
/// </summary>
public sealed class CoverageMatrix
{
    /// <summary>Computes the matrix of <paramref name="formats"/>. Takes milliseconds: every probe is read.</summary>
    public CoverageMatrix(IReadOnlyList<IWireFormat> formats)
    {
        Rows = [.. formats.SelectMany(FormatMatrix.Of)];
        Surroundings = SurroundingCoverage.Of(formats);
    }

    /// <summary>A matrix of rows given.</summary>
    internal CoverageMatrix(IReadOnlyList<CoverageRow> rows)
    {
        Rows = rows;
        Surroundings = [];
    }

    /// <summary>The matrix of all formats.</summary>
    public static CoverageMatrix Current { get; } = new(WireFormats.All);

    /// <summary>The bodies.</summary>
    public IReadOnlyList<CoverageRow> Rows { get; }

    /// <summary>What stands around the bodies: paths, headers, query, encodings. A row's part says what it is, its members which.</summary>
    public IReadOnlyList<CoverageRow> Surroundings { get; }

    /// <summary>Whether text can stand on <paramref name="surface"/> in this direction under a policy that tolerates <paramref name="tolerated"/>.</summary>
    public bool Reaches(Surface surface, CoverageDirection direction, CapabilitySet tolerated) => Rows.Any(row =>
        row.Surface == surface && row.Direction == direction && row.Treatment switch
        {
            CoverageTreatment.Inspected => true,
            CoverageTreatment.Governed => row.Settings.All(tolerated.Has),
            _ => false,
        });
}
