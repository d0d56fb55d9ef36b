using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Tools whose work the model knows: those that the provider runs, and those that a client runs for it.</summary>
internal static class OpenAIResponsesRequestBuiltIns
{
    private static readonly string[] s_webSearch = ["web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"];
    private static readonly string[] s_pictureOptions = ["action", "background", "input_fidelity", "moderation", "output_format", "quality", "size"];

    /// <summary>The declarations. <paramref name="place"/> marks the one that may run on either side.</summary>
    public static IEnumerable<(string Name, Shape Shape)> Tools(Trust trust, ShapeHandler place)
    {
        var text = Text(Surface.ToolDefinition, trust);
        var any = Any(Surface.ToolDefinition, trust);
        return
        [
            .. s_webSearch.Select(name => (name, WebSearch(any))),
            ("file_search", Object(any,
            [
                Field("vector_store_ids", Array(Meta)),
                Field("filters", AnyMeta),
                Field("ranking_options", AnyMeta),
                Field("max_num_results", Number),
            ]).Uses(Capability.ProviderTool)),
            ("code_interpreter", Object(any,
            [
                Field("container", Either(text: Meta, obj: Container(any))),
                Field("allowed_callers", Array(Meta)),
            ]).Uses(Capability.ProviderTool)),
            ("image_generation", ImageGeneration(any)),
            ("mcp", Server(text, any)),
            ("programmatic_tool_calling", Object(any, []).Uses(Capability.ProviderTool)),
            ("computer", Object(any, [])),
            ("computer_use_preview", Object(any, [Field("environment", Meta), Field("display_width", Number), Field("display_height", Number)])),
            ("local_shell", Object(any, [])),
            ("shell", Object(any, [Field("environment", Environment(text, any)), Field("allowed_callers", Array(Meta))]).Then(place, Capability.ProviderTool)),
            ("apply_patch", Object(any, [Field("allowed_callers", Array(Meta))])),
        ];
    }

    private static Shape WebSearch(Shape any) => Object(any,
    [
        Field("filters", AnyMeta),
        Field("user_location", AnyMeta),
        Field("search_context_size", Meta),
        Field("search_content_types", Array(Meta)),
    ]).Uses(Capability.ProviderTool);

    private static Shape Container(Shape any) => Object(any,
    [
        Field("type", Word("auto")),
        Field("file_ids", Array(OpenAIResponsesRequestParts.FileId)),
        Field("memory_limit", Meta),
        Field("network_policy", AnyMeta),
    ]);

    private static Shape ImageGeneration(Shape any) => Object(any,
    [
        Field("model", Meta),
        Field("input_image_mask", Object(
            Field("image_url", OpenAIResponsesRequestParts.Image),
            Field("file_id", OpenAIResponsesRequestParts.FileId))),
        .. s_pictureOptions.Select(name => Field(name, Meta)),
        Field("partial_images", Number),
        Field("output_compression", Number),
    ]).Uses(Capability.ProviderTool);

    /// <summary>A server that the provider calls: its address, its credential and what of it may be called are all the client's choice.</summary>
    private static Shape Server(Shape text, Shape any) => Object(any,
    [
        Needed("server_label", text),
        Field("server_url", text),
        Field("server_description", text),
        Field("connector_id", text),
        Field("tunnel_id", text),
        Field("authorization", text),
        Field("headers", any),
        Field("allowed_tools", any),
        Field("require_approval", Either(text: Word("always", "never"), obj: AnyMeta)),
        Field("defer_loading", Flag),
        Field("allowed_callers", Array(Meta)),
    ]).Uses(Capability.Connector);

    private static Shape Environment(Shape text, Shape any) => Object(any,
    [
        Field("type", Word("local", "container_auto", "container_reference")),
        Field("container_id", Meta),
        Field("file_ids", Array(OpenAIResponsesRequestParts.FileId)),
        Field("memory_limit", Meta),
        Field("network_policy", AnyMeta),
        Field("skills", Array(Object(any,
        [
            Field("type", Word("inline", "skill_reference")),
            Field("skill_id", OpenAIResponsesRequestParts.FileId),
            Field("version", Meta),
            Field("name", text),
            Field("description", text),
            Field("path", text),
            Field("source", Object(any,
            [
                Field("type", Word("base64")),
                Field("media_type", Meta),
                Field("data", Text(Surface.Document, Trust.ThirdParty, SegmentFlags.Binary).Uses(Capability.BinaryDocument)),
            ])),
        ]))),
    ]);
}
