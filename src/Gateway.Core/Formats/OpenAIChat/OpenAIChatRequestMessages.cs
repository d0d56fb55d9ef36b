using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>The messages of a Chat Completions request, by role.</summary>
internal static class OpenAIChatRequestMessages
{
    private static readonly Shape s_reasoning = Text(Surface.Reasoning, Trust.Assistant);
    private static readonly Shape s_sealed = Text(Surface.Reasoning, Trust.Assistant, SegmentFlags.Opaque).Uses(Capability.SealedContent);
    private static readonly Shape s_assistant = Text(Surface.Assistant, Trust.Assistant);

    /// <summary>One message.</summary>
    public static Shape Message { get; } = ByRole(
        ("system", Plain(Surface.System, Trust.Operator)),
        ("developer", Plain(Surface.Developer, Trust.Operator)),
        ("user", Object(
            Needed("content", Either(text: Text(Surface.User, Trust.User), array: Array(ByType([TextPart(Surface.User, Trust.User), .. MediaParts()])))),
            Field("name", Meta))),
        ("assistant", Assistant()),
        ("tool", Object(
            Needed("content", Content(Surface.ToolResult, Trust.ThirdParty)),
            Field("tool_call_id", Meta),
            Field("name", Meta))),
        ("function", Object(
            Field("content", Content(Surface.ToolResult, Trust.ThirdParty)),
            Field("name", Meta))));

    /// <summary>A string, or an array of text parts.</summary>
    public static Shape Content(Surface surface, Trust trust) => Either(text: Text(surface, trust), array: Array(ByType([TextPart(surface, trust)])));

    private static Shape Plain(Surface surface, Trust trust) => Object(Needed("content", Content(surface, trust)), Field("name", Meta));

    private static (string Name, Shape Shape) TextPart(Surface surface, Trust trust) => ("text", Object([Needed("text", Text(surface, trust)), .. Caching()]));

    private static ShapeField[] Caching() =>
    [
        Field("cache_control", Object(Field("type", Word("ephemeral")), Field("ttl", Word("5m", "1h")))),
        Field("prompt_cache_breakpoint", Object(Field("mode", Meta))),
    ];

    private static (string Name, Shape Shape)[] MediaParts() =>
    [
        ("image_url", Object([Needed("image_url", Object(
            Needed("url", InlineContent.Image(Surface.Metadata, Trust.User)),
            Field("detail", Word("auto", "low", "high", "original")))), .. Caching()])),
        ("input_audio", Object([Needed("input_audio", Object(
            Needed("data", Text(Surface.User, Trust.User, SegmentFlags.Binary).Uses(Capability.Audio)),
            Field("format", Word("wav", "mp3")))), .. Caching()])),
        ("file", Object([Needed("file", Object(
            Field("file_data", InlineContent.Document()),
            Field("file_id", Meta.Uses(Capability.StoredFile)),
            Field("filename", Meta))), .. Caching()])),
    ];

    private static Shape Assistant() => Object(
        Field("content", Either(text: s_assistant, array: Array(ByType(
        [
            TextPart(Surface.Assistant, Trust.Assistant),
            ("refusal", Object(Needed("refusal", s_assistant))),
            ("thinking", Object(Needed("thinking", Either(text: s_reasoning, array: Array(ByType([TextPart(Surface.Reasoning, Trust.Assistant)])))))),
        ])))),
        Field("refusal", s_assistant),
        Field("name", Meta),
        Field("tool_calls", Array(OpenAIChatRequestTools.Call)),
        Field("function_call", OpenAIChatRequestTools.LegacyCall),
        Field("audio", Object(Field("id", Meta)).Uses(Capability.StoredHistory)),
        Field("annotations", Array(Any(Surface.Document, Trust.ThirdParty))),
        Field("reasoning_content", s_reasoning),
        Field("reasoning", s_reasoning),
        Field("thinking", s_reasoning),
        Field("reasoning_details", Array(Object(
            Field("type", Word("reasoning.text", "reasoning.summary", "reasoning.encrypted")),
            Field("text", s_reasoning),
            Field("summary", s_reasoning),
            Field("signature", s_sealed),
            Field("data", s_sealed)))));
}
