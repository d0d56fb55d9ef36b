using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Core.Formats;
using Gateway.Core.Tests.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Sse;

public sealed class JsonArrayFrameReaderTests
{
    private const string Sample = "[{\"a\":\"}],[{\\\"\\\\\"}\n,\r\n{\"b\":[{},[]]} , {}\n]";

    [Fact]
    public void TryRead_at_every_split_gives_the_same_frames()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample);
        var expected = Frames(bytes, bytes.Length);
        Assert.Equal(["[{\"a\":\"}],[{\\\"\\\\\"}", "\n,\r\n{\"b\":[{},[]]}", " , {}", "\n]"], expected.Select(frame => frame.Raw));
        Assert.Equal(["{\"a\":\"}],[{\\\"\\\\\"}", "{\"b\":[{},[]]}", "{}", ""], expected.Select(frame => frame.Data));
        for (var split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(expected, Frames(bytes, split));
        }
    }

    [Fact]
    public void TryRead_any_array_at_any_chunking_gives_its_elements_and_all_its_bytes()
    {
        var array = Gen.Select(JsonTexts.Object.Array[0, 5], Gen.OneOf("", " ", "\r\n", "\t"), (items, space) =>
            $"{space}[{space}{string.Join($"{space},{space}", items)}{space}]");
        Gen.Select(array, Gen.Int[1, 9].Array[1, 50]).Sample((text, sizes) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (!IsJson(bytes))
            {
                return;
            }

            var frames = Frames(bytes, sizes);
            Assert.Equal(text, string.Concat(frames.Select(frame => frame.Raw)));
            using var document = JsonDocument.Parse(text);
            Assert.Equal(document.RootElement.EnumerateArray().Select(item => item.GetRawText()), frames.Where(frame => frame.Data.Length > 0).Select(frame => frame.Data));
        }, iter: 2_000);
    }

    [Fact]
    public void TryRead_any_bytes_never_throws_and_never_invents_any() => Gen.Byte.Array[0, 60].Sample(noise =>
    {
        byte[] bytes = [.. "[{"u8, .. noise];
        using var reader = new JsonArrayFrameReader();
        reader.Append(bytes);
        reader.Complete();
        var raw = new List<byte>();
        while (reader.TryRead(out var frame))
        {
            raw.AddRange(frame.Raw);
        }

        Assert.Equal(bytes.Take(raw.Count), raw);
    }, iter: 2_000);

    [Theory]
    [InlineData("{}")]
    [InlineData("\uFEFF[{}]")]
    [InlineData("[1]")]
    [InlineData("[{},]")]
    [InlineData("[{}{}]")]
    [InlineData("[,{}]")]
    [InlineData("[null]")]
    [InlineData("data: {}")]
    public void TryRead_what_is_no_array_of_objects_is_a_fault(string text) => Assert.Equal(StreamFaults.NotJson, Fault(text));

    [Theory]
    [InlineData("[{}][{}]")]
    [InlineData("[]x")]
    public void TryRead_bytes_after_the_array_are_a_fault(string text) => Assert.Equal(StreamFaults.AfterTerminator, Fault(text));

    [Theory]
    [InlineData("[{}]", false)]
    [InlineData("[{}] \r\n", false)]
    [InlineData("[{}", true)]
    [InlineData("[{},", true)]
    [InlineData("[{\"a\":", true)]
    [InlineData("", true)]
    public void HasUnfinishedFrame_says_whether_the_array_was_closed(string text, bool unfinished)
    {
        using var reader = new JsonArrayFrameReader();
        reader.Append(Encoding.UTF8.GetBytes(text));
        while (reader.TryRead(out _))
        {
        }

        Assert.Equal(unfinished, reader.HasUnfinishedFrame);
    }

    [Fact]
    public void TryRead_element_above_the_bound_is_a_fault_before_it_ends()
    {
        using var reader = new JsonArrayFrameReader(maxFrameBytes: 100);
        reader.Append(Encoding.UTF8.GetBytes("[{\"a\":\"" + new string('x', 200)));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(StreamFaults.FrameTooLarge, reader.Fault);
    }

    private static string? Fault(string text)
    {
        using var reader = new JsonArrayFrameReader();
        reader.Append(Encoding.UTF8.GetBytes(text));
        while (reader.TryRead(out _))
        {
        }

        return reader.Fault;
    }

    private static List<(string Raw, string Data)> Frames(byte[] bytes, params int[] sizes)
    {
        using var reader = new JsonArrayFrameReader();
        var frames = new List<(string, string)>();
        var position = 0;
        foreach (var size in sizes.Append(int.MaxValue))
        {
            var count = Math.Min(size, bytes.Length - position);
            reader.Append(bytes.AsSpan(position, count));
            position += count;
            while (reader.TryRead(out var frame))
            {
                frames.Add((Encoding.UTF8.GetString(frame.Raw), Encoding.UTF8.GetString(frame.Data)));
            }
        }

        Assert.Null(reader.Fault);
        return frames;
    }

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            JsonDocument.Parse(bytes).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
