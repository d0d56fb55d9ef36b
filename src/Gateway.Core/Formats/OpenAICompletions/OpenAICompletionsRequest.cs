using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Gateway.Core.Formats.OpenAIChat;
using static Gateway.Core.Formats.Json.Shapes;

namespace Gateway.Core.Formats.OpenAICompletions;

/// <summary>The body of a legacy Completions request.</summary>
internal static class OpenAICompletionsRequest
{
    // A reader of a stream keeps a state for each choice, and every prompt of an array is answered by choices of its own.
    private const int MaxStreamedChoices = 128;

    // OpenAI documents 2,048 prompts in an array and 128 choices; nobody needs both at once.
    private const int MaxChoices = 4096;

    private static readonly Shape s_user = Text(Surface.User, Trust.User);
    private static readonly Shape s_tokenIds = Array(Integer).Uses(Capability.TokenIds);

    /// <summary>The whole body.</summary>
    public static Shape Body { get; } = Root([.. Conversation(), .. Limits(), .. RefusedMembers.Except("prompt", "suffix", "echo"), RefusedMembers.Foreign("messages")]);

    /// <summary>Reads the body of <paramref name="request"/>.</summary>
    public static RequestFault? Read(ExchangeRequest request) => RequestReader.Read(request, Body, Finish);

    private static ShapeField[] Conversation() =>
    [
        Field("model", Meta.Then(RequestReader.Model)),
        Field("prompt", Either(text: s_user, array: Messages(Either(text: s_user, array: s_tokenIds, numbers: s_tokenIds)), numbers: s_tokenIds)),
        Field("suffix", s_user),
        Field("stop", Either(text: Meta, array: Array(Meta))),
        Field("echo", Flag),
        Field("stream", Flag.Then(RequestReader.Stream)),
        Field("stream_options", Object(
            Field("include_usage", Flag.Then(OpenAIChatRequestReader.IncludeUsage)),
            Field("include_obfuscation", Flag))),
        Field("user", Meta.Then(RequestReader.EndUser)),
    ];

    private static ShapeField[] Limits() =>
    [
        Field("max_tokens", Integer.Then(RequestReader.MaxOutputTokens)),
        Field("n", Integer.Then(RequestReader.ChoiceCount)),
        Field("best_of", Integer.Then(RequestReader.ChoiceCount)),
        Field("logprobs", Integer),
        Field("logit_bias", Either(obj: AnyMeta).Uses(Capability.OutputSteering)),
        Field("temperature", Number),
        Field("top_p", Number),
        Field("frequency_penalty", Number),
        Field("presence_penalty", Number),
        Field("seed", Number),
    ];

    private static RequestFault? Finish(JsonView view, ExchangeRequest request)
    {
        // Answers that are made, and paid for, but not sent count like those that are.
        var choices = Math.Max(view.Integer(view.Member(0, "n"u8)) ?? 1, view.Integer(view.Member(0, "best_of"u8)) ?? 1) * Prompts(view);
        if (choices > (request.Stream ? MaxStreamedChoices : MaxChoices))
        {
            return RequestFaults.At(RequestFaultReasons.TooManyItems, "$.prompt", "Prompts and choices multiply to more answers than one request may ask for.");
        }

        request.ChoiceCount = (int)choices;
        OpenAIChatRequestReader.EnsureUsage(view, request);
        return null;
    }

    private static long Prompts(JsonView view)
    {
        var prompt = view.Member(0, "prompt"u8);
        if (prompt < 0 || view[prompt].Kind != JsonKind.Array || view[prompt].Next == prompt + 1 || view[prompt + 1].Kind == JsonKind.Number)
        {
            return 1;
        }

        var count = 0;
        for (var at = prompt + 1; at < view[prompt].Next; at = view[at].Next)
        {
            count++;
        }

        return count;
    }
}
