using System.Text;
using CsCheck;
using Gateway.Core.Formats;
using Xunit;

namespace Gateway.Core.Tests.Formats.Sse;

/// <summary>Framing of made-up streams under made-up chunking.</summary>
public sealed class SseFramePropertyTests
{
    private static readonly Gen<string> Lines = Gen.OneOf("data: a", "data:b", "data", "event: e", ": c", "id: 1", "datum: x", "data: ü", "\uFEFF", "x", "", "");
    private static readonly Gen<string> LineEnds = Gen.OneOf("\n", "\r\n", "\r");
    private static readonly Gen<string> Streams = Gen.Select(Lines, LineEnds, (line, end) => line + end).Array[0, 20].Select(string.Concat);
    private static readonly Gen<int[]> Cuts = Gen.Int[0, 200].Array[0, 12];

    [Fact]
    public void TryRead_any_chunking_gives_the_same_frames_and_fault() => Gen.Select(Streams, Cuts).Sample((stream, cuts) =>
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var ends = cuts.Where(cut => cut < bytes.Length).Order().Append(bytes.Length).ToArray();
        Assert.Equal(SseFrameReaderTests.Frames(bytes, bytes.Length), SseFrameReaderTests.Frames(bytes, ends));
    });

    [Fact]
    public void TryRead_frames_and_remainder_are_the_input() => Streams.Sample(stream =>
    {
        using var reader = new SseFrameReader();
        var bytes = Encoding.UTF8.GetBytes(stream);
        reader.Append(bytes);
        reader.Complete();
        var raw = new List<byte>();
        while (reader.TryRead(out var frame))
        {
            raw.AddRange(frame.Raw);
        }

        byte[] together = [.. raw, .. reader.Remainder];
        Assert.Equal(bytes, together);
    });

    [Fact]
    public void TryRead_gives_what_a_line_by_line_reading_gives() => Streams.Where(stream => !stream.Contains('\uFEFF')).Sample(stream =>
        Assert.Equal(ByLines(stream), SseFrameReaderTests.Frames(stream).Where(frame => frame.Data is not null).Select(frame => (frame.Event, frame.Data!))));

    // The standard's own algorithm, over whole lines.
    private static List<(string Event, string Data)> ByLines(string stream)
    {
        var found = new List<(string, string)>();
        List<string> data = [];
        var name = "";
        foreach (var line in stream.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n').SkipLast(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            if (line.Length == 0)
            {
                if (data.Count > 0)
                {
                    found.Add((name, string.Join('\n', data)));
                }

                (data, name) = ([], "");
            }
            else if (field == "data")
            {
                data.Add(value);
            }
            else if (field == "event")
            {
                name = value;
            }
        }

        return found;
    }
}
