using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Coverage;

/// <summary>What is done with a request apart from its body, and with an answer apart from its body.</summary>
internal static class SurroundingCoverage
{
    // The host decodes; its tests compare its list with this one.
    private static readonly string[] s_encodings = ["gzip", "deflate", "br", "zstd"];

    public static IReadOnlyList<CoverageRow> Of(IReadOnlyList<IWireFormat> formats) =>
    [
        .. UnservedPaths.Words.Select(entry => Row("path with the word", CoverageTreatment.Refused, [entry.Capability], entry.Words)),
        Row("any other path that no format serves", CoverageTreatment.Refused, [Capability.UnknownRoute]),
        Row("model in the path that models.allow does not list", CoverageTreatment.Refused, []),
        Row("socket", CoverageTreatment.Refused, [Capability.Realtime]),
        Row("query key, a value outside its list", CoverageTreatment.Refused, [], QueryKeys(formats)),
        Row("any other query key", CoverageTreatment.Refused, []),
        .. ProviderProfile.All.SelectMany(Headers),
        Row("any other header", CoverageTreatment.Removed, []),
        Row("body in one of the encodings, decoded under a limit of size and ratio", CoverageTreatment.Inspected, [], s_encodings),
        Row("body in several encodings or any other", CoverageTreatment.Refused, []),
        Row("media type other than application/json in UTF-8", CoverageTreatment.Refused, []),
        Answer("header", CoverageTreatment.Removed, "(all but request ids, rate limits and timings)"),
        Answer("redirect", CoverageTreatment.Refused),
        Answer("body in one of the encodings, decoded under a limit of size and ratio", CoverageTreatment.Inspected, s_encodings),
        Answer("body in several encodings or any other", CoverageTreatment.Refused),
        Answer("media type other than the one asked for", CoverageTreatment.Refused),
    ];

    private static string[] QueryKeys(IReadOnlyList<IWireFormat> formats) =>
        [.. formats.SelectMany(format => format.Endpoints).SelectMany(endpoint => endpoint.Query.Select(key => key.Name)).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<CoverageRow> Headers(ProviderProfile profile)
    {
        foreach (var header in profile.ForwardedHeaders)
        {
            yield return Row("header, a value outside its list", CoverageTreatment.Refused, [], [header.Name]);
        }

        if (profile.BetaHeader is { } beta)
        {
            yield return Row("header, a value that the policy does not list", CoverageTreatment.Governed, [Capability.Beta], [beta]);
        }
    }

    private static CoverageRow Row(string part, CoverageTreatment treatment, IReadOnlyList<Capability> settings, IReadOnlyList<string>? members = null) =>
        new(FormatId.Unknown, CoverageDirection.Request, Streamed: null, part, Surface: null, treatment, settings, members ?? []);

    private static CoverageRow Answer(string part, CoverageTreatment treatment, params IReadOnlyList<string> members) =>
        new(FormatId.Unknown, CoverageDirection.Response, Streamed: null, part, Surface: null, treatment, [], members);
}
