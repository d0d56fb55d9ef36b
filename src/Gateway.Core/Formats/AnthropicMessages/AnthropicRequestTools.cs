using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Tools declared and called in a Messages request.</summary>
internal static class AnthropicRequestTools
{
    private static readonly Shape s_definition = Text(Surface.ToolDefinition, Trust.ToolDefinition);
    private static readonly Shape s_anyDefinition = Any(Surface.ToolDefinition, Trust.ToolDefinition);

    /// <summary>An item of <c>tools</c>: a tool without type is the client's own, a typed one has a schema that the model knows.</summary>
    public static Shape Tool { get; } = ToolsByType(
        [
            ("custom", Custom()),
            .. ClientRun("bash", "text_editor", "computer", "memory", "browser_toolset", "computer_toolset"),
            .. ProviderRun("web_search", "web_fetch", "code_execution", "tool_search_tool_regex", "tool_search_tool_bm25"),
            .. AnthropicRequestBetas.Tools(),
        ],
        absent: Custom());

    /// <summary>Text of a declaration.</summary>
    public static Shape Definition => s_definition;

    /// <summary>A block that calls a tool.</summary>
    public static Shape Call(bool isProviderSide, params IEnumerable<ShapeField> more)
    {
        var flags = isProviderSide ? SegmentFlags.ProviderSide : SegmentFlags.None;
        return AnthropicRequestBlocks.Block([
            Needed("name", Text(Surface.ToolArguments, Trust.Assistant, flags)),
            Field("input", Either(obj: Any(Surface.ToolArguments, Trust.Assistant, flags))),
            Field("id", Meta),
            Field("toolset_name", Meta),
            Field("caller", AnyMeta),
            .. more]).Then((ref ShapeWalker walker, int token) => AddCall(ref walker, token, isProviderSide));
    }

    private static Shape Custom() => Object(s_anyDefinition,
    [
        Needed("name", s_definition),
        Field("description", s_definition),
        Field("input_schema", Schema),
        Field("input_examples", Array(s_anyDefinition)),
        Field("strict", Flag),
        Field("defer_loading", Flag),
        Field("eager_input_streaming", Flag),
        Field("allowed_callers", Array(Meta)),
        Field("cache_control", AnthropicRequestBlocks.CacheControl),
    ]).Then((ref ShapeWalker walker, int token) => Declare(ref walker, walker.View.Text(walker.View.Member(token, "name"u8))!, isProviderSide: false));

    private static Shape Typed(ShapeHandler declare) => Object(s_anyDefinition,
    [
        Field("name", s_definition),
        Field("allowed_callers", Array(Meta)),
        Field("cache_control", AnthropicRequestBlocks.CacheControl),
    ]).Then(declare);

    /// <summary>Tools the client runs: declared under their name, which a toolset does not have.</summary>
    private static IEnumerable<(string Name, Shape Shape)> ClientRun(params string[] families) =>
        families.Select(family => (family + "_*", Typed((ref ShapeWalker walker, int token) =>
            Declare(ref walker, walker.View.Text(walker.View.Member(token, "name"u8)) ?? family, isProviderSide: false))));

    /// <summary>Tools the provider runs: declared under their type, so that a name of the client's choice cannot hide what they are.</summary>
    private static IEnumerable<(string Name, Shape Shape)> ProviderRun(params string[] families) =>
        families.SelectMany(family => new[] { family, family + "_*" }.Select(type => (type, Typed((ref ShapeWalker walker, int _) =>
            Declare(ref walker, family, isProviderSide: true)).Uses(Capability.ProviderTool, family))));

    private static string? Declare(ref ShapeWalker walker, string name, bool isProviderSide)
    {
        RequestReader.DeclareTool(ref walker, name, isProviderSide);
        return null;
    }

    private static string? AddCall(ref ShapeWalker walker, int token, bool isProviderSide)
    {
        var view = walker.View;
        var input = view.Member(token, "input"u8);
        walker.Content.ToolCalls.Add(new ToolCall(
            view.Text(view.Member(token, "name"u8))!,
            input < 0 ? "{}" : Encoding.UTF8.GetString(view.Raw(input)),
            view.Text(view.Member(token, "id"u8)),
            History: true,
            isProviderSide));
        return null;
    }
}
