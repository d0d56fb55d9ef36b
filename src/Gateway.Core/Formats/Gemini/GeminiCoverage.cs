using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.Gemini;

/// <summary>What the Gemini formats read, for the coverage matrix. A chunk of a stream is a whole answer with the next parts.</summary>
internal static class GeminiCoverage
{
    private static readonly (string Member, string Json)[] s_parts =
    [
        ("text", """{"text":@}"""),
        ("text of a thought", """{"text":@,"thought":true}"""),
        ("thoughtSignature", """{"text":"","thoughtSignature":@}"""),
        ("functionCall.name", """{"functionCall":{"name":@,"args":{}}}"""),
        ("functionCall.args", """{"functionCall":{"name":"f","args":{"deep":[@]}}}"""),
        ("functionCall.id", """{"functionCall":{"id":@,"name":"f","args":{}}}"""),
        ("functionCall.(other members)", """{"functionCall":{"name":"f","args":{},"other":@}}"""),
        ("executableCode.code", """{"executableCode":{"language":"PYTHON","code":@}}"""),
        ("codeExecutionResult.output", """{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":@}}"""),
        ("toolCall.args", """{"toolCall":{"toolType":"GOOGLE_SEARCH_WEB","args":{"q":@}}}"""),
        ("toolCall.toolType", """{"toolCall":{"toolType":@,"args":{}}}"""),
        ("toolResponse.response", """{"toolResponse":{"response":{"a":@}}}"""),
        ("functionResponse.response", """{"functionResponse":{"name":"f","response":{"a":@}}}"""),
        ("inlineData.data", """{"inlineData":{"mimeType":"image/png","data":@}}"""),
        ("inlineData.mimeType", """{"inlineData":{"mimeType":@,"data":""}}"""),
        ("fileData.fileUri", """{"fileData":{"fileUri":@}}"""),
        ("audioTranscription.text", """{"audioTranscription":{"text":@}}"""),
        ("(other members)", """{"other":{"deep":@}}"""),
        ("(call that is no object)", """{"functionCall":[{"name":@}]}"""),
    ];

    private static readonly (string Member, string Json)[] s_candidate =
    [
        ("content.role", """{"content":{"role":@,"parts":[]}}"""),
        ("content.(other members)", """{"content":{"parts":[],"other":@}}"""),
        ("finishReason", """{"content":{"parts":[]},"finishReason":@}"""),
        ("finishMessage", """{"finishMessage":@}"""),
        ("safetyRatings[]", """{"safetyRatings":[{"category":@}]}"""),
        ("citationMetadata", """{"citationMetadata":{"citationSources":[{"title":@}]}}"""),
        ("urlContextMetadata", """{"urlContextMetadata":{"urlMetadata":[{"retrievedUrl":@}]}}"""),
        ("groundingMetadata", """{"groundingMetadata":{"groundingChunks":[{"web":{"title":@}}]}}"""),
        ("groundingMetadata.groundingSupports[]", """{"groundingMetadata":{"groundingSupports":[{"segment":{"text":@}}]}}"""),
        ("logprobsResult.chosenCandidates[]", """{"logprobsResult":{"chosenCandidates":[{"token":@}]}}"""),
        ("logprobsResult.topCandidates[]", """{"logprobsResult":{"topCandidates":[{"candidates":[{"token":@}]}]}}"""),
        ("(other members)", """{"other":{"deep":@}}"""),
    ];

    private static readonly (string Member, string Json)[] s_body =
    [
        ("modelVersion", """{"candidates":[],"usageMetadata":{"promptTokenCount":1},"modelVersion":@}"""),
        ("responseId", """{"candidates":[],"usageMetadata":{"promptTokenCount":1},"responseId":@}"""),
        ("createTime", """{"candidates":[],"usageMetadata":{"promptTokenCount":1},"createTime":@}"""),
        ("usageMetadata", """{"candidates":[],"usageMetadata":{"promptTokenCount":1,"other":@}}"""),
        ("promptFeedback.blockReason", """{"promptFeedback":{"blockReason":@}}"""),
        ("promptFeedback.blockReasonMessage", """{"promptFeedback":{"blockReason":"OTHER","blockReasonMessage":@}}"""),
        ("error", """{"error":{"code":400,"status":"x","message":@}}"""),
        ("(other members)", """{"candidates":[],"usageMetadata":{"promptTokenCount":1},"other":{"deep":[@]}}"""),
        ("(candidates that are no array)", """{"candidates":{"0":{"content":{"parts":[{"text":@}]}}}}"""),
        ("(a member under two spellings)", """{"candidates":[{"finishMessage":"","finish_message":@}]}"""),
    ];

    /// <summary>generateContent and streamGenerateContent.</summary>
    public static FormatCoverage Generate { get; } = new()
    {
        Request = GeminiRequestShape.Generate,
        Whole = [.. Probes("", json => json)],
        Streamed =
        [
            .. Probes("events: ", Event),
            .. Lines("events: "),
            .. Probes("array: ", json => $$"""[{{json}},{"candidates":[{"finishReason":"STOP"}]}]""").Select(probe => probe with { Framing = StreamFraming.JsonArray }),
        ],
    };

    /// <summary>countTokens.</summary>
    public static FormatCoverage CountTokens { get; } = new()
    {
        Request = GeminiRequestShape.CountTokens,
        Whole = [.. CoverageProbe.Of("body", json => json, ("(other members)", """{"totalTokens":1,"other":{"deep":@}}"""), s_body[6])],
        Streamed = CoverageProbe.NoStream,
    };

    /// <summary>embedContent and batchEmbedContents.</summary>
    public static FormatCoverage Embed { get; } = new()
    {
        Request = GeminiRequestShape.Embed,
        Whole =
        [
            .. CoverageProbe.Of(
                "body",
                json => json,
                ("embedding.(other members)", """{"embedding":{"values":[],"other":@}}"""),
                ("(other members)", """{"embeddings":[],"other":{"deep":@}}"""),
                s_body[6]),
        ],
        Streamed = CoverageProbe.NoStream,
    };

    private static string Event(string json) => $"data: {json}\r\n\r\n";

    private static IEnumerable<CoverageProbe> Lines(string prefix) =>
        CoverageProbe.Lines(Event("""{"candidates":[]}""")).Select(probe => probe with { Part = prefix + probe.Part });

    private static IEnumerable<CoverageProbe> Probes(string prefix, Func<string, string> wrap) =>
    [
        .. CoverageProbe.Of($"{prefix}body", wrap, s_body),
        .. CoverageProbe.Of($"{prefix}candidate", json => wrap($$"""{"candidates":[{{json}}]}"""), s_candidate),
        .. CoverageProbe.Of($"{prefix}part", json => wrap($$$"""{"candidates":[{"content":{"role":"model","parts":[{{{json}}}]}}]}"""), s_parts),
    ];
}
