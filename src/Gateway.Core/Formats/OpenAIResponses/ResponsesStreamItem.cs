using System.Text;
using Gateway.Core.Formats.Responses;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>
/// An item of a stream: what is known of it, and from and until which event it was open. Events are counted from 0; the state that a client has
/// seen after <c>n</c> events can be told afterwards.
/// </summary>
internal sealed class ResponsesStreamItem(ResponsesItemKind kind, string type, string id, int addedAt)
{
    public ResponsesItemKind Kind { get; } = kind;

    public string Type { get; } = type;

    public string Id { get; } = id;

    public int AddedAt { get; } = addedAt;

    public int DoneAt { get; set; } = int.MaxValue;

    /// <summary>The item's JSON as it was opened.</summary>
    public byte[] Added { get; set; } = [];

    /// <summary>The item's JSON as it was closed.</summary>
    public byte[] Done { get; set; } = [];

    public List<ResponsesStreamPart> Parts { get; } = [];

    /// <summary>The name of the tool that is called; null until it is known.</summary>
    public string? ToolName { get; set; }

    /// <summary>The channel of the call, or -1.</summary>
    public int Channel { get; set; } = -1;

    /// <summary>What came of the call's arguments.</summary>
    public ResponsesStreamPart Arguments { get; } = new(TextKind.ToolCall, 0, addedAt);

    public bool IsCallWhole { get; set; }

    public bool IsOpenAfter(int events) => AddedAt < events && DoneAt >= events;

    public ResponsesStreamPart? Find(TextKind kind, int index) => Parts.Find(part => part.Kind == kind && part.Index == index);
}

/// <summary>A text of an item, by its place and index, as it comes together.</summary>
internal sealed class ResponsesStreamPart(TextKind kind, int index, int addedAt)
{
    private readonly List<(int Event, int Length)> _lengths = [];

    public TextKind Kind { get; } = kind;

    public int Index { get; } = index;

    public int AddedAt { get; } = addedAt;

    /// <summary>The event that stated the text whole.</summary>
    public int DoneAt { get; set; } = int.MaxValue;

    /// <summary>The event that closed the part, after that.</summary>
    public int ClosedAt { get; set; } = int.MaxValue;

    /// <summary>The pieces, joined.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>The text as a closing event stated it, where that is another; null: it is the same.</summary>
    public string? Restated { get; set; }

    public void Append(ReadOnlySpan<char> text, int atEvent)
    {
        Text.Append(text);
        _lengths.Add((atEvent, Text.Length));
    }

    public void Close(int atEvent, bool wholePart)
    {
        DoneAt = Math.Min(DoneAt, atEvent);
        ClosedAt = wholePart ? Math.Min(ClosedAt, atEvent) : ClosedAt;
    }

    /// <summary>The text after that many events.</summary>
    public string TextAfter(int events)
    {
        var at = _lengths.FindLastIndex(entry => entry.Event < events);
        return at < 0 ? "" : Text.ToString(0, _lengths[at].Length);
    }
}
