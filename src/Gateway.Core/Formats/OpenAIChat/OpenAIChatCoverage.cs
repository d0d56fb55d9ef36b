using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>What Chat Completions reads, for the coverage matrix.</summary>
internal static class OpenAIChatCoverage
{
    private static readonly (string Member, string Json)[] s_call =
    [
        ("id", """{"id":@,"function":{"name":"f","arguments":"{}"}}"""),
        ("type", """{"type":@,"function":{"name":"f","arguments":"{}"}}"""),
        ("function.name", """{"function":{"name":@,"arguments":"{}"}}"""),
        ("function.arguments", """{"function":{"name":"f","arguments":@}}"""),
        ("custom.name", """{"custom":{"name":@,"input":""}}"""),
        ("custom.input", """{"custom":{"name":"f","input":@}}"""),
        ("(other members)", """{"function":{"name":"f","arguments":"{}"},"other":@}"""),
    ];

    private static readonly (string Member, string Json)[] s_message =
    [
        ("role", """{"role":@}"""),
        ("content", """{"content":@}"""),
        ("refusal", """{"refusal":@}"""),
        ("reasoning_content", """{"reasoning_content":@}"""),
        ("reasoning", """{"reasoning":@}"""),
        ("thinking", """{"thinking":@}"""),
        ("function_call.name", """{"function_call":{"name":@,"arguments":"{}"}}"""),
        ("function_call.arguments", """{"function_call":{"name":"f","arguments":@}}"""),
        ("annotations[]", """{"annotations":[{"type":"url_citation","url_citation":{"title":@}}]}"""),
        ("context", """{"context":{"citations":[{"content":@}]}}"""),
        ("audio.transcript", """{"audio":{"transcript":@}}"""),
        ("audio.data", """{"audio":{"data":@}}"""),
        ("audio.id", """{"audio":{"id":@}}"""),
        ("audio.(other members)", """{"audio":{"other":@}}"""),
        ("(other members)", """{"other":@}"""),
        ("(other names)", """{@:"x"}"""),
    ];

    private static readonly (string Member, string Json)[] s_part =
    [
        ("type", """{"type":@}"""),
        ("text", """{"type":"text","text":@}"""),
        ("content", """{"type":"other","content":@}"""),
        ("refusal", """{"type":"refusal","refusal":@}"""),
        ("thinking", """{"type":"thinking","thinking":[{"type":"text","text":@}]}"""),
        ("(other members)", """{"type":"other","other":{"deep":@}}"""),
    ];

    private static readonly (string Member, string Json)[] s_reasoning =
    [
        ("text", """{"type":"reasoning.text","text":@}"""),
        ("summary", """{"type":"reasoning.summary","summary":@}"""),
        ("data", """{"type":"reasoning.encrypted","data":@}"""),
        ("signature", """{"type":"reasoning.text","signature":@}"""),
        ("type", """{"type":@}"""),
        ("(other members)", """{"other":@}"""),
    ];

    private static readonly (string Member, string Json)[] s_choice =
    [
        ("finish_reason", """{"finish_reason":@}"""),
        ("logprobs.content[].token", """{"logprobs":{"content":[{"token":@}]}}"""),
        ("logprobs.content[].top_logprobs[].token", """{"logprobs":{"content":[{"token":"a","top_logprobs":[{"token":@}]}]}}"""),
        ("logprobs.refusal[].token", """{"logprobs":{"refusal":[{"token":@}]}}"""),
        ("logprobs.(other members)", """{"logprobs":{"other":@}}"""),
        ("content_filter_results", """{"content_filter_results":{"custom":{"id":@}}}"""),
        ("(other members)", """{"other":[@]}"""),
    ];

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
        ("(choices that are no array)", """{"choices":{"0":{"message":{"content":@},"delta":{"content":@}}}}"""),
    ];

    /// <summary>All of it.</summary>
    public static FormatCoverage All { get; } = new()
    {
        Request = OpenAIChatRequestShape.Body,
        Whole = [.. Probes("message", json => json)],
        Streamed =
        [
            .. Probes("delta", Frame),
            .. CoverageProbe.Lines(Frame("""{"choices":[]}""")),
            new CoverageProbe("frame", "event", $"event: {CoverageProbe.Marker}\n{Frame("""{"choices":[]}""")}"),
            new CoverageProbe("frame", "(data that is no JSON)", $"data: {CoverageProbe.Marker}\n\n"),
            new CoverageProbe("frame", "(data after the end)", $"data: [DONE]\n\n{Frame("""{"choices":[]}""")}"),
        ],
    };

    private static string Frame(string json) => $"data: {json}\n\n";

    private static IEnumerable<CoverageProbe> Probes(string message, Func<string, string> wrap)
    {
        string Choice(string json) => wrap($$"""{"choices":[{{json.Insert(1, json == "{}" ? "\"index\":0" : "\"index\":0,")}}]}""");
        string Message(string json) => Choice($$"""{"{{message}}":{{json}}}""");
        return
        [
            .. CoverageProbe.Of("body", wrap, s_body),
            .. CoverageProbe.Of("choice", Choice, s_choice),
            .. CoverageProbe.Of(message, Message, s_message),
            .. CoverageProbe.Of($"{message}/content part", json => Message($$"""{"content":[{{json}}]}"""), s_part),
            .. CoverageProbe.Of($"{message}/tool call", json => Message($$"""{"tool_calls":[{{json}}]}"""), s_call),
            .. CoverageProbe.Of($"{message}/reasoning detail", json => Message($$"""{"reasoning_details":[{{json}}]}"""), s_reasoning),
        ];
    }
}
