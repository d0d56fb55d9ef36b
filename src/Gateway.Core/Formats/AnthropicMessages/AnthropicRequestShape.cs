using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>The body of a Messages request, as of API versions 2023-06-01 and 2026-10-21.</summary>
internal static class AnthropicRequestShape
{
    /// <summary>The whole body.</summary>
    public static Shape Body { get; } = Root(
        [.. Conversation(), Needed("max_tokens", Integer.Then(RequestReader.MaxOutputTokens)), Field("stream", Flag.Then(RequestReader.Stream)), .. Rest()]);

    /// <summary>
    /// The whole body of a token count: the same prompt, which no model answers. A member that asks for a stream is read for its type and does nothing.
    /// </summary>
    public static Shape CountBody { get; } = Root(
        [.. Conversation(), Field("max_tokens", Integer), Field("stream", Flag), .. Rest()]);

    private static IEnumerable<ShapeField> Rest() => [.. Options(), .. AnthropicRequestBetas.Members(), .. RefusedMembers.All.Where(field => !AnthropicRequestBetas.Owns(field.Name))];

    private static ShapeField[] Conversation() =>
    [
        Field("model", Meta.Then(RequestReader.Model)),
        Needed("messages", Messages(Message()).Then(RequestReader.MessageCount)),
        Field("system", SystemContent().InGroup(ShapeWalker.StandaloneGroup)),
        Field("stop_sequences", Array(Meta)),
        Field("tools", Array(AnthropicRequestTools.Tool)),
        Field("tool_choice", ByType([("auto", Object()), ("any", Object()), ("none", Object()), ("tool", Object(Needed("name", Meta)))])),
        Field("output_config", Object(Field("effort", Meta), Field("format", Structured()))),
        Field("output_format", Structured()),
    ];

    private static ShapeField[] Options() =>
    [
        Field("metadata", Object(Field("user_id", Meta.Then(RequestReader.EndUser)))),
        Field("thinking", ByType([("enabled", Thinking()), ("adaptive", Thinking()), ("between_tools", Thinking()), ("disabled", Thinking())])),
        Field("service_tier", Meta),
        Field("speed", Meta),
        Field("temperature", Number),
        Field("top_p", Number),
        Field("top_k", Integer),
        Field("cache_control", AnthropicRequestBlocks.CacheControl),
    ];

    private static Shape Message() => ByRole(
        ("user", Object(Needed("content", AnthropicRequestBlocks.Content(Surface.User, Trust.User)))),
        ("assistant", Object(Needed("content", AnthropicRequestBlocks.Content(Surface.Assistant, Trust.Assistant)))),
        ("system", Object(Needed("content", SystemContent()))));

    private static Shape SystemContent() => Either(
        text: Text(Surface.System, Trust.Operator),
        array: Array(ByType([("text", AnthropicRequestBlocks.TextBlock(Surface.System, Trust.Operator)), .. AnthropicRequestBetas.Blocks()])));

    private static Shape Structured() => ByType([("json_schema", Object(Needed("schema", Schema)))]);

    private static Shape Thinking() => Object(Field("budget_tokens", Integer), Field("display", Meta));
}
