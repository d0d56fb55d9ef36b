using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>
/// What betas add to a Messages request: tools declared inside messages, servers and models that the provider calls, history that it keeps or
/// rewrites. Refused unless the policy tolerates the capability; then read like everything else.
/// </summary>
internal static class AnthropicRequestBetas
{
    private const string Servers = "This opens servers that the gateway cannot inspect.";
    private const string History = "This stands for state that the gateway has not seen.";
    private const string Models = "This brings in another model.";
    private const string InMessages = "This declares tools inside messages.";

    // Who pays, for whom, and where: as much the upstream as its address is. No policy leaves it to the client.
    private static readonly string[] s_account = ["user_profile_id", "workspace_id", "inference_geo", "billing_policy", "fallback_credit_token"];

    private static readonly Shape s_sealed = Text(Surface.Assistant, Trust.Assistant, SegmentFlags.Opaque).Uses(Capability.SealedContent);
    private static readonly Shape s_model = Meta.Then(RequestReader.OtherModel);
    private static readonly Shape s_anything = Any(Surface.Document, Trust.ThirdParty);

    // Instructions for a summariser reach a model; the client wrote them, whoever that is.
    private static readonly Shape s_instructions = Text(Surface.System, Trust.User);

    /// <summary>Blocks of messages.</summary>
    public static IEnumerable<(string Name, Shape Shape)> Blocks() =>
    [
        ("tool_addition", Gated(Capability.InlineTool, InMessages, Change())),
        ("tool_removal", Gated(Capability.InlineTool, InMessages, Change())),
        ("mcp_tool_use", Gated(Capability.Connector, Servers, AnthropicRequestTools.Call(isProviderSide: true, Needed("server_name", Meta)))),
        ("mcp_tool_result", Gated(Capability.Connector, Servers, AnthropicRequestBlocks.Block(
            Needed("tool_use_id", Meta),
            Field("is_error", Flag),
            Field("content", Either(
                text: Text(Surface.ToolResult, Trust.ThirdParty),
                array: Array(ByType([("text", AnthropicRequestBlocks.TextBlock(Surface.ToolResult, Trust.ThirdParty))]))))))),
        ("mcp_tool_listing", Gated(Capability.Connector, Servers, Object(Any(Surface.ToolDefinition, Trust.ThirdParty), []))),
        ("compaction", Gated(Capability.StoredHistory, History, AnthropicRequestBlocks.Block(
            Field("content", Text(Surface.Assistant, Trust.Assistant)),
            Field("encrypted_content", s_sealed),
            Field("signature", s_sealed),
            Field("tool_changes", Array(ByType(
            [
                ("tool_addition", Gated(Capability.InlineTool, InMessages, Change())), ("tool_removal", Gated(Capability.InlineTool, InMessages, Change())),
            ])))))),
        ("advisor_tool_result", Gated(Capability.SecondModel, Models, AnthropicRequestBlocks.Block(
            Needed("content", ByType(
            [
                ("advisor_result", Object(Any(Surface.ToolResult, Trust.ThirdParty), [Field("text", Text(Surface.ToolResult, Trust.ThirdParty))])),
                ("advisor_redacted_result", Object(Field("encrypted_content", s_sealed), Field("stop_reason", Meta))),
                ("advisor_tool_result_error", Object(Field("error_code", Meta))),
            ])),
            Field("tool_use_id", Meta)))),
        ("fallback", Gated(Capability.SecondModel, Models, Object(s_anything,
        [
            Field("from", Object(s_anything, [Field("model", s_model)])),
            Field("to", Object(s_anything, [Field("model", s_model)])),
        ]))),
    ];

    /// <summary>Tools.</summary>
    public static IEnumerable<(string Name, Shape Shape)> Tools()
    {
        var toolset = Gated(Capability.Connector, Servers, Object(Any(Surface.ToolDefinition, Trust.ToolDefinition),
        [
            Needed("mcp_server_name", AnthropicRequestTools.Definition),
            Field("cache_control", AnthropicRequestBlocks.CacheControl),
        ]).Then(DeclareToolset));
        var advisor = Gated(Capability.SecondModel, Models, Object(Any(Surface.ToolDefinition, Trust.ToolDefinition),
        [
            Needed("model", s_model),
            Field("cache_control", AnthropicRequestBlocks.CacheControl),
        ]).Then(DeclareAdvisor).Uses(Capability.ProviderTool, "advisor"));
        return [("mcp_toolset", toolset), ("mcp_toolset_*", toolset), ("advisor", advisor), ("advisor_*", advisor)];
    }

    /// <summary>Members of the body.</summary>
    public static IEnumerable<ShapeField> Members() =>
    [
        Field("mcp_servers", Gated(Capability.Connector, Servers, Array(ByType([("url", Object(Needed("name", Meta), Needed("url", Meta)))])))),
        Field("container", Gated(Capability.StoredHistory, History, Either(text: Meta, obj: Object()))),
        Field("context_management", Gated(Capability.StoredHistory, History, Object(Field("edits", Array(Object(Field("instructions", s_instructions))))))),
        Field("compaction", Gated(Capability.StoredHistory, History, Object(Field("instructions", s_instructions)))),
        Field("thread", Gated(Capability.StoredHistory, History, Object())),
        Field("diagnostics", Gated(Capability.StoredHistory, History, Object())),
        .. s_account.Select(name => Field(name, Refused("The gateway's policy chooses account and place; this member is not passed on."))),
    ];

    /// <summary>Whether <paramref name="member"/> is one of this format's own.</summary>
    public static bool Owns(string member) => Members().Any(field => field.Name == member);

    private static Shape Change() => AnthropicRequestBlocks.Block(Needed("tool", ByType(
    [
        ("tool_definition", Object(Needed("definition", AnthropicRequestTools.Tool))),
        ("tool_reference", Object(Needed("name", Meta))),
        ("mcp_tool_reference", Object(Needed("name", Meta), Needed("server_name", Meta))),
        ("mcp_toolset_reference", Object(Needed("server_name", Meta))),
    ])));

    private static string? DeclareToolset(ref ShapeWalker walker, int token)
    {
        var server = walker.View.Text(walker.View.Member(token, "mcp_server_name"u8));
        RequestReader.DeclareTool(ref walker, $"mcp_toolset:{server}", isProviderSide: true);
        return null;
    }

    private static string? DeclareAdvisor(ref ShapeWalker walker, int token)
    {
        RequestReader.DeclareTool(ref walker, "advisor", isProviderSide: true);
        return null;
    }
}
