using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.Models;

/// <summary>What the lists of models read, for the coverage matrix. A request has no body, and the gateway writes the answer itself.</summary>
internal static class ModelListCoverage
{
    /// <summary>All of it.</summary>
    public static FormatCoverage All { get; } = new()
    {
        Whole =
        [
            .. CoverageProbe.Of(
                "body",
                json => json,
                ("data[].id", """{"data":[{"id":@}]}"""),
                ("data[].display_name", """{"data":[{"id":"a","display_name":@}]}"""),
                ("data[].(other members)", """{"data":[{"id":"a","other":@}]}"""),
                ("id", """{"id":@,"object":"model"}"""),
                ("object", """{"data":[],"object":@}"""),
                ("error", """{"error":{"message":@}}"""),
                ("(other members)", """{"data":[],"other":{"deep":@}}""")),
        ],
        Streamed = CoverageProbe.NoStream,
    };
}
