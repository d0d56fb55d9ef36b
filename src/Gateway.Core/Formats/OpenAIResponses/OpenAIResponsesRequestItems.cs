using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>The items of <c>input</c>, by type.</summary>
internal static class OpenAIResponsesRequestItems
{
    private static readonly Shape s_reasoning = Text(Surface.Reasoning, Trust.Assistant);

    private static readonly Shape s_sealed =
        Text(Surface.Reasoning, Trust.Assistant, SegmentFlags.Opaque).Uses(Capability.SealedContent);

    /// <summary>
    /// One item. Without type it is a message, or, with an id alone, a reference to an item that the provider keeps; anything else in such a
    /// reference is refused, since servers differ in what they take it for.
    /// </summary>
    public static Shape Item { get; } = ByType(
        [
            ("message", ByRole([.. Messages()])),
            ("item_reference", Reference()),
            ("reasoning", Of(
                Field("summary", Array(ByType([("summary_text", Object(Needed("text", s_reasoning)))]))),
                Field("content", Array(ByType([("reasoning_text", Object(Needed("text", s_reasoning)))]))),
                Field("encrypted_content", s_sealed))),
            ("compaction", Of(Needed("encrypted_content", s_sealed))),
            ("additional_tools", Of(Field("role", Meta), Needed("tools", Array(OpenAIResponsesRequestTools.Tool)))),
            .. OpenAIResponsesRequestCalls.Items,
            .. OpenAIResponsesRequestResults.Items,
        ],
        absent: ByRole(Reference(Field("type", Meta)), [.. Messages()]));

    /// <summary>An item with the members that all have, and <paramref name="fields"/>.</summary>
    public static Shape Of(params IReadOnlyList<ShapeField> fields) => Object(
    [
        Field("id", Meta),
        Field("call_id", Meta),
        Field("status", Word("in_progress", "completed", "incomplete", "failed", "searching", "interpreting", "calling", "generating")),
        Field("caller", AnyMeta),
        Field("created_by", Meta),
        .. fields,
    ]);

    private static Shape Reference(params IReadOnlyList<ShapeField> more) =>
        Object(Refused("A reference to an item holds its id and nothing else."), [Needed("id", Meta), .. more]).Uses(Capability.StoredHistory);

    private static IEnumerable<(string Role, Shape Shape)> Messages() =>
    [
        ("user", Message(OpenAIResponsesRequestParts.Content(Surface.User, Trust.User))),
        ("system", Message(OpenAIResponsesRequestParts.Content(Surface.System, Trust.Operator))),
        ("developer", Message(OpenAIResponsesRequestParts.Content(Surface.Developer, Trust.Operator))),
        ("assistant", Message(OpenAIResponsesRequestParts.Content(
            Surface.Assistant,
            Trust.Assistant,
            OpenAIResponsesRequestParts.Output(Surface.Assistant, Trust.Assistant)))),
    ];

    private static Shape Message(Shape content) => Object(
        Field("type", Word("message")),
        Needed("content", content),
        Field("id", Meta),
        Field("status", Word("in_progress", "completed", "incomplete")),
        Field("phase", Word("commentary", "final_answer")));
}
