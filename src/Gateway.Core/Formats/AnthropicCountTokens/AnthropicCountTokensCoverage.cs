using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.AnthropicCountTokens;

/// <summary>What a token count reads, for the coverage matrix.</summary>
internal static class AnthropicCountTokensCoverage
{
    /// <summary>All of it.</summary>
    public static FormatCoverage All { get; } = new()
    {
        Request = AnthropicRequestShape.CountBody,
        Whole =
        [
            .. CoverageProbe.Of(
                "body",
                json => json,
                ("error", """{"type":"error","error":{"type":"x","message":@}}"""),
                ("type", """{"input_tokens":1,"type":@}"""),
                ("(other members)", """{"input_tokens":1,"other":{"deep":@}}"""),
                ("(no number)", """{"input_tokens":@}""")),
        ],
        Streamed = CoverageProbe.NoStream,
    };
}
