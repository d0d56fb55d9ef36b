using Gateway.Core.Formats.Coverage;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>What Responses reads, for the coverage matrix.</summary>
internal static class OpenAIResponsesCoverage
{
    private static readonly (string Member, string Json)[] s_body =
    [
        ("id", """{"output":[],"id":@}"""),
        ("object", """{"output":[],"object":@}"""),
        ("model", """{"output":[],"model":@}"""),
        ("status", """{"output":[],"status":@}"""),
        ("incomplete_details", """{"output":[],"incomplete_details":{"reason":@}}"""),
        ("error", """{"output":[],"error":{"code":"x","message":@}}"""),
        ("usage", """{"output":[],"usage":{"other":@}}"""),
        ("instructions", """{"output":[],"instructions":@}"""),
        ("tools[]", """{"output":[],"tools":[{"type":"function","name":"f","description":@}]}"""),
        ("text", """{"output":[],"text":{"format":{"type":"json_schema","schema":{"description":@}}}}"""),
        ("metadata", """{"output":[],"metadata":{"a":@}}"""),
        ("(other members)", """{"output":[],"other":{"deep":[@]}}"""),
        ("(output that is no array)", """{"output":{"0":{"type":"message","content":@}}}"""),
    ];

    private static readonly (string Type, string Member, string Json)[] s_items =
    [
        ("message", "content[]{output_text}.text", """{"type":"message","content":[{"type":"output_text","text":@}]}"""),
        ("message", "content[]{output_text}.annotations[]", """{"type":"message","content":[{"type":"output_text","text":"","annotations":[{"type":"url_citation","title":@}]}]}"""),
        ("message", "content[]{output_text}.logprobs[].token", """{"type":"message","content":[{"type":"output_text","text":"","logprobs":[{"token":@}]}]}"""),
        ("message", "content[]{output_text}.logprobs[].top_logprobs[].token", """{"type":"message","content":[{"type":"output_text","text":"","logprobs":[{"token":"a","top_logprobs":[{"token":@}]}]}]}"""),
        ("message", "content[]{refusal}.refusal", """{"type":"message","content":[{"type":"refusal","refusal":@}]}"""),
        ("message", "content[]{(unknown type)}", """{"type":"message","content":[{"type":"other","text":@}]}"""),
        ("reasoning", "summary[].text", """{"type":"reasoning","summary":[{"type":"summary_text","text":@}]}"""),
        ("reasoning", "content[].text", """{"type":"reasoning","content":[{"type":"reasoning_text","text":@}]}"""),
        ("reasoning", "encrypted_content", """{"type":"reasoning","summary":[],"encrypted_content":@}"""),
        ("function_call|custom_tool_call|mcp_call|mcp_approval_request", "name", """{"type":"function_call","call_id":"c","name":@,"arguments":"{}"}"""),
        ("function_call|custom_tool_call|mcp_call|mcp_approval_request", "namespace", """{"type":"function_call","call_id":"c","namespace":@,"name":"f","arguments":"{}"}"""),
        ("function_call|custom_tool_call|mcp_call|mcp_approval_request", "arguments", """{"type":"mcp_call","name":"f","arguments":"{\"a\":\"planted\"}"}"""),
        ("function_call|custom_tool_call|mcp_call|mcp_approval_request", "input", """{"type":"custom_tool_call","name":"f","input":@}"""),
        ("mcp_call", "output", """{"type":"mcp_call","name":"f","arguments":"{}","output":@}"""),
        ("mcp_call", "error", """{"type":"mcp_call","name":"f","arguments":"{}","error":{"message":@}}"""),
        ("web_search_call|computer_call|local_shell_call|shell_call|apply_patch_call", "action", """{"type":"web_search_call","action":{"type":"search","query":@}}"""),
        ("web_search_call|computer_call|local_shell_call|shell_call|apply_patch_call", "operation", """{"type":"apply_patch_call","operation":{"type":"create_file","diff":@}}"""),
        ("web_search_call", "action.sources[]", """{"type":"web_search_call","action":{"type":"search","sources":[{"type":"url","url":@}]}}"""),
        ("file_search_call", "queries[]", """{"type":"file_search_call","queries":[@]}"""),
        ("file_search_call", "results[]", """{"type":"file_search_call","queries":[],"results":[{"text":@}]}"""),
        ("code_interpreter_call|program", "code", """{"type":"code_interpreter_call","code":@}"""),
        ("code_interpreter_call", "outputs[]", """{"type":"code_interpreter_call","code":"","outputs":[{"type":"logs","logs":@}]}"""),
        ("image_generation_call", "revised_prompt", """{"type":"image_generation_call","revised_prompt":@}"""),
        ("image_generation_call", "result", """{"type":"image_generation_call","result":@}"""),
        ("tool_search_call", "arguments", """{"type":"tool_search_call","arguments":{"query":@}}"""),
        ("(type)_call_output", "output", """{"type":"function_call_output","output":@}"""),
        ("mcp_list_tools|tool_search_output", "tools[]", """{"type":"mcp_list_tools","tools":[{"name":"f","description":@}]}"""),
        ("additional_tools", "tools[]", """{"type":"additional_tools","tools":[{"type":"function","name":"f","description":@}]}"""),
        ("mcp_approval_response", "reason", """{"type":"mcp_approval_response","reason":@}"""),
        ("compaction", "encrypted_content", """{"type":"compaction","encrypted_content":@}"""),
        ("(any type)", "id", """{"type":"message","id":@,"content":[]}"""),
        ("(any type)", "call_id", """{"type":"function_call","call_id":@,"name":"f","arguments":"{}"}"""),
        ("(any type)", "server_label", """{"type":"mcp_list_tools","server_label":@,"tools":[]}"""),
        ("(any type)", "(other members)", """{"type":"message","content":[],"other":{"deep":@}}"""),
        ("(unknown type)", "type", """{"type":@}"""),
        ("(unknown type)", "(other members)", """{"type":"other","content":[{"text":@}]}"""),
    ];

    private static readonly (string Item, string Event, string Member, string Json)[] s_events =
    [
        ("message", "response.output_text.delta", "delta", "\"delta\":@"),
        ("message", "response.output_text.delta", "logprobs[].token", "\"delta\":\"\",\"logprobs\":[{\"token\":@}]"),
        ("message", "response.output_text.delta", "obfuscation", "\"delta\":\"\",\"obfuscation\":@"),
        ("message", "response.output_text.delta", "(other members)", "\"delta\":\"\",\"other\":@"),
        ("message", "response.output_text.done", "text", "\"text\":@"),
        ("message", "response.refusal.delta", "delta", "\"delta\":@"),
        ("message", "response.refusal.done", "refusal", "\"refusal\":@"),
        ("message", "response.output_text.annotation.added", "annotation", "\"annotation\":{\"title\":@}"),
        ("message", "response.content_part.added", "part", "\"part\":{\"type\":\"output_text\",\"text\":@}"),
        ("message", "response.content_part.done", "part", "\"part\":{\"type\":\"output_text\",\"text\":@}"),
        ("reasoning", "response.reasoning_text.delta", "delta", "\"delta\":@"),
        ("reasoning", "response.reasoning_text.done", "text", "\"text\":@"),
        ("reasoning", "response.reasoning_summary_text.delta", "delta", "\"delta\":@"),
        ("reasoning", "response.reasoning_summary_text.done", "text", "\"text\":@"),
        ("reasoning", "response.reasoning_summary_part.added", "part", "\"part\":{\"type\":\"summary_text\",\"text\":@}"),
        ("reasoning", "response.reasoning_summary_part.done", "part", "\"part\":{\"type\":\"summary_text\",\"text\":@}"),
        ("function_call", "response.function_call_arguments.delta", "delta", "\"delta\":@"),
        ("function_call", "response.function_call_arguments.done", "arguments", "\"arguments\":@"),
        ("mcp_call", "response.mcp_call_arguments.delta", "delta", "\"delta\":@"),
        ("mcp_call", "response.mcp_call_arguments.done", "arguments", "\"arguments\":@"),
        ("custom_tool_call", "response.custom_tool_call_input.delta", "delta", "\"delta\":@"),
        ("custom_tool_call", "response.custom_tool_call_input.done", "input", "\"input\":@"),
        ("code_interpreter_call", "response.code_interpreter_call_code.delta", "delta", "\"delta\":@"),
        ("code_interpreter_call", "response.code_interpreter_call_code.done", "code", "\"code\":@"),
        ("shell_call", "response.shell_call_command.delta", "delta", "\"delta\":@"),
        ("shell_call", "response.shell_call_command.done", "command", "\"command\":@"),
        ("shell_call_output", "response.shell_call_output_content.delta", "delta", "\"delta\":{\"stdout\":@}"),
        ("shell_call_output", "response.shell_call_output_content.done", "output", "\"output\":[{\"stdout\":@}]"),
        ("image_generation_call", "response.image_generation_call.partial_image", "partial_image_b64", "\"partial_image_b64\":@"),
        ("message", "response.audio.delta", "delta", "\"delta\":@"),
        ("message", "response.audio.transcript.delta", "delta", "\"delta\":@"),
        ("web_search_call", "response.(tool).(progress)", "(other members)", "\"other\":@"),
        ("message", "error", "message", "\"code\":\"x\",\"message\":@"),
        ("message", "(unknown event)", "(other members)", "\"other\":{\"deep\":@}"),
    ];

    /// <summary>All of it.</summary>
    public static FormatCoverage All { get; } = new() { Request = OpenAIResponsesRequestShape.Body, Whole = [.. Whole()], Streamed = [.. Streamed()] };

    private static IEnumerable<CoverageProbe> Whole() =>
    [
        .. CoverageProbe.Of("body", json => json, s_body),
        .. CoverageProbe.Of("error", json => json, ("error", """{"error":{"message":@,"code":"x"}}""")),
        .. s_items.SelectMany(item => CoverageProbe.Of($"output/{item.Type}", json => $$"""{"output":[{{json}}]}""", (item.Member, item.Json))),
    ];

    private static IEnumerable<CoverageProbe> Streamed() =>
    [
        .. CoverageProbe.Of("response.created|in_progress|queued|completed|incomplete|failed/response", Created, s_body.Where(member => member.Member != "(output that is no array)")),
        .. s_items.SelectMany(item => CoverageProbe.Of($"response.output_item.added|done/{item.Type}", Added, (item.Member, item.Json))),
        .. CoverageProbe.Of("response.output_item.added", Added, ("namespace of a call whose name follows", """{"type":"function_call","namespace":@}""")),
        .. CoverageProbe.Of("response.completed/output", Completed, ("(an item that no event has brought)", """{"type":"message","content":[{"type":"output_text","text":@}]}""")),
        .. s_events.SelectMany(one => CoverageProbe.Of(one.Event, json => Started(one.Item) + Event(one.Event, json), (one.Member, one.Json))),
        .. CoverageProbe.Lines(Created("{}")),
        .. CoverageProbe.Of("(event and type differ)", json => Created("{}") + $"event: other\ndata: {{\"type\":\"response.queued\",{json}}}\n\n", ("", "\"other\":@")),
        .. CoverageProbe.Of("(no type)", json => Created("{}") + $"data: {{{json}}}\n\n", ("", "\"other\":@")),
    ];

    private static string Created(string response) => Frame("response.created", $"\"response\":{response}");

    private static string Added(string item) => Created("{}") + Frame("response.output_item.added", $"\"output_index\":0,\"item\":{item}");

    private static string Completed(string item) => Created("{}") + Frame("response.completed", $$""""response":{"output":[{{item}}]}"""");

    // The item's name is the marker's only where a probe puts it there.
    private static string Started(string item) => Added($"{{\"type\":\"{item}\",\"name\":\"f\"}}");

    private static string Event(string name, string members)
    {
        var type = name switch
        {
            "(unknown event)" => "response.other",
            "response.(tool).(progress)" => "response.web_search_call.searching",
            _ => name,
        };
        return Frame(type, $"\"output_index\":0,\"content_index\":0,\"summary_index\":0,{members}");
    }

    private static string Frame(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",{members}}}\n\n";
}
