using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>The body of a Responses request: the members of OpenAI's published specification 2.3.0 and of its npm types 6.49.0.</summary>
internal static class OpenAIResponsesRequestShape
{
    private static readonly string[] s_ownMembers = ["input", "instructions", "prompt", "previous_response_id", "conversation"];
    private static readonly string[] s_reasoning = ["effort", "summary", "generate_summary", "context", "mode"];

    /// <summary>The whole body.</summary>
    public static Shape Body { get; } = Root(
    [
        .. Conversation(),
        .. Unseen(),
        .. Options(),
        .. Labels(),
        .. RefusedMembers.All.Where(field => !s_ownMembers.Contains(field.Name)),
    ]);

    private static ShapeField[] Conversation() =>
    [
        Field("model", Meta.Then(RequestReader.Model)),
        Field("instructions", Text(Surface.System, Trust.Operator).InGroup(ShapeWalker.StandaloneGroup)),
        Field("input", Either(
            text: Text(Surface.User, Trust.User).InGroup(0).Then(OpenAIResponsesRequestReader.OneMessage),
            array: Messages(OpenAIResponsesRequestItems.Item).Then(RequestReader.MessageCount))),
        Field("tools", Array(OpenAIResponsesRequestTools.Tool)),
        Field("tool_choice", OpenAIResponsesRequestTools.Choice),
        Field("text", Object(
            Field("format", ByType([("text", Object()), ("json_object", Object()), ("json_schema", Format())])),
            Field("verbosity", Meta))),
    ];

    /// <summary>What the provider keeps, or has kept, where the gateway cannot look.</summary>
    private static ShapeField[] Unseen() =>
    [
        Field("previous_response_id", Meta.Uses(Capability.StoredHistory)),
        Field("conversation", Either(text: Meta, obj: Object(Field("id", Meta))).Uses(Capability.StoredHistory)),
        Field("prompt", Object(
            Field("id", Meta),
            Field("version", Meta),
            Field("variables", Object(Variable(), []))).Uses(Capability.StoredPrompt)),
        Field("background", Flag.Then(OpenAIResponsesRequestReader.Background, Capability.ProviderStorage)),
        Field("store", Flag.Then(OpenAIResponsesRequestReader.Store, Capability.ProviderStorage)),
    ];

    private static ShapeField[] Options() =>
    [
        Field("stream", Flag.Then(RequestReader.Stream)),
        Field("stream_options", Object(Field("include_obfuscation", Flag))),
        Field("max_output_tokens", Integer.Then(RequestReader.MaxOutputTokens)),
        Field("max_tool_calls", Integer),
        Field("top_logprobs", Integer),
        Field("parallel_tool_calls", Flag),
        Field("temperature", Number),
        Field("top_p", Number),
        Field("truncation", Word("auto", "disabled")),
        Field("include", Array(Meta)),
        Field("context_management", Array(AnyMeta)),
        Field("reasoning", Object(s_reasoning.Select(name => Field(name, Meta)))),
    ];

    private static ShapeField[] Labels() =>
    [
        Field("user", Meta.Then(RequestReader.EndUser)),
        Field("safety_identifier", Meta.Then(RequestReader.SecondEndUser)),
        Field("prompt_cache_key", Meta),
        Field("prompt_cache_retention", Meta),
        Field("prompt_cache_options", Either(obj: AnyMeta)),
        Field("metadata", Either(obj: AnyMeta)),
        Field("service_tier", Meta),
        Field("moderation", Either(obj: AnyMeta)),
    ];

    private static Shape Format() => Object(
        Needed("name", Text(Surface.ToolDefinition, Trust.ToolDefinition)),
        Field("description", Text(Surface.ToolDefinition, Trust.ToolDefinition)),
        Field("schema", Schema),
        Field("strict", Flag));

    private static Shape Variable() => Either(text: Text(Surface.User, Trust.User), obj: ByType(OpenAIResponsesRequestParts.Input(Surface.User, Trust.User)));
}
