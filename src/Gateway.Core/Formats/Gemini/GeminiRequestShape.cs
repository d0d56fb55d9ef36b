using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.Gemini;

/// <summary>The bodies of Gemini requests: the members of the v1beta discovery document and of the official SDKs.</summary>
internal static class GeminiRequestShape
{
    private static readonly Shape s_anyDefinition = Any(Surface.ToolDefinition, Trust.ToolDefinition);

    private static readonly string[] s_numbers = ["temperature", "topP", "topK", "presencePenalty", "frequencyPenalty", "seed", "logprobs"];
    private static readonly string[] s_flags = ["responseLogprobs", "enableEnhancedCivicAnswers", "enableAffectiveDialog", "audioTimestamp"];

    private static readonly Shape s_contents = Either(
        array: Messages(GeminiRequestParts.Content).Then(RequestReader.MessageCount),
        obj: GeminiRequestParts.Content.InGroup(0));

    /// <summary>generateContent and streamGenerateContent.</summary>
    public static Shape Generate { get; } = Body(Conversation(contents: Needed("contents", s_contents)));

    /// <summary>countTokens: contents, or a whole request in one member.</summary>
    public static Shape CountTokens { get; } = Body(
    [
        .. Conversation(contents: Field("contents", s_contents)),
        Field("generateContentRequest", ProtoObject(Conversation(contents: Needed("contents", s_contents)))),
    ]);

    /// <summary>embedContent and batchEmbedContents.</summary>
    public static Shape Embed { get; } = Body(
    [
        .. Embedding(GeminiRequestParts.Content.InGroup(0)),
        Field("requests", Either(
            array: Messages(ProtoObject(Embedding(GeminiRequestParts.Content))),
            obj: ProtoObject(Embedding(GeminiRequestParts.Content)).InGroup(0))),
    ]);

    private static Shape Body(IEnumerable<ShapeField> fields) => ProtoObject([.. fields, .. RefusedMembers.All]) with { IsRoot = true };

    private static ShapeField[] Conversation(ShapeField contents) =>
    [
        contents,
        Field("model", Meta.Then(GeminiModels.InBody)),
        Field("systemInstruction", GeminiRequestParts.System),
        Field("tools", Repeated(GeminiRequestTools.Tool)),
        Field("toolConfig", GeminiRequestTools.Config),
        Field("generationConfig", Generation()),
        Field("safetySettings", AnyMeta),
        Field("cachedContent", Meta.Uses(Capability.StoredHistory)),
        Field("labels", AnyMeta),
        Field("modelArmorConfig", AnyMeta),
        Field("continuationToken", Meta.Uses(Capability.StoredHistory)),
        Field("serviceTier", AnyMeta),
        Field("store", Switch(Capability.ProviderStorage)),
    ];

    private static ShapeField[] Embedding(Shape content) =>
    [
        Field("model", Meta.Then(GeminiModels.InBody)),
        Field("content", content),
        Field("taskType", AnyMeta),
        Field("title", Meta),
        Field("outputDimensionality", Integer),
        Field("autoTruncate", Flag),
    ];

    private static Shape Generation() => ProtoObject(
    [
        Field("stopSequences", Repeated(Meta)),
        Field("maxOutputTokens", Integer.Then(RequestReader.MaxOutputTokens)),
        Field("candidateCount", Integer.Then(RequestReader.ChoiceCount)),
        Field("responseMimeType", Meta),
        Field("responseSchema", Schema),
        Field("responseJsonSchema", Schema),
        Field("_responseJsonSchema", Schema),
        Field("responseFormat", s_anyDefinition),
        Field("responseModalities", AnyMeta),
        Field("speechConfig", Speech()),
        Field("audioTranscriptionConfig", s_anyDefinition),
        Field("routingConfig", Gated(
            Capability.SecondModel,
            "The gateway's policy chooses the model; this member is not passed on.",
            ProtoObject(Field("manualMode", ProtoObject(Field("modelName", Meta.Then(RequestReader.OtherModel))))))),
        Field("modelSelectionConfig", AnyMeta),
        Field("thinkingConfig", AnyMeta),
        Field("imageConfig", AnyMeta),
        Field("mediaResolution", AnyMeta),
        Field("translationConfig", AnyMeta),
        .. s_numbers.Select(name => Field(name, Number)),
        .. s_flags.Select(name => Field(name, Flag)),
    ]);

    private static Shape Speech()
    {
        var voice = ProtoObject(Field("replicatedVoiceConfig", AnyMeta.Uses(Capability.Audio)));
        return ProtoObject(
            Field("voiceConfig", voice),
            Field("multiSpeakerVoiceConfig", ProtoObject(Field("speakerVoiceConfigs", Repeated(ProtoObject(Field("voiceConfig", voice)))))));
    }
}
