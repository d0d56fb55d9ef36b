namespace Gateway.Core.Formats;

/// <summary>The lines of a frame besides its <c>data</c> lines and its one <c>event</c> line.</summary>
[Flags]
public enum SseLineKinds : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Comments.</summary>
    Comment = 1,

    /// <summary>Any other field: <c>id</c>, <c>retry</c>, an unknown one, a second <c>event</c> line.</summary>
    Other = 2,
}

/// <summary>
/// One frame of a server-sent event stream: its bytes including the blank line that ends it, the event name (empty when there is none) and
/// the joined <c>data</c> lines, a slice of the raw bytes where there is only one. A frame may consist of comments only: then
/// <see cref="HasData"/> is false.
/// </summary>
public readonly ref struct SseFrame(
    ReadOnlySpan<byte> raw, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data, bool hasData, SseLineKinds lines = SseLineKinds.None)
{
    /// <summary>The bytes of the frame as received.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>The value of the last <c>event</c> line.</summary>
    public ReadOnlySpan<byte> Event { get; } = eventName;

    /// <summary>The joined values of the <c>data</c> lines.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Whether there was at least one <c>data</c> line.</summary>
    public bool HasData { get; } = hasData;

    /// <summary>What other lines there were.</summary>
    public SseLineKinds Lines { get; } = lines;
}
