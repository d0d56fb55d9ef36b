using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Content of messages, tool outputs and prompt variables: a string, or parts.</summary>
internal static class OpenAIResponsesRequestParts
{
    // The model does not read them again, and among the text they would break a phrase up.
    private static readonly Shape s_token = Text(Surface.Metadata, Trust.Assistant);

    /// <summary>The id of a file that the provider keeps.</summary>
    public static Shape FileId { get; } = Meta.Uses(Capability.StoredFile);

    /// <summary>A picture: a data URI, or an address that the provider fetches.</summary>
    public static Shape Image { get; } = Text(Surface.Metadata, Trust.User, SegmentFlags.Binary).Then(OpenAIResponsesMedia.Address, OpenAIResponsesMedia.AddressMarks);

    /// <summary>A string, or an array of the parts that a client writes and of <paramref name="more"/>.</summary>
    public static Shape Content(Surface surface, Trust trust, params IReadOnlyList<(string Name, Shape Shape)> more) =>
        Either(text: Text(surface, trust), array: Array(ByType([.. Input(surface, trust), .. more])));

    /// <summary>The parts that a client writes.</summary>
    public static IReadOnlyList<(string Name, Shape Shape)> Input(Surface surface, Trust trust) =>
    [
        ("input_text", Object(Needed("text", Text(surface, trust)))),
        ("input_image", Object(
            Field("image_url", Image),
            Field("file_id", FileId),
            Field("detail", Word("low", "high", "auto", "original")))),
        ("input_file", Object(
            Field("file_data", Text(Surface.Document, Trust.ThirdParty, SegmentFlags.Binary).Then(OpenAIResponsesMedia.Data, OpenAIResponsesMedia.DataMarks)),
            Field("file_url", Text(Surface.Metadata, Trust.User).Then(OpenAIResponsesMedia.Address, OpenAIResponsesMedia.AddressMarks)),
            Field("file_id", FileId),
            Field("filename", Meta),
            Field("detail", Word("low", "high", "auto")))),
        ("input_audio", Object(Needed("input_audio", Object(
            Needed("data", Text(surface, trust, SegmentFlags.Binary).Uses(Capability.Audio)),
            Field("format", Word("wav", "mp3")))))),
    ];

    /// <summary>The parts that a model writes, as a client replays them.</summary>
    public static IReadOnlyList<(string Name, Shape Shape)> Output(Surface surface, Trust trust) =>
    [
        ("output_text", Object(
            Needed("text", Text(surface, trust)),
            Field("annotations", Array(Annotation())),
            Field("logprobs", Array(Logprob(Field("top_logprobs", Array(Logprob()))))))),
        ("refusal", Object(Needed("refusal", Text(surface, trust)))),
    ];

    private static Shape Annotation()
    {
        var document = Text(Surface.Document, Trust.ThirdParty);
        var any = Any(Surface.Document, Trust.ThirdParty);
        return ByType(
            [
                ("url_citation", Object(any, [Field("title", document), Field("url", document)])),
                ("file_citation", Object(any, [Field("file_id", Meta), Field("filename", document)])),
                ("container_file_citation", Object(any, [Field("container_id", Meta), Field("file_id", Meta), Field("filename", document)])),
                ("file_path", Object(any, [Field("file_id", Meta)])),
            ],
            absent: any,
            otherwise: any);
    }

    private static Shape Logprob(params IReadOnlyList<ShapeField> more) =>
        Object([Field("token", s_token), Field("logprob", Number), Field("bytes", AnyMeta), .. more]);
}
