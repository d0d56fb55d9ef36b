using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Results of provider-side tools that the client replays.</summary>
internal static class AnthropicRequestResults
{
    private static readonly Shape s_document = Text(Surface.Document, Trust.ThirdParty);
    private static readonly Shape s_output = Text(Surface.ToolResult, Trust.ThirdParty);

    /// <summary>A reference to a declared tool.</summary>
    public static Shape ToolReference() => AnthropicRequestBlocks.Block(Needed("tool_name", Text(Surface.Metadata, Trust.ThirdParty)));

    /// <summary>The blocks, by type.</summary>
    public static IEnumerable<(string Name, Shape Shape)> ServerToolResults() =>
    [
        ("web_search_tool_result", Result(Either(
            array: Array(ByType([("web_search_result", Object(
                Field("title", s_document),
                Field("url", s_document),
                Field("page_age", s_document),
                Field("encrypted_content", Text(Surface.Document, Trust.ThirdParty, SegmentFlags.Opaque).Uses(Capability.SealedContent))))])),
            obj: ByType([Error("web_search_tool_result_error")])))),
        ("web_fetch_tool_result", Result(ByType(
        [
            ("web_fetch_result", Object(
                Field("url", s_document),
                Field("retrieved_at", Meta),
                Needed("content", ByType([("document", AnthropicRequestBlocks.Document())])))),
            Error("web_fetch_tool_result_error"),
        ]))),
        ("code_execution_tool_result", Result(ByType(
        [
            ("code_execution_result", Execution("code_execution_output")),
            ("encrypted_code_execution_result", Execution("code_execution_output")),
            Error("code_execution_tool_result_error"),
        ]))),
        ("bash_code_execution_tool_result", Result(ByType(
        [
            ("bash_code_execution_result", Execution("bash_code_execution_output")),
            Error("bash_code_execution_tool_result_error"),
        ]))),
        ("text_editor_code_execution_tool_result", Result(ByType(
        [
            ("text_editor_code_execution_view_result", Object(Field("content", s_output), Field("file_type", Word("text", "image", "pdf")))),
            ("text_editor_code_execution_create_result", Object()),
            ("text_editor_code_execution_str_replace_result", Object(Field("lines", Array(s_output)))),
            Error("text_editor_code_execution_tool_result_error"),
        ]))),
        ("tool_search_tool_result", Result(ByType(
        [
            ("tool_search_tool_search_result", Object(Field("tool_references", Array(ByType([("tool_reference", ToolReference())]))))),
            Error("tool_search_tool_result_error"),
        ]))),
    ];

    private static Shape Result(Shape content) => AnthropicRequestBlocks.Block(Needed("content", content), Field("tool_use_id", Meta), Field("caller", AnyMeta));

    private static Shape Execution(string output) => Object(
        Field("stdout", s_output),
        Field("stderr", s_output),
        Field("encrypted_stdout", Text(Surface.ToolResult, Trust.ThirdParty, SegmentFlags.Opaque).Uses(Capability.SealedContent)),
        Field("return_code", Number),
        Field("content", Array(ByType([(output, Object(Field("file_id", Meta)))]))));

    private static (string Name, Shape Shape) Error(string name) => (name, Object(
        Field("error_code", Meta),
        Field("error_message", Text(Surface.ToolResult, Trust.ThirdParty))));
}
