using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Items of <c>input</c> that bring back what a tool gave.</summary>
internal static class OpenAIResponsesRequestResults
{
    private static readonly Shape s_text = Text(Surface.ToolResult, Trust.ThirdParty);
    private static readonly Shape s_any = Any(Surface.ToolResult, Trust.ThirdParty);

    /// <summary>Why a call failed.</summary>
    public static Shape Failure { get; } = Either(text: s_text, array: s_any, obj: s_any);

    /// <summary>What the provider wants confirmed before a computer acts.</summary>
    public static Shape SafetyCheck { get; } = Object(s_any, [Field("id", Meta), Field("code", Meta), Field("message", s_text)]);

    /// <summary>The items.</summary>
    public static IReadOnlyList<(string Name, Shape Shape)> Items { get; } =
    [
        ("function_call_output", OpenAIResponsesRequestItems.Of(Needed("output", Output()))),
        ("custom_tool_call_output", OpenAIResponsesRequestItems.Of(Needed("output", Output()))),
        ("local_shell_call_output", OpenAIResponsesRequestItems.Of(Needed("output", s_text))),
        ("shell_call_output", OpenAIResponsesRequestItems.Of(
            Needed("output", Either(text: s_text, array: Array(Object(s_any,
            [
                Field("stdout", s_text),
                Field("stderr", s_text),
                Field("outcome", AnyMeta),
                Field("created_by", Meta),
            ])))),
            Field("max_output_length", Number))),
        ("apply_patch_call_output", OpenAIResponsesRequestItems.Of(Field("output", s_text))),
        ("computer_call_output", OpenAIResponsesRequestItems.Of(
            Needed("output", ByType([("computer_screenshot", Screenshot()), ("input_image", Screenshot())])),
            Field("acknowledged_safety_checks", Array(SafetyCheck)))),
        ("mcp_list_tools", OpenAIResponsesRequestItems.Of(
            Field("server_label", Meta),
            Field("tools", Array(ListedTool())),
            Field("error", Failure))),
        ("mcp_approval_response", OpenAIResponsesRequestItems.Of(
            Field("approval_request_id", Meta),
            Field("approve", Flag),
            Field("reason", Text(Surface.User, Trust.User)))),
        ("tool_search_output", OpenAIResponsesRequestItems.Of(
            Field("tools", Array(OpenAIResponsesRequestTools.FoundTool)),
            Field("execution", Word("server", "client")))),
        ("program_output", OpenAIResponsesRequestItems.Of(Field("result", s_text))),
    ];

    private static Shape Output() => OpenAIResponsesRequestParts.Content(Surface.ToolResult, Trust.ThirdParty);

    private static Shape Screenshot() => Object(
        Field("image_url", OpenAIResponsesRequestParts.Image),
        Field("file_id", OpenAIResponsesRequestParts.FileId),
        Field("detail", Meta));

    private static Shape ListedTool()
    {
        var text = Text(Surface.ToolDefinition, Trust.ThirdParty);
        var any = Any(Surface.ToolDefinition, Trust.ThirdParty);
        return Object(any,
        [
            Needed("name", text),
            Field("description", text),
            Field("input_schema", Schema with { Trust = Trust.ThirdParty }),
            Field("annotations", any),
        ]);
    }
}
