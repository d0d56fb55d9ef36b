using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Tools declared and chosen in a Responses request, wherever a declaration stands.</summary>
internal static class OpenAIResponsesRequestTools
{
    /// <summary>A tool of the client's, which it may declare once.</summary>
    public static Shape Tool { get; } = Declared(Trust.ToolDefinition).Then(Declare);

    /// <summary>A tool that a search has brought in. History repeats it, so it is declared when the body has been read.</summary>
    public static Shape FoundTool { get; } = Declared(Trust.ThirdParty);

    /// <summary><c>tool_choice</c>.</summary>
    public static Shape Choice { get; } = Either(text: Meta, obj: ByType(
        [
            ("function", Object(Needed("name", Meta))),
            ("custom", Object(Needed("name", Meta))),
            ("mcp", Object(Field("server_label", Meta), Field("name", Meta))),
            ("allowed_tools", Object(Field("mode", Meta), Field("tools", Array(AnyMeta)))),
        ],
        otherwise: AnyMeta));

    /// <summary>The name of a tool inside a namespace.</summary>
    public static string Qualified(string? space, string name) => string.IsNullOrEmpty(space) ? name : $"{space}.{name}";

    /// <summary>Adds what the declaration <paramref name="tool"/> makes callable.</summary>
    public static void AddNames(JsonView view, int tool, List<ToolDeclaration> names)
    {
        var type = view.Text(view.Member(tool, "type"u8));
        switch (type)
        {
            case "function" or "custom":
                names.Add(new ToolDeclaration(Text(view, tool, "name"u8), ProviderSide: false));
                break;
            case "namespace":
                var inner = view.Member(tool, "tools"u8);
                for (var at = inner + 1; inner >= 0 && at < view[inner].Next; at = view[at].Next)
                {
                    names.Add(new ToolDeclaration(Qualified(Text(view, tool, "name"u8), Text(view, at, "name"u8)), ProviderSide: false));
                }

                break;
            case "mcp":
                names.Add(new ToolDeclaration($"mcp:{Text(view, tool, "server_label"u8)}", ProviderSide: true));
                break;
            default:
                names.Add(new ToolDeclaration(Family(type!), IsProviderRun(view, tool, type!)));
                break;
        }
    }

    private static string Text(JsonView view, int token, ReadOnlySpan<byte> member) => view.Text(view.Member(token, member)) ?? "";

    // A dated version is the same tool to a policy.
    private static string Family(string type) => type switch
    {
        "web_search_2025_08_26" => "web_search",
        "web_search_preview_2025_03_11" => "web_search_preview",
        _ => type,
    };

    // Where a tool runs that can run on either side: at the provider, unless the declaration says otherwise.
    private static bool IsProviderRun(JsonView view, int tool, string type) => type switch
    {
        "computer" or "computer_use_preview" or "local_shell" or "apply_patch" => false,
        "shell" => view.Member(tool, "environment"u8) is var place && (place < 0 || Text(view, place, "type"u8) != "local"),
        "tool_search" => Text(view, tool, "execution"u8) != "client",
        _ => true,
    };

    private static string? Declare(ref ShapeWalker walker, int tool)
    {
        AddNames(walker.View, tool, walker.Content.Tools);
        return null;
    }

    private static string? MarkIfProviderRun(ref ShapeWalker walker, int tool)
    {
        var view = walker.View;
        if (IsProviderRun(view, tool, view.Text(view.Member(tool, "type"u8))!))
        {
            walker.Request?.Uses.Add(new CapabilityUse(Capability.ProviderTool, view[tool].Start));
        }

        return null;
    }

    private static Shape Declared(Trust trust)
    {
        var text = Shapes.Text(Surface.ToolDefinition, trust);
        var any = Any(Surface.ToolDefinition, trust);
        var schema = Schema with { Trust = trust };
        (string Name, Shape Shape)[] own =
        [
            ("function", Object(any,
            [
                Needed("name", text),
                Field("description", text),
                Field("parameters", schema),
                Field("output_schema", schema),
                Field("strict", Flag),
                Field("defer_loading", Flag),
                Field("allowed_callers", Array(Meta)),
            ])),
            ("custom", Object(any,
            [
                Needed("name", text),
                Field("description", text),
                Field("format", ByType(
                [
                    ("text", Object(any, [])),
                    ("grammar", Object(any, [Needed("definition", text), Field("syntax", Word("lark", "regex"))])),
                ])),
                Field("defer_loading", Flag),
                Field("allowed_callers", Array(Meta)),
            ])),
        ];
        return ByType(
        [
            .. own,
            ("namespace", Object(any, [Needed("name", text), Field("description", text), Needed("tools", Array(ByType(own)))])),
            ("tool_search", Object(any, [Field("description", text), Field("parameters", schema), Field("execution", Word("server", "client"))])
                .Then(MarkIfProviderRun, Capability.ProviderTool)),
            .. OpenAIResponsesRequestBuiltIns.Tools(trust, MarkIfProviderRun),
        ]);
    }
}
