using System.Text;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Coverage;

/// <summary>Gives a probe to the reader of its format and says what became of the marker.</summary>
internal static class ProbeCoverage
{
    /// <summary>One leaf for each surface on which the marker came out; a single unread one where it did not.</summary>
    public static IEnumerable<CoverageLeaf> Of(IWireFormat format, CoverageProbe probe, bool streamed)
    {
        var surfaces = new SortedSet<Surface>();
        var accepted = streamed ? ReadStream(format, probe, surfaces) : ReadWhole(format, probe, surfaces);
        return surfaces.Count > 0 && accepted
            ? surfaces.Select(surface => new CoverageLeaf(probe.Part, probe.Member, surface, CoverageTreatment.Inspected, default))
            : [new CoverageLeaf(probe.Part, probe.Member, Surface: null, accepted ? CoverageTreatment.Unread : CoverageTreatment.Refused, default)];
    }

    private static bool ReadWhole(IWireFormat format, CoverageProbe probe, SortedSet<Surface> surfaces)
    {
        using var content = new MessageContent();
        var accepted = format.TryReadResponse(Encoding.UTF8.GetBytes(probe.Text), content);
        foreach (var segment in content.Segments)
        {
            Note(content.TextOf(segment), segment.Surface, surfaces);
        }

        return accepted;
    }

    private static bool ReadStream(IWireFormat format, CoverageProbe probe, SortedSet<Surface> surfaces)
    {
        using var request = new ExchangeRequest { Body = default, Stream = true, ClientWantsStreamUsage = true, Framing = probe.Framing };
        var reader = format.CreateStreamReader(request);
        using var frames = reader.CreateFrames();
        var lines = new SseLineTexts(reader.AnswersForEventNames);
        var frame = new StreamFrame();
        frames.Append(Encoding.UTF8.GetBytes(probe.Text));
        frames.Complete();
        while (frames.TryRead(out var sse))
        {
            reader.Read(sse, frame);
            if (frame.Fault is not null)
            {
                return false;
            }

            lines.Read(sse, frame);
            foreach (var delta in frame.Deltas)
            {
                Note(frame.TextOf(delta), delta.Surface, surfaces);
            }

            if (surfaces.Count > 0)
            {
                return true;
            }
        }

        return frames.Fault is null;
    }

    private static void Note(ReadOnlySpan<char> text, Surface surface, SortedSet<Surface> surfaces)
    {
        if (text.Contains(CoverageProbe.Marker, StringComparison.Ordinal))
        {
            surfaces.Add(surface);
        }
    }
}
