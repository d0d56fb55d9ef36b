using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.OpenAIChat;

/// <summary>Reads Chat Completions requests.</summary>
internal static class OpenAIChatRequestReader
{
    private static readonly byte[] s_option = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly byte[] s_object = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] s_onlyMember = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] s_firstMember = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] s_true = "true"u8.ToArray();

    /// <summary>Reads the body of <paramref name="request"/>.</summary>
    public static RequestFault? Read(ExchangeRequest request) => RequestReader.Read(request, OpenAIChatRequestShape.Body, Finish);

    /// <summary>Handler of <c>stream_options.include_usage</c>.</summary>
    public static string? IncludeUsage(ref ShapeWalker walker, int token)
    {
        walker.Request!.ClientWantsStreamUsage = walker.View[token].Kind == JsonKind.True;
        return null;
    }

    private static RequestFault? Finish(JsonView view, ExchangeRequest request)
    {
        if (IsSet(view, "tools"u8) && IsSet(view, "functions"u8))
        {
            return RequestFaults.At(RequestFaultReasons.BothToolForms, "$", message: null);
        }

        EnsureUsage(view, request);
        return null;
    }

    /// <summary>Makes a streamed request ask for usage where the client does not.</summary>
    public static void EnsureUsage(JsonView view, ExchangeRequest request)
    {
        if (request.Stream && !request.ClientWantsStreamUsage)
        {
            request.UsageEdits.Add(AskForUsage(view));
        }
    }

    private static bool IsSet(JsonView view, ReadOnlySpan<byte> member)
    {
        var value = view.Member(0, member);
        return value >= 0 && view[value].Kind != JsonKind.Null;
    }

    /// <summary>The smallest edit after which <c>stream_options.include_usage</c> is true and everything else as it was.</summary>
    private static BodyEdit AskForUsage(JsonView view)
    {
        var options = view.Member(0, "stream_options"u8);
        if (options < 0)
        {
            // The body has members (model is required), so a comma follows.
            return Insert(view[0].Start + 1, s_option);
        }

        if (view[options].Kind == JsonKind.Null)
        {
            return Replace(view, options, s_object);
        }

        var usage = view.Member(options, "include_usage"u8);
        if (usage >= 0)
        {
            return Replace(view, usage, s_true);
        }

        var isEmpty = view[options].Next == options + 1;
        return Insert(view[options].Start + 1, isEmpty ? s_onlyMember : s_firstMember);
    }

    private static BodyEdit Insert(int at, byte[] bytes) => new(new ByteRange(at, 0), bytes);

    private static BodyEdit Replace(JsonView view, int token, byte[] bytes) => new(new ByteRange(view[token].Start, view[token].Length), bytes);
}
