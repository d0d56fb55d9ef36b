using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>What Messages reads, for the coverage matrix.</summary>
internal static class AnthropicCoverage
{
    private static readonly (string Type, string Member, string Json)[] s_blocks =
    [
        ("text", "text", """{"type":"text","text":@}"""),
        ("text", "citations[]", """{"type":"text","text":"","citations":[{"type":"char_location","cited_text":@}]}"""),
        ("thinking", "thinking", """{"type":"thinking","thinking":@}"""),
        ("thinking", "signature", """{"type":"thinking","thinking":"","signature":@}"""),
        ("redacted_thinking", "data", """{"type":"redacted_thinking","data":@}"""),
        ("tool_use|server_tool_use|mcp_tool_use", "name", """{"type":"tool_use","id":"a","name":@,"input":{}}"""),
        ("tool_use|server_tool_use|mcp_tool_use", "input", """{"type":"server_tool_use","id":"a","name":"f","input":{"deep":[@]}}"""),
        ("tool_use|server_tool_use|mcp_tool_use", "id", """{"type":"mcp_tool_use","id":@,"name":"f","input":{}}"""),
        ("tool_use|server_tool_use|mcp_tool_use", "(other members)", """{"type":"mcp_tool_use","id":"a","name":"f","input":{},"server_name":@}"""),
        ("web_search_tool_result|web_fetch_tool_result", "content", """{"type":"web_search_tool_result","content":[{"type":"web_search_result","title":@}]}"""),
        ("(type)_tool_result", "content", """{"type":"bash_code_execution_tool_result","content":{"type":"bash_code_execution_result","stdout":@}}"""),
        ("container_upload", "file_id", """{"type":"container_upload","file_id":@}"""),
        ("(any type)", "tool_use_id", """{"type":"mcp_tool_result","tool_use_id":@}"""),
        ("(any type)", "caller", """{"type":"tool_use","name":"f","input":{},"caller":{"tool_id":@}}"""),
        ("(any type)", "(other members)", """{"type":"text","text":"","other":{"deep":@}}"""),
        ("(unknown type)", "type", """{"type":@}"""),
        ("(unknown type)", "(other members)", """{"type":"other","other":[@]}"""),
    ];

    private static readonly (string Member, string Json)[] s_message =
    [
        ("id", """{"type":"message","content":[],"id":@}"""),
        ("type", """{"type":@,"content":[]}"""),
        ("role", """{"type":"message","content":[],"role":@}"""),
        ("model", """{"type":"message","content":[],"model":@}"""),
        ("stop_reason", """{"type":"message","content":[],"stop_reason":@}"""),
        ("stop_sequence", """{"type":"message","content":[],"stop_sequence":@}"""),
        ("stop_details.explanation", """{"type":"message","content":[],"stop_details":{"type":"refusal","explanation":@}}"""),
        ("stop_details.(other members)", """{"type":"message","content":[],"stop_details":{"category":@}}"""),
        ("container", """{"type":"message","content":[],"container":{"id":@}}"""),
        ("usage", """{"type":"message","content":[],"usage":{"other":@}}"""),
        ("(other members)", """{"type":"message","content":[],"other":{"deep":@}}"""),
    ];

    private static readonly (string Block, string Type, string Member, string Json)[] s_deltas =
    [
        ("""{"type":"text","text":""}""", "text_delta", "text", """{"type":"text_delta","text":@}"""),
        ("""{"type":"text","text":""}""", "citations_delta", "citation", """{"type":"citations_delta","citation":{"cited_text":@}}"""),
        ("""{"type":"thinking","thinking":""}""", "thinking_delta", "thinking", """{"type":"thinking_delta","thinking":@}"""),
        ("""{"type":"thinking","thinking":""}""", "signature_delta", "signature", """{"type":"signature_delta","signature":@}"""),
        ("""{"type":"tool_use","id":"a","name":"f","input":{}}""", "input_json_delta", "partial_json", """{"type":"input_json_delta","partial_json":@}"""),
        ("""{"type":"text","text":""}""", "(other members)", "(other members)", """{"type":"text_delta","text":"","other":@}"""),
        ("""{"type":"other"}""", "(unknown type)", "type", """{"type":@}"""),
        ("""{"type":"other"}""", "(unknown type)", "(other members)", """{"type":"other","other":@}"""),
        ("""{"type":"text","text":""}""", "(a delta of another block)", "", """{"type":"thinking_delta","thinking":@}"""),
    ];

    /// <summary>All of it.</summary>
    public static FormatCoverage All { get; } = new() { Request = AnthropicRequestShape.Body, Whole = [.. Whole()], Streamed = [.. Streamed()] };

    private static IEnumerable<CoverageProbe> Whole() =>
    [
        .. CoverageProbe.Of("body", json => json, s_message),
        .. CoverageProbe.Of("error", json => json, ("error.message", """{"type":"error","error":{"type":"x","message":@}}"""), ("request_id", """{"type":"error","error":{},"request_id":@}""")),
        .. s_blocks.SelectMany(block => CoverageProbe.Of(
            $"content/{block.Type}", json => $$"""{"type":"message","content":[{{json}}]}""", (block.Member, block.Json))),
    ];

    private static IEnumerable<CoverageProbe> Streamed() =>
    [
        .. CoverageProbe.Of("message_start/message", json => Frame("message_start", $$"""{"type":"message_start","message":{{json}}}"""), s_message),
        .. s_blocks.SelectMany(block => CoverageProbe.Of($"content_block_start/{block.Type}", Started, (block.Member, block.Json))),
        .. s_deltas.SelectMany(delta => CoverageProbe.Of(
            $"content_block_delta/{delta.Type}",
            json => Started(delta.Block) + Frame("content_block_delta", $$"""{"type":"content_block_delta","index":0,"delta":{{json}}}"""),
            (delta.Member, delta.Json))),
        .. CoverageProbe.Of(
            "message_delta", json => Begin() + Frame("message_delta", json),
            ("delta.stop_reason", """{"type":"message_delta","delta":{"stop_reason":@}}"""),
            ("delta.stop_sequence", """{"type":"message_delta","delta":{"stop_sequence":@}}"""),
            ("delta.stop_details.explanation", """{"type":"message_delta","delta":{"stop_details":{"explanation":@}}}"""),
            ("usage", """{"type":"message_delta","delta":{},"usage":{"other":@}}"""),
            ("(other members)", """{"type":"message_delta","delta":{},"other":@}""")),
        .. CoverageProbe.Of("error", json => Begin() + Frame("error", json), ("error.message", """{"type":"error","error":{"type":"x","message":@}}""")),
        .. CoverageProbe.Lines(Begin()),
        .. CoverageProbe.Of("ping", json => Begin() + Frame("ping", json), ("(other members)", """{"type":"ping","other":@}""")),
        .. CoverageProbe.Of("(unknown event)", json => Begin() + Frame("other", json), ("(other members)", """{"type":"other","other":@}""")),
        .. CoverageProbe.Of("(event and type differ)", json => Begin() + Frame("ping", json), ("", """{"type":"content_block_delta","other":@}""")),
        .. CoverageProbe.Of("(no event)", json => $"data: {json}\n\n", ("", """{"type":"ping","other":@}""")),
    ];

    private static string Begin() => Frame("message_start", """{"type":"message_start","message":{"type":"message","content":[]}}""");

    private static string Started(string block) =>
        Begin() + Frame("content_block_start", $$"""{"type":"content_block_start","index":0,"content_block":{{block}}}""");

    private static string Frame(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
