using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>
/// The body of a Chat Completions request: the members of OpenAI's published specification 2.3.0 and of the dialects that compatible
/// servers accept.
/// </summary>
internal static class OpenAIChatRequestShape
{
    /// <summary>The whole body.</summary>
    public static Shape Body { get; } = Root([.. Conversation(), .. Tools(), .. Limits(), .. Labels(), .. RefusedMembers.All]);

    private static ShapeField[] Conversation() =>
    [
        Field("model", Meta.Then(RequestReader.Model)),
        Needed("messages", Messages(OpenAIChatRequestMessages.Message).Then(RequestReader.MessageCount)),
        Field("prediction", ByType([("content", Object(
            Needed("content", OpenAIChatRequestMessages.Content(Surface.Assistant, Trust.Assistant).InGroup(ShapeWalker.StandaloneGroup))))])),
        Field("response_format", ByType([("text", Object()), ("json_object", Object()), ("json_schema", Object(Needed("json_schema", Object(
            Field("name", OpenAIChatRequestTools.Definition),
            Field("description", OpenAIChatRequestTools.Definition),
            Field("schema", Schema),
            Field("strict", Flag)))))])),
        Field("stop", Either(text: Meta, array: Array(Meta))),
        Field("stream", Flag.Then(RequestReader.Stream)),
        Field("stream_options", Object(
            Field("include_usage", Flag.Then(OpenAIChatRequestReader.IncludeUsage)),
            Field("include_obfuscation", Flag))),
    ];

    private static ShapeField[] Tools() =>
    [
        Field("tools", Array(OpenAIChatRequestTools.Tool)),
        Field("functions", Array(OpenAIChatRequestTools.LegacyFunction)),
        Field("tool_choice", OpenAIChatRequestTools.Choice),
        Field("function_call", Either(text: Meta, obj: Object(Needed("name", Meta)))),
        Field("parallel_tool_calls", Flag),
        Field("web_search_options", Either(obj: AnyMeta).Uses(Capability.ProviderTool, "web_search")),
    ];

    private static ShapeField[] Limits() =>
    [
        Field("max_tokens", Integer.Then(RequestReader.MaxOutputTokens)),
        Field("max_completion_tokens", Integer.Then(RequestReader.MaxOutputTokens)),
        Field("n", Integer.Then(RequestReader.ChoiceCount)),
        Field("logprobs", Flag),
        Field("top_logprobs", Integer),
        Field("logit_bias", Either(obj: AnyMeta).Uses(Capability.OutputSteering)),
        Field("temperature", Number),
        Field("top_p", Number),
        Field("frequency_penalty", Number),
        Field("presence_penalty", Number),
        Field("seed", Number),
    ];

    private static ShapeField[] Labels() =>
    [
        Field("user", Meta.Then(RequestReader.EndUser)),
        Field("safety_identifier", Meta.Then(RequestReader.SecondEndUser)),
        Field("prompt_cache_key", Meta),
        Field("prompt_cache_retention", Meta),
        Field("prompt_cache_options", Either(obj: AnyMeta)),
        Field("metadata", Either(obj: AnyMeta)),
        Field("store", Switch(Capability.ProviderStorage)),
        Field("service_tier", Meta),
        Field("reasoning_effort", Meta),
        Field("verbosity", Meta),
        Field("modalities", Array(Meta)),
        Field("moderation", Object(Field("model", Meta.Then(RequestReader.OtherModel)))),
        Field("audio", Object(
            Field("voice", Either(text: Meta, obj: Object(Field("id", Meta)))),
            Field("format", Meta)).Uses(Capability.Audio)),
    ];
}
