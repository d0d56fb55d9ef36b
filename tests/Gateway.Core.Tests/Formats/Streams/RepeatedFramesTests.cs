using System.Text;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>A frame that repeats the one before but for its text is read without a parser; nothing else may be.</summary>
public sealed class RepeatedFramesTests
{
    public static TheoryData<FormatId> Formats() => [FormatId.OpenAIChat, FormatId.AnthropicMessages];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_repeated_frames_give_the_texts_they_hold(FormatId format)
    {
        var texts = Gen.Char[' ', '\u04ff'].Array[1, 12].Select(chars => new string(chars)).Array[2, 20];
        texts.Sample(pieces => Assert.Equal(pieces, Read(format, pieces.Select(Json))));
    }

    [Theory]
    [InlineData("a\\\"b", "a\"b")]
    [InlineData("\\\\", "\\")]
    [InlineData("\\u0041", "A")]
    [InlineData("x\\n", "x\n")]
    public void Read_escaped_text_after_a_plain_one_is_unescaped(string json, string text)
    {
        foreach (var format in new[] { FormatId.OpenAIChat, FormatId.AnthropicMessages })
        {
            Assert.Equal(["plain", text, "plain"], Read(format, ["plain", json, "plain"]));
        }
    }

    [Theory]
    [InlineData("hi\",\"hidden\":\"forbidden words")]
    [InlineData("hi\",\"content\":\"forbidden words")]
    [InlineData("hi\"},\"extra\":{\"text\":\"forbidden words")]
    public void Read_frame_that_hides_members_between_equal_bytes_is_parsed(string json)
    {
        var reader = Reader(FormatId.OpenAIChat);
        var frame = new StreamFrame();
        Read(reader, frame, Frame(FormatId.OpenAIChat, "hello"));
        Read(reader, frame, Frame(FormatId.OpenAIChat, "hello"));
        Read(reader, frame, Frame(FormatId.OpenAIChat, json));
        Assert.True(frame.Fault is not null || frame.Deltas.Exists(delta => frame.TextOf(delta).Contains("forbidden words", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_members_that_repeat_in_every_frame_are_reported_once()
    {
        var reader = Reader(FormatId.OpenAIChat);
        var frame = new StreamFrame();
        Read(reader, frame, Frame(FormatId.OpenAIChat, "a"));
        Read(reader, frame, Frame(FormatId.OpenAIChat, "escaped\\n"));
        Assert.Single(frame.Deltas);
    }

    [Fact]
    public void Read_invalid_utf8_between_equal_bytes_is_a_fault()
    {
        var reader = Reader(FormatId.OpenAIChat);
        var frame = new StreamFrame();
        var plain = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Frame(FormatId.OpenAIChat, "hello")));
        Read(reader, frame, Encoding.Latin1.GetBytes(plain));
        Read(reader, frame, Encoding.Latin1.GetBytes(plain.Replace("hello", "he\u00fflo", StringComparison.Ordinal)));
        Assert.NotNull(frame.Fault);
    }

    [Fact]
    public void Read_text_after_the_finish_is_a_fault_though_it_repeats_an_earlier_frame()
    {
        var reader = Reader(FormatId.OpenAIChat);
        var frame = new StreamFrame();
        Read(reader, frame, Frame(FormatId.OpenAIChat, "hello"));
        Read(reader, frame, $"data: {TestStreams.ChatFinish(0)}\n\n");
        Read(reader, frame, Frame(FormatId.OpenAIChat, "hello"));
        Assert.NotNull(frame.Fault);
    }

    private static List<string> Read(FormatId format, IEnumerable<string> jsonTexts)
    {
        var reader = Reader(format);
        var frame = new StreamFrame();
        if (format == FormatId.AnthropicMessages)
        {
            var start = Encoding.UTF8.GetString(TestStreams.Text(format, "x")).Split("\n\n");
            Read(reader, frame, start[0] + "\n\n");
            Read(reader, frame, start[1] + "\n\n");
        }

        var texts = new List<string>();
        foreach (var json in jsonTexts)
        {
            Read(reader, frame, Frame(format, json));
            Assert.Null(frame.Fault);
            texts.Add(string.Concat(frame.Deltas.Where(delta => delta.Surface == Surface.Output).Select(delta => frame.TextOf(delta).ToString())));
        }

        return texts;
    }

    private static string Json(string text) => System.Text.Json.JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static string Frame(FormatId format, string json) => format == FormatId.OpenAIChat
        ? $"data: {TestStreams.ChatText(0, "@")}\n\n".Replace("\"@\"", $"\"{json}\"", StringComparison.Ordinal)
        : $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{json}\"}}}}\n\n";

    private static IStreamReader Reader(FormatId format)
    {
        var request = new ExchangeRequest { Body = default, Stream = true };
        return WireFormats.All.Single(candidate => candidate.Id == format).CreateStreamReader(request);
    }

    private static void Read(IStreamReader reader, StreamFrame frame, string raw) => Read(reader, frame, Encoding.UTF8.GetBytes(raw));

    private static void Read(IStreamReader reader, StreamFrame frame, byte[] raw)
    {
        using var frames = new SseFrameReader();
        frames.Append(raw);
        Assert.True(frames.TryRead(out var sse));
        reader.Read(sse, frame);
    }
}
