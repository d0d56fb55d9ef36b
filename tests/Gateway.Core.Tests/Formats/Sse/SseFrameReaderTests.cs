using System.Text;
using Gateway.Core.Formats;
using Gateway.Core.Tests.Formats.Responses;
using Xunit;

namespace Gateway.Core.Tests.Formats.Sse;

/// <summary>Framing: line ends, fields, chunking, bounds.</summary>
public sealed class SseFrameReaderTests
{
    public static TheoryData<string> Streams => new(GoldenAnswers.Names(".sse"));

    [Theory]
    [InlineData("data: x\n\n", "x")]
    [InlineData("data:x\n\n", "x")]
    [InlineData("data:  x\n\n", " x")]
    [InlineData("data\n\n", "")]
    [InlineData("data:\n\n", "")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("data: a\ndata\ndata: b\n\n", "a\n\nb")]
    [InlineData("data: a\r\ndata: b\r\n\r\n", "a\nb")]
    [InlineData("data: a\rdata: b\r\r", "a\nb")]
    [InlineData(": comment\nid: 7\nretry: 1\nnovel: y\ndatax: z\n data: w\ndata: x\n\n", "x")]
    [InlineData("\uFEFFdata: x\n\n", "x")]
    [InlineData("data: a\uFEFFb\n\n", "a\uFEFFb")]
    public void TryRead_data_lines_give_the_data(string stream, string data)
    {
        var frame = Assert.Single(Frames(stream));
        Assert.Equal(data, frame.Data);
        Assert.Equal(stream, frame.Raw);
    }

    [Theory]
    [InlineData("event: a\ndata: x\n\n", "a")]
    [InlineData("event:a\ndata: x\n\n", "a")]
    [InlineData("event: a\nevent: b\ndata: x\n\n", "b")]
    [InlineData("event: a\nevent\ndata: x\n\n", "")]
    [InlineData("eventx: a\ndata: x\n\n", "")]
    [InlineData("Event: a\ndata: x\n\n", "")]
    public void TryRead_event_line_gives_the_name(string stream, string name) => Assert.Equal(name, Assert.Single(Frames(stream)).Event);

    [Theory]
    [InlineData(": ping\n\n")]
    [InlineData("id: 1\n\n")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\uFEFF\n")]
    public void TryRead_frame_without_data_says_so(string stream)
    {
        var frame = Assert.Single(Frames(stream));
        Assert.Null(frame.Data);
        Assert.Equal(stream, frame.Raw);
    }

    [Fact]
    public void TryRead_unfinished_frame_is_not_given()
    {
        using var reader = new SseFrameReader();
        reader.Append("data: x\n\ndata: y\n"u8);
        reader.Complete();
        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.Equal("data: y\n", Encoding.UTF8.GetString(reader.Remainder));
        Assert.True(reader.HasUnfinishedFrame);
    }

    [Fact]
    public void HasUnfinishedFrame_line_ends_only_is_false()
    {
        using var reader = new SseFrameReader();
        reader.Append("data: x\r\r\n"u8);
        while (reader.TryRead(out _))
        {
        }

        Assert.False(reader.HasUnfinishedFrame);
    }

    [Fact]
    public void TryRead_frame_with_bare_carriage_returns_does_not_wait_for_more()
    {
        using var reader = new SseFrameReader();
        reader.Append("data: x\r\r"u8);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal("data: x\r\r", Encoding.UTF8.GetString(frame.Raw));
    }

    [Fact]
    public void TryRead_carriage_return_that_may_be_half_a_line_end_waits()
    {
        using var reader = new SseFrameReader();
        reader.Append("data: x\r\n\r"u8);
        Assert.False(reader.TryRead(out _));
        reader.Append("\n"u8);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal("data: x\r\n\r\n", Encoding.UTF8.GetString(frame.Raw));
    }

    [Theory]
    [InlineData("data: x\n\n\uFEFFdata: hidden\n\n")]
    [InlineData("data: x\n\uFEFFdata: hidden\n\n")]
    [InlineData("\uFEFFdata: x\n\n\uFEFF\n")]
    public void TryRead_byte_order_mark_later_in_the_stream_is_a_fault(string stream)
    {
        using var reader = new SseFrameReader();
        reader.Append(Encoding.UTF8.GetBytes(stream));
        while (reader.TryRead(out var frame))
        {
            Assert.False(frame.Raw.IndexOf("hidden"u8) >= 0);
        }

        Assert.Equal(StreamFaults.ByteOrderMark, reader.Fault);
    }

    [Theory]
    [InlineData("data: 0123456789\n\n")]
    [InlineData("data: 0123456789")]
    [InlineData("data: 0\n: 56789\n\n")]
    public void TryRead_frame_above_the_bound_is_a_fault(string stream)
    {
        using var reader = new SseFrameReader(15);
        reader.Append(Encoding.UTF8.GetBytes(stream));
        Assert.False(reader.TryRead(out _));
        Assert.True(reader.Faulted);
        Assert.Equal(StreamFaults.FrameTooLarge, reader.Fault);
        reader.Append("\n\ndata: y\n\n"u8);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void TryRead_frames_at_the_bound_are_given()
    {
        using var reader = new SseFrameReader(9);
        reader.Append("data: x\n\ndata: y\n\n"u8);
        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out _));
        Assert.False(reader.Faulted);
    }

    [Fact]
    public void GetMemory_bytes_received_into_it_are_read()
    {
        using var reader = new SseFrameReader();
        "data: x\n\n"u8.CopyTo(reader.GetMemory(9).Span);
        reader.Advance(9);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal("x", Encoding.UTF8.GetString(frame.Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Advance(-1));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_golden_stream_at_every_split_gives_the_same_frames(string file)
    {
        var bytes = GoldenAnswers.Bytes(file);
        var whole = Frames(bytes, bytes.Length);
        Assert.NotEmpty(whole);
        for (var at = 1; at < bytes.Length; at++)
        {
            Assert.True(whole.SequenceEqual(Frames(bytes, at, bytes.Length)), $"split at {at}");
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_golden_stream_byte_by_byte_gives_the_same_frames(string file)
    {
        var bytes = GoldenAnswers.Bytes(file);
        Assert.Equal(Frames(bytes, bytes.Length), Frames(bytes, [.. Enumerable.Range(1, bytes.Length)]));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_golden_stream_gives_back_its_bytes(string file)
    {
        var bytes = GoldenAnswers.Bytes(file);
        using var reader = new SseFrameReader();
        reader.Append(bytes);
        reader.Complete();
        var raw = new List<byte>();
        while (reader.TryRead(out var frame))
        {
            raw.AddRange(frame.Raw);
        }

        raw.AddRange(reader.Remainder);
        Assert.Equal(bytes, raw);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_golden_stream_with_other_line_ends_gives_the_same_data(string file)
    {
        var text = Encoding.UTF8.GetString(GoldenAnswers.Bytes(file)).Replace("\r\n", "\n").Replace('\r', '\n');
        var expected = Frames(text).Where(frame => frame.Data is not null).Select(frame => (frame.Event, frame.Data));
        foreach (var lineEnd in new[] { "\r\n", "\r" })
        {
            Assert.Equal(expected, Frames(text.Replace("\n", lineEnd)).Where(frame => frame.Data is not null).Select(frame => (frame.Event, frame.Data)));
        }
    }

    internal static List<(string Raw, string Event, string? Data)> Frames(string stream)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        return Frames(bytes, bytes.Length);
    }

    /// <summary>The frames of <paramref name="bytes"/>, received in chunks that end at the given offsets.</summary>
    internal static List<(string Raw, string Event, string? Data)> Frames(byte[] bytes, params int[] ends)
    {
        using var reader = new SseFrameReader();
        var frames = new List<(string, string, string?)>();
        var start = 0;
        foreach (var end in ends)
        {
            reader.Append(bytes.AsSpan(start, end - start));
            start = end;
            Take(reader, frames);
        }

        reader.Complete();
        Take(reader, frames);
        return frames;
    }

    private static void Take(SseFrameReader reader, List<(string Raw, string Event, string? Data)> frames)
    {
        while (reader.TryRead(out var frame))
        {
            frames.Add((Encoding.UTF8.GetString(frame.Raw), Encoding.UTF8.GetString(frame.Event), frame.HasData ? Encoding.UTF8.GetString(frame.Data) : null));
        }
    }
}
