using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>What an event of a stream does.</summary>
internal enum ResponsesEventKind : byte
{
    /// <summary>No table knows it.</summary>
    Unknown,

    /// <summary>Says how far something has come and carries no text.</summary>
    Progress,

    /// <summary>The response object, for the first time.</summary>
    Created,

    /// <summary>The response object in between.</summary>
    Response,

    /// <summary>The response object at the end.</summary>
    Terminal,

    /// <summary>The provider's error.</summary>
    Error,
    ItemAdded,
    ItemDone,
    PartAdded,
    PartDone,

    /// <summary>A piece of a text of an item.</summary>
    TextDelta,

    /// <summary>A text of an item, whole.</summary>
    TextDone,

    /// <summary>A piece of a call's arguments.</summary>
    ArgumentsDelta,

    /// <summary>A call's arguments, whole.</summary>
    ArgumentsDone,

    /// <summary>A text that runs beside the items' own.</summary>
    Running,

    /// <summary>A text that stands for itself.</summary>
    Standing,
}

/// <summary>An event of a stream.</summary>
/// <param name="Type">Its name, and the <c>type</c> of its data.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Member">The member that holds the text.</param>
/// <param name="Place">What the text is.</param>
internal sealed record ResponsesEvent(string Type, ResponsesEventKind Kind, ResponsesMember Member = ResponsesMember.Unknown, TextPlace Place = default)
{
    private static readonly TextPlace s_code = new(TextKind.Other, Surface.ToolArguments, Trust.Model, SegmentFlags.ProviderSide);
    private static readonly TextPlace s_printed = new(TextKind.Other, Surface.ToolResult, Trust.ThirdParty);

    // The most frequent first: they are looked up in this order.
    private static readonly ResponsesEvent[] s_all =
    [
        new("response.output_text.delta", ResponsesEventKind.TextDelta, ResponsesMember.Delta, TextPlaces.Prose),
        new("response.function_call_arguments.delta", ResponsesEventKind.ArgumentsDelta, ResponsesMember.Delta),
        new("response.reasoning_summary_text.delta", ResponsesEventKind.TextDelta, ResponsesMember.Delta, TextPlaces.ReasoningSummary),
        new("response.reasoning_text.delta", ResponsesEventKind.TextDelta, ResponsesMember.Delta, TextPlaces.ReasoningText),
        new("response.refusal.delta", ResponsesEventKind.TextDelta, ResponsesMember.Delta, TextPlaces.Refusal),
        new("response.custom_tool_call_input.delta", ResponsesEventKind.ArgumentsDelta, ResponsesMember.Delta),
        new("response.mcp_call_arguments.delta", ResponsesEventKind.ArgumentsDelta, ResponsesMember.Delta),
        new("response.code_interpreter_call_code.delta", ResponsesEventKind.Running, ResponsesMember.Delta, s_code),
        new("response.audio.delta", ResponsesEventKind.Running, ResponsesMember.Delta, TextPlaces.AudioData),
        new("response.audio.transcript.delta", ResponsesEventKind.Running, ResponsesMember.Delta, TextPlaces.Transcript),
        new("response.shell_call_command.delta", ResponsesEventKind.Running, ResponsesMember.Delta, s_code),
        new("response.shell_call_output_content.delta", ResponsesEventKind.Running, ResponsesMember.Delta, s_printed),
        new("response.created", ResponsesEventKind.Created),
        new("response.in_progress", ResponsesEventKind.Response),
        new("response.queued", ResponsesEventKind.Response),
        new("response.output_item.added", ResponsesEventKind.ItemAdded),
        new("response.output_item.done", ResponsesEventKind.ItemDone),
        new("response.content_part.added", ResponsesEventKind.PartAdded),
        new("response.content_part.done", ResponsesEventKind.PartDone),
        new("response.reasoning_summary_part.added", ResponsesEventKind.PartAdded),
        new("response.reasoning_summary_part.done", ResponsesEventKind.PartDone),
        new("response.output_text.done", ResponsesEventKind.TextDone, ResponsesMember.Text, TextPlaces.Prose),
        new("response.refusal.done", ResponsesEventKind.TextDone, ResponsesMember.Refusal, TextPlaces.Refusal),
        new("response.reasoning_text.done", ResponsesEventKind.TextDone, ResponsesMember.Text, TextPlaces.ReasoningText),
        new("response.reasoning_summary_text.done", ResponsesEventKind.TextDone, ResponsesMember.Text, TextPlaces.ReasoningSummary),
        new("response.function_call_arguments.done", ResponsesEventKind.ArgumentsDone, ResponsesMember.Arguments),
        new("response.mcp_call_arguments.done", ResponsesEventKind.ArgumentsDone, ResponsesMember.Arguments),
        new("response.custom_tool_call_input.done", ResponsesEventKind.ArgumentsDone, ResponsesMember.Input),
        new("response.code_interpreter_call_code.done", ResponsesEventKind.Standing, ResponsesMember.Code, ResponsesPlaces.Arguments),
        new("response.shell_call_command.added", ResponsesEventKind.Standing, ResponsesMember.Command, ResponsesPlaces.Arguments),
        new("response.shell_call_command.done", ResponsesEventKind.Standing, ResponsesMember.Command, ResponsesPlaces.Arguments),
        new("response.shell_call_output_content.done", ResponsesEventKind.Standing, ResponsesMember.Output, TextPlaces.ToolResult),
        new("response.output_text.annotation.added", ResponsesEventKind.Standing, ResponsesMember.Annotation, TextPlaces.Document),
        new("response.image_generation_call.partial_image", ResponsesEventKind.Standing, ResponsesMember.PartialImage, ResponsesPlaces.Image),
        new("response.completed", ResponsesEventKind.Terminal),
        new("response.incomplete", ResponsesEventKind.Terminal),
        new("response.failed", ResponsesEventKind.Terminal),
        new("error", ResponsesEventKind.Error),
        .. Progress("web_search_call", "in_progress", "searching", "completed"),
        .. Progress("file_search_call", "in_progress", "searching", "completed"),
        .. Progress("code_interpreter_call", "in_progress", "interpreting", "completed"),
        .. Progress("image_generation_call", "in_progress", "generating", "completed"),
        .. Progress("mcp_call", "in_progress", "completed", "failed"),
        .. Progress("mcp_list_tools", "in_progress", "completed", "failed"),
        .. Progress("audio", "done"),
        .. Progress("audio.transcript", "done"),
    ];

    /// <summary>An event that no table knows.</summary>
    public static ResponsesEvent Unknown { get; } = new("", ResponsesEventKind.Unknown);

    /// <summary>Tells running texts of different events apart.</summary>
    public ulong Hash { get; } = StringLeaves.Hash(Encoding.ASCII.GetBytes(Type), 0);

    /// <summary>The member that says which part of the item it is about.</summary>
    public byte[] PartMember { get; } = Encoding.ASCII.GetBytes(Type.Contains("summary", StringComparison.Ordinal) ? "summary_index" : "content_index");

    /// <summary>Whether it belongs to an item.</summary>
    public bool NeedsItem => Kind is ResponsesEventKind.PartAdded or ResponsesEventKind.PartDone or ResponsesEventKind.TextDelta or ResponsesEventKind.TextDone
        or ResponsesEventKind.ArgumentsDelta or ResponsesEventKind.ArgumentsDone;

    /// <summary>The event of <paramref name="type"/>.</summary>
    public static ResponsesEvent Of(JsonString type)
    {
        foreach (var known in s_all)
        {
            if (type.Raw.Length == known.Type.Length && type.Is(known.Type))
            {
                return known;
            }
        }

        return Unknown;
    }

    private static IEnumerable<ResponsesEvent> Progress(string of, params string[] words) =>
        words.Select(word => new ResponsesEvent($"response.{of}.{word}", ResponsesEventKind.Progress));
}
