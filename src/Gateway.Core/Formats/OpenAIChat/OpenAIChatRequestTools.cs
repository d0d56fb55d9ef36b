using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Tools declared, chosen and called in a Chat Completions request.</summary>
internal static class OpenAIChatRequestTools
{
    private static readonly Shape s_anyDefinition = Any(Surface.ToolDefinition, Trust.ToolDefinition);
    private static readonly Shape s_argument = Text(Surface.ToolArguments, Trust.Assistant);

    /// <summary>Text of a declaration.</summary>
    public static Shape Definition { get; } = Text(Surface.ToolDefinition, Trust.ToolDefinition);

    /// <summary>An item of <c>tools</c>. Compatible servers take a tool without type for a function.</summary>
    public static Shape Tool { get; } = ToolsByType([("function", FunctionTool()), ("custom", CustomTool())], absent: FunctionTool());

    /// <summary>An item of <c>functions</c>.</summary>
    public static Shape LegacyFunction { get; } = Function().Then(DeclareLegacy);

    /// <summary><c>tool_choice</c>.</summary>
    public static Shape Choice { get; } = Either(text: Meta, obj: ByType(
    [
        ("function", Object(Needed("function", Object(Needed("name", Meta))))),
        ("custom", Object(Needed("custom", Object(Needed("name", Meta))))),
        ("allowed_tools", Object(Needed("allowed_tools", Either(obj: AnyMeta)))),
    ]));

    /// <summary>An item of an assistant message's <c>tool_calls</c>.</summary>
    public static Shape Call { get; } = ByType([("function", FunctionCall()), ("custom", CustomCall())], absent: FunctionCall());

    /// <summary>An assistant message's <c>function_call</c>.</summary>
    public static Shape LegacyCall { get; } = NamedArguments().Then(CallLegacy);

    private static Shape Function() => Object(s_anyDefinition,
    [
        Needed("name", Definition),
        Field("description", Definition),
        Field("parameters", Schema),
        Field("strict", Flag),
    ]);

    private static Shape FunctionTool() => Object(s_anyDefinition, [Needed("function", Function())]).Then(DeclareFunction);

    private static Shape CustomTool() => Object(s_anyDefinition, [Needed("custom", Object(s_anyDefinition,
    [
        Needed("name", Definition),
        Field("description", Definition),
        Field("format", ByType(
        [
            ("text", Object(s_anyDefinition, [])),
            ("grammar", Object(s_anyDefinition, [Needed("grammar", Object(s_anyDefinition,
            [
                Needed("definition", Definition),
                Field("syntax", Word("lark", "regex")),
            ]))])),
        ])),
    ]))]).Then(DeclareCustom);

    private static Shape NamedArguments() => Object(Needed("name", s_argument), Needed("arguments", JsonText(Surface.ToolArguments, Trust.Assistant)));

    private static Shape FunctionCall() => Object(Field("id", s_argument), Needed("function", NamedArguments())).Then(CallFunction);

    private static Shape CustomCall() =>
        Object(Field("id", s_argument), Needed("custom", Object(Needed("name", s_argument), Needed("input", s_argument)))).Then(CallCustom);

    private static string? DeclareFunction(ref ShapeWalker walker, int token) => Declare(ref walker, walker.View.Member(token, "function"u8));

    private static string? DeclareCustom(ref ShapeWalker walker, int token) => Declare(ref walker, walker.View.Member(token, "custom"u8));

    private static string? DeclareLegacy(ref ShapeWalker walker, int token) => Declare(ref walker, token);

    private static string? Declare(ref ShapeWalker walker, int definition)
    {
        var name = walker.View.Text(walker.View.Member(definition, "name"u8))!;
        RequestReader.DeclareTool(ref walker, name, isProviderSide: false);
        return null;
    }

    private static string? CallFunction(ref ShapeWalker walker, int token) =>
        AddCall(ref walker, token, walker.View.Member(token, "function"u8), "arguments"u8);

    private static string? CallCustom(ref ShapeWalker walker, int token) => AddCall(ref walker, token, walker.View.Member(token, "custom"u8), "input"u8);

    private static string? CallLegacy(ref ShapeWalker walker, int token) => AddCall(ref walker, token, token, "arguments"u8);

    private static string? AddCall(ref ShapeWalker walker, int call, int body, ReadOnlySpan<byte> arguments)
    {
        var view = walker.View;
        walker.Content.ToolCalls.Add(new ToolCall(
            view.Text(view.Member(body, "name"u8))!,
            view.Text(view.Member(body, arguments))!,
            view.Text(view.Member(call, "id"u8)),
            History: true,
            ProviderSide: false));
        return null;
    }
}
