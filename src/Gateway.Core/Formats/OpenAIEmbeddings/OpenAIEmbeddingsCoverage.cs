using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.OpenAIEmbeddings;

/// <summary>What Embeddings reads, for the coverage matrix. Base64 of whole floats is numbers; anything else in its place is text.</summary>
internal static class OpenAIEmbeddingsCoverage
{
    private static readonly (string Member, string Json)[] s_body =
    [
        ("id", """{"id":@,"data":[]}"""),
        ("object", """{"object":@,"data":[]}"""),
        ("model", """{"model":@,"data":[]}"""),
        ("usage", """{"data":[],"usage":{"other":@}}"""),
        ("error", """{"error":{"message":@,"code":"x"}}"""),
        ("(other members)", """{"data":[],"other":{"deep":[@]}}"""),
        ("(data that is no array)", """{"data":{"0":{"embedding":@}}}"""),
    ];

    private static readonly (string Member, string Json)[] s_item =
    [
        ("embedding that is no base64 of floats", """{"index":0,"embedding":@}"""),
        ("object", """{"index":0,"embedding":[],"object":@}"""),
        ("(other members)", """{"index":0,"embedding":[],"other":@}"""),
        ("(strings among the numbers)", """{"index":0,"embedding":[0.1,@]}"""),
    ];

    /// <summary>All of it.</summary>
    public static FormatCoverage All { get; } = new()
    {
        Request = OpenAIEmbeddingsRequest.Body,
        Whole = [.. CoverageProbe.Of("body", json => json, s_body), .. CoverageProbe.Of("data", json => $$"""{"data":[{{json}}]}""", s_item)],
        Streamed = CoverageProbe.NoStream,
    };
}
