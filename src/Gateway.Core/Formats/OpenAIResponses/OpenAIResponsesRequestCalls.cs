using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Items of <c>input</c> that replay a call of a tool.</summary>
internal static class OpenAIResponsesRequestCalls
{
    private static readonly Shape s_text = Text(Surface.ToolArguments, Trust.Assistant);
    private static readonly Shape s_any = Any(Surface.ToolArguments, Trust.Assistant);
    private static readonly Shape s_json = JsonText(Surface.ToolArguments, Trust.Assistant);
    private static readonly Shape s_result = Text(Surface.ToolResult, Trust.ThirdParty);
    private static readonly Shape s_document = Any(Surface.Document, Trust.ThirdParty);

    /// <summary>The items.</summary>
    public static IReadOnlyList<(string Name, Shape Shape)> Items { get; } = [.. Named(), .. ClientRun(), .. ProviderRun()];

    private static IEnumerable<(string Name, Shape Shape)> Named() =>
    [
        ("function_call", OpenAIResponsesRequestItems.Of(Needed("name", s_text), Field("namespace", s_text), Needed("arguments", s_json))
            .Then(Call("arguments", isProviderSide: false))),
        ("custom_tool_call", OpenAIResponsesRequestItems.Of(Needed("name", s_text), Field("namespace", s_text), Needed("input", s_text))
            .Then(Call("input", isProviderSide: false))),
        ("mcp_call", OpenAIResponsesRequestItems.Of(
            Needed("name", s_text),
            Needed("arguments", s_json),
            Field("server_label", Meta),
            Field("approval_request_id", Meta),
            Field("output", s_result),
            Field("error", OpenAIResponsesRequestResults.Failure)).Then(Call("arguments", isProviderSide: true))),
        ("mcp_approval_request", OpenAIResponsesRequestItems.Of(Needed("name", s_text), Needed("arguments", s_json), Field("server_label", Meta))
            .Then(Call("arguments", isProviderSide: true))),
    ];

    private static IEnumerable<(string Name, Shape Shape)> ClientRun() =>
    [
        ("computer_call", OpenAIResponsesRequestItems.Of(
            Field("action", Computer()),
            Field("actions", Array(Computer())),
            Field("pending_safety_checks", Array(OpenAIResponsesRequestResults.SafetyCheck)))
            .Then(Implied("computer", "action", "actions"))),
        ("local_shell_call", OpenAIResponsesRequestItems.Of(Field("action", Object(s_any, [Field("type", Word("exec"))])))
            .Then(Implied("local_shell", "action"))),
        ("shell_call", OpenAIResponsesRequestItems.Of(Field("action", Either(obj: s_any)), Field("environment", AnyMeta))
            .Then(Implied("shell", "action"))),
        ("apply_patch_call", OpenAIResponsesRequestItems.Of(
            Field("operation", Object(s_any, [Field("type", Word("create_file", "update_file", "delete_file"))])))
            .Then(Implied("apply_patch", "operation"))),
        ("tool_search_call", OpenAIResponsesRequestItems.Of(Field("arguments", s_any), Field("execution", Word("server", "client")))
            .Then(SearchForTools)),
    ];

    private static IEnumerable<(string Name, Shape Shape)> ProviderRun() =>
    [
        ("web_search_call", OpenAIResponsesRequestItems.Of(Field("action", WebAction()), Field("results", s_document))
            .Then(Implied("web_search", "action", isProviderSide: true))),
        ("file_search_call", OpenAIResponsesRequestItems.Of(
            Field("queries", Array(s_text)),
            Field("results", Array(Object(s_document, [Field("file_id", Meta)]))))
            .Then(Wrapped("file_search", "queries"))),
        ("code_interpreter_call", OpenAIResponsesRequestItems.Of(
            Field("code", s_text),
            Field("container_id", Meta),
            Field("outputs", Array(ByType(
            [
                ("logs", Object(Field("logs", s_result))),
                ("image", Object(Field("url", OpenAIResponsesRequestParts.Image))),
            ])))).Then(Wrapped("code_interpreter", "code"))),
        ("image_generation_call", OpenAIResponsesRequestItems.Of(
            Field("result", Text(Surface.ToolResult, Trust.ThirdParty, SegmentFlags.Binary).Uses(Capability.Image)),
            Field("revised_prompt", s_text)).Then(Wrapped("image_generation", "revised_prompt"))),
        ("program", OpenAIResponsesRequestItems.Of(Field("code", s_text), Field("fingerprint", Meta))
            .Then(Wrapped("programmatic_tool_calling", "code"))),
    ];

    private static Shape Computer() => Object(s_any,
    [
        Field("type", Word("click", "double_click", "drag", "keypress", "move", "screenshot", "scroll", "type", "wait")),
        Field("button", Word("left", "right", "wheel", "back", "forward")),
    ]);

    private static Shape WebAction() => Object(s_any,
    [
        Field("type", Word("search", "open_page", "find_in_page", "find")),
        Field("sources", s_document),
    ]);

    private static ShapeHandler Call(string arguments, bool isProviderSide)
    {
        var member = Encoding.ASCII.GetBytes(arguments);
        return (ref walker, item) =>
        {
            var view = walker.View;
            var name = OpenAIResponsesRequestTools.Qualified(view.Text(view.Member(item, "namespace"u8)), view.Text(view.Member(item, "name"u8))!);
            return Add(ref walker, item, name, view.Text(view.Member(item, member))!, isProviderSide);
        };
    }

    /// <summary>A call whose tool the item's type names; the first of <paramref name="members"/> that is there is its arguments.</summary>
    private static ShapeHandler Implied(string tool, string member, string? second = null, bool isProviderSide = false) =>
        (ref walker, item) => Add(ref walker, item, tool, Raw(walker.View, item, member) ?? Raw(walker.View, item, second) ?? "{}", isProviderSide);

    /// <summary>The same where the member is only one of the arguments.</summary>
    private static ShapeHandler Wrapped(string tool, string member) => (ref walker, item) =>
        Add(ref walker, item, tool, Raw(walker.View, item, member) is { } value ? $"{{\"{member}\":{value}}}" : "{}", isProviderSide: true);

    private static string? SearchForTools(ref ShapeWalker walker, int item)
    {
        var view = walker.View;
        var isClientSide = view.Text(view.Member(item, "execution"u8)) == "client";
        return Add(ref walker, item, "tool_search", Raw(view, item, "arguments") ?? "{}", !isClientSide);
    }

    private static string? Add(ref ShapeWalker walker, int item, string name, string arguments, bool isProviderSide)
    {
        var view = walker.View;
        var id = view.Text(view.Member(item, "call_id"u8)) ?? view.Text(view.Member(item, "id"u8));
        walker.Content.ToolCalls.Add(new ToolCall(name, arguments, id, History: true, isProviderSide));
        return null;
    }

    private static string? Raw(JsonView view, int item, string? member)
    {
        var value = member is null ? -1 : view.Member(item, Encoding.ASCII.GetBytes(member));
        return value < 0 || view[value].Kind == JsonKind.Null ? null : Encoding.UTF8.GetString(view.Raw(value));
    }
}
