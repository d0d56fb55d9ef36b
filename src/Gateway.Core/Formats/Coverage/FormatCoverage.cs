using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.Coverage;

/// <summary>
/// What a format reads, as data that the coverage matrix is computed from: the table of its requests, and probes of its responses. A format
/// whose readers take something new adds it here, or the tests that compare with the providers' own types fail.
/// </summary>
public sealed record FormatCoverage
{
    /// <summary>The table of the request's body.</summary>
    internal Shape? Request { get; init; }

    /// <summary>Whole answers, one for each kind of part.</summary>
    internal IReadOnlyList<CoverageProbe> Whole { get; init; } = [];

    /// <summary>Streams, one for each kind of part.</summary>
    internal IReadOnlyList<CoverageProbe> Streamed { get; init; } = [];
}

/// <summary>
/// An answer with <see cref="Marker"/> in the place of one text. The matrix gives it to the format's reader and notes on which surface the marker
/// comes out.
/// </summary>
/// <param name="Part">As in <see cref="CoverageRow"/>.</param>
/// <param name="Member">The path of the text within the part.</param>
/// <param name="Text">The body, or the stream.</param>
internal sealed record CoverageProbe(string Part, string Member, string Text)
{
    /// <summary>How a stream is framed.</summary>
    public StreamFraming Framing { get; init; }

    /// <summary>Stands in the place of the text. Letters only, so that it needs no escapes and can be a name.</summary>
    public const string Marker = "planted";

    /// <summary>The probe of a format that has no streams.</summary>
    public static IReadOnlyList<CoverageProbe> NoStream { get; } = [new("(any stream)", "", $"data: {Marker}\n\n")];

    /// <summary>Probes of the lines of a frame that SDKs pass over.</summary>
    /// <param name="frame">A frame of the format's that begins a stream.</param>
    public static IEnumerable<CoverageProbe> Lines(string frame) =>
        new[] { ("comment", $": {Marker}"), ("id", $"id: {Marker}"), ("retry", $"retry: {Marker}"), ("(other fields)", $"other: {Marker}"), ("(other names)", $"{Marker}: x") }
            .Select(line => new CoverageProbe("frame", line.Item1, $"{line.Item2}\n{frame}"));

    /// <summary>Probes of the members of one part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="wrap">Makes a body of the JSON of a part.</param>
    /// <param name="members">Path of the text and JSON of the part, in which <c>@</c> stands for the marker as a JSON string.</param>
    public static IEnumerable<CoverageProbe> Of(string part, Func<string, string> wrap, params IEnumerable<(string Member, string Json)> members) =>
        members.Select(member => new CoverageProbe(part, member.Member, wrap(member.Json.Replace("@", $"\"{Marker}\"", StringComparison.Ordinal))));
}
