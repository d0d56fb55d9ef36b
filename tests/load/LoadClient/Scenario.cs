namespace LoadClient;

/// <summary>One kind of traffic.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Body">The request, with <see cref="Bodies.Marker"/> where each request differs.</param>
/// <param name="Connections">Requests in flight.</param>
/// <param name="IsStream">Whether time to first byte counts.</param>
/// <param name="CpuBar">The largest accepted ratio of CPU a request to the bare proxy; null: none is set.</param>
internal sealed record Scenario(string Name, byte[] Body, int Connections, bool IsStream, double? CpuBar)
{
    /// <summary>All scenarios, in the order of the report. The bars are those of the performance section of the README.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("small", Bodies.Small("gpt-4o-plain"), 16, IsStream: false, 1.5),
        new("medium", Bodies.Medium("gpt-4o-plain"), 16, IsStream: false, 1.6),
        new("large", Bodies.Large("gpt-4o-plain"), 16, IsStream: false, 2.0),
        new("medium-single", Bodies.Medium("gpt-4o-plain"), 1, IsStream: false, null),
        new("stream-burst", Bodies.Streamed("gpt-4o-burst"), 16, IsStream: true, 1.6),
        new("stream-paced", Bodies.Streamed("gpt-4o-paced"), 16, IsStream: true, 1.3),
    ];
}
