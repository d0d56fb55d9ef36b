using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.AnthropicMessages;

/// <summary>Content blocks of messages.</summary>
internal static class AnthropicRequestBlocks
{
    private static readonly Shape s_document = Text(Surface.Document, Trust.ThirdParty);
    private static readonly Shape s_sealedDocument = Text(Surface.Document, Trust.ThirdParty, SegmentFlags.Opaque).Uses(Capability.SealedContent);
    private static readonly Shape s_sealedReasoning = Text(Surface.Reasoning, Trust.Assistant, SegmentFlags.Opaque).Uses(Capability.SealedContent);

    /// <summary><c>cache_control</c>.</summary>
    public static Shape CacheControl { get; } = Object(Field("type", Word("ephemeral")), Field("ttl", Word("5m", "1h")));

    /// <summary>The content of a message: a string or blocks.</summary>
    public static Shape Content(Surface surface, Trust trust) => Either(
        text: Text(surface, trust),
        array: Array(ByType(
        [
            ("text", TextBlock(surface, trust)),
            ("image", Image(surface, trust)),
            ("document", Document()),
            ("search_result", SearchResult()),
            ("thinking", Block(Needed("thinking", Text(Surface.Reasoning, Trust.Assistant)), Field("signature", s_sealedReasoning))),
            ("redacted_thinking", Block(Needed("data", s_sealedReasoning))),
            ("tool_use", AnthropicRequestTools.Call(isProviderSide: false)),
            ("server_tool_use", AnthropicRequestTools.Call(isProviderSide: true)),
            ("tool_result", ToolResult()),
            ("container_upload", Block(Needed("file_id", Meta.Uses(Capability.StoredFile)))),
            .. AnthropicRequestResults.ServerToolResults(),
            .. AnthropicRequestBetas.Blocks(),
        ])));

    /// <summary>A block of text.</summary>
    public static Shape TextBlock(Surface surface, Trust trust) => Block(Needed("text", Text(surface, trust)), Field("citations", Array(Citation())));

    /// <summary>A block: the members given, and those that every block may have.</summary>
    public static Shape Block(params IEnumerable<ShapeField> fields) => Object([.. fields, Field("cache_control", CacheControl)]);

    /// <summary>A document, as block of a message, of a tool result or of a fetched page.</summary>
    public static Shape Document() => Block(
        Needed("source", ByType(
        [
            ("text", Object(Needed("data", s_document), Field("media_type", Word("text/plain")))),
            ("base64", Object(Needed("data", Text(Surface.Document, Trust.ThirdParty, SegmentFlags.Binary)), Field("media_type", Word("application/pdf"))).Then(Decode, Capability.BinaryDocument)),
            ("content", Object(Needed("content", Either(text: s_document, array: Array(ByType(
            [
                ("text", TextBlock(Surface.Document, Trust.ThirdParty)),
                ("image", Image(Surface.Document, Trust.ThirdParty)),
            ])))))),
            ("url", Object(Needed("url", Text(Surface.Metadata, Trust.User).Uses(Capability.RemoteContent)))),
            ("file", Object(Needed("file_id", Meta.Uses(Capability.StoredFile)))),
        ])),
        Field("title", s_document),
        Field("context", s_document),
        Field("citations", CitationSwitch()));

    private static Shape SearchResult() => Block(
        Needed("content", Array(ByType([("text", TextBlock(Surface.Document, Trust.ThirdParty))]))),
        Needed("source", s_document),
        Needed("title", s_document),
        Field("citations", CitationSwitch()));

    private static Shape Image(Surface surface, Trust trust) => Block(
        Needed("source", ByType(
        [
            ("base64", Object(
                Needed("data", Text(surface, trust, SegmentFlags.Binary).Uses(Capability.Image)),
                Field("media_type", Word("image/jpeg", "image/png", "image/gif", "image/webp")))),
            ("url", Object(Needed("url", Text(Surface.Metadata, trust).Uses(Capability.RemoteContent)))),
            ("file", Object(Needed("file_id", Meta.Uses(Capability.StoredFile)))),
        ])),
        Field("transformations", AnyMeta));

    private static Shape ToolResult() => Block(
        Needed("tool_use_id", Meta),
        Field("content", Either(text: Text(Surface.ToolResult, Trust.ThirdParty), array: Array(ByType(
        [
            ("text", TextBlock(Surface.ToolResult, Trust.ThirdParty)),
            ("image", Image(Surface.ToolResult, Trust.ThirdParty)),
            ("document", Document()),
            ("search_result", SearchResult()),
            ("tool_reference", AnthropicRequestResults.ToolReference()),
            ("browser_state", Object(Any(Surface.ToolResult, Trust.ThirdParty), [Field("cache_control", CacheControl)])),
        ])))),
        Field("is_error", Flag),
        Field("toolset_name", Meta));

    private static Shape CitationSwitch() => Object(Field("enabled", Flag));

    private static Shape Citation()
    {
        var place = Object(Any(Surface.Document, Trust.ThirdParty),
        [
            Field("cited_text", s_document),
            Field("document_title", s_document),
            Field("title", s_document),
            Field("url", s_document),
            Field("source", s_document),
            Field("encrypted_index", s_sealedDocument),
            Field("file_id", Meta),
        ]);
        return ByType(
        [
            ("char_location", place), ("page_location", place), ("content_block_location", place), ("web_search_result_location", place),
            ("search_result_location", place),
        ]);
    }

    private static string? Decode(ref ShapeWalker walker, int token)
    {
        var view = walker.View;
        InlineContent.ReadBase64(ref walker, view.Member(token, "data"u8), view.Text(view.Member(token, "media_type"u8)));
        return null;
    }
}
