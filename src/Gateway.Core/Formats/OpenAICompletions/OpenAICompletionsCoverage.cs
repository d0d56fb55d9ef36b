using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>What legacy Completions reads, for the coverage matrix. Answers and chunks have the same members.</summary>
internal static class OpenAICompletionsCoverage
{
    private static readonly (string Member, string Json)[] s_body =
    [
        ("id", """{"id":@,"choices":[]}"""),
        ("object", """{"object":@,"choices":[]}"""),
        ("model", """{"model":@,"choices":[]}"""),
        ("service_tier", """{"service_tier":@,"choices":[]}"""),
        ("system_fingerprint", """{"system_fingerprint":@,"choices":[]}"""),
        ("usage", """{"choices":[],"usage":{"other":@}}"""),
        ("error", """{"error":{"message":@,"code":"x"}}"""),
        ("(other members)", """{"choices":[],"other":{"deep":[@]}}"""),
        ("(choices that are no array)", """{"choices":{"0":{"text":@}}}"""),
    ];

    private static readonly (string Member, string Json)[] s_choice =
    [
        ("text", """{"index":0,"text":@}"""),
        ("finish_reason", """{"index":0,"text":"","finish_reason":@}"""),
        ("content_filter_results", """{"index":0,"text":"","content_filter_results":{"custom":{"id":@}}}"""),
        ("logprobs.tokens[]", """{"index":0,"text":"","logprobs":{"tokens":[@]}}"""),
        ("logprobs.top_logprobs[] (names)", """{"index":0,"text":"","logprobs":{"top_logprobs":[{@:-1}]}}"""),
        ("logprobs.(other members)", """{"index":0,"text":"","logprobs":{"other":@}}"""),
        ("(other members)", """{"index":0,"text":"","other":@}"""),
    ];

    /// <summary>All of it.</summary>
    public static FormatCoverage All { get; } = new()
    {
        Request = OpenAICompletionsRequest.Body,
        Whole = [.. Probes(json => json)],
        Streamed =
        [
            .. Probes(Frame),
            .. CoverageProbe.Lines(Frame("""{"choices":[]}""")),
            new CoverageProbe("frame", "event", $"event: {CoverageProbe.Marker}\n{Frame("""{"choices":[]}""")}"),
            new CoverageProbe("frame", "(data that is no JSON)", $"data: {CoverageProbe.Marker}\n\n"),
        ],
    };

    private static string Frame(string json) => $"data: {json}\n\n";

    private static IEnumerable<CoverageProbe> Probes(Func<string, string> wrap) =>
    [
        .. CoverageProbe.Of("body", wrap, s_body),
        .. CoverageProbe.Of("choice", json => wrap($$"""{"choices":[{{json}}]}"""), s_choice),
    ];
}
