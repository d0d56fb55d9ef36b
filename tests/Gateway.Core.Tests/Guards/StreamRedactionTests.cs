using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Tests.Formats;
using Gateway.Core.Tests.Formats.Responses;
using Xunit;

namespace Gateway.Core.Tests.Guards;

/// <summary>A guard may replace spans of any text of a stream; everything else stays as it came.</summary>
public sealed class StreamRedactionTests
{
    // With a character of two UTF-16 units, one that JSON escapes and one of two bytes.
    private const string Word = "k😀\"ü";
    private const string Gone = "[\"g\\]";

    private static readonly TenantPolicy Policy = TestPolicies.With();
    private static readonly Gen<string> Texts = Gen.OneOf("a", " ", "k", "k😀", "😀", "\"", "ü", "\n", "\\", Word, Word, Word).Array[0, 14].Select(string.Concat);
    private static readonly Gen<int[]> Cuts = Gen.Int[1, 9].Array[0, 20];
    private static readonly Gen<int[]> Sizes = Gen.Int[1, 60].Array[0, 80];

    public static TheoryData<FormatId> Formats() => [FormatId.OpenAIChat, FormatId.AnthropicMessages];

    public static TheoryData<string> Golden => new(GoldenAnswers.Names(".sse").Where(name => GoldenAnswers.Parse(name) == "ok"
        && !name.Contains("no-event", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_prose_comes_out_with_the_words_replaced_and_all_else_as_it_was(FormatId format) =>
        Gen.Select(Texts, Cuts, Sizes, Gen.Bool).Sample((text, cuts, sizes, escape) =>
        {
            var pieces = Cut(text, cuts);
            var body = Stream(format, pieces, escape);
            var run = Run(format, body, sizes);
            Assert.Equal(StreamEnd.Complete, run.End);
            Assert.Equal(text.Replace(Word, Gone, StringComparison.Ordinal), TextOf(run.Text));
            AssertSameFrames(Encoding.UTF8.GetString(body), run.Text);
            Assert.Equal(Run(format, body, []).Text, run.Text);
        }, iter: 800);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_tool_arguments_come_out_as_the_same_json_with_the_words_replaced(FormatId format) =>
        Gen.Select(Texts, Texts, Cuts, Sizes).Sample((first, second, cuts, sizes) =>
        {
            var arguments = new JsonObject { ["to"] = first, ["list"] = new JsonArray(1.5, second, null) }.ToJsonString();
            var body = TestStreams.ToolCall(format, "send", [.. Cut(arguments, cuts)]);
            var run = Run(format, body, sizes);
            Assert.Equal(StreamEnd.Complete, run.End);
            var came = JsonNode.Parse(Arguments(format, run.Output))!;
            Assert.Equal(first.Replace(Word, Gone, StringComparison.Ordinal), came["to"]!.GetValue<string>());
            Assert.Equal(second.Replace(Word, Gone, StringComparison.Ordinal), came["list"]![1]!.GetValue<string>());
            Assert.Equal(3, came["list"]!.AsArray().Count);
            if (!first.Contains(Word, StringComparison.Ordinal) && !second.Contains(Word, StringComparison.Ordinal))
            {
                Assert.Equal(body, run.Output);
            }
        }, iter: 400);

    [Theory]
    [MemberData(nameof(Golden))]
    public void Feed_golden_stream_without_the_word_comes_out_byte_identical(string file)
    {
        var body = GoldenAnswers.Bytes(file);
        var format = SampleFormats.Of(file).Id;
        var whole = Run(format, body, []);
        Assert.Equal(StreamEnd.Complete, whole.End);
        Assert.Equal(Encoding.UTF8.GetString(body)[..whole.Text.Length], whole.Text);
    }

    [Fact]
    public void Feed_word_over_three_frames_stands_in_the_first_and_is_cut_out_of_the_others()
    {
        var body = Encoding.UTF8.GetBytes(Frames(Text("a wo"), Text("r"), Text("d b"), TestStreams.ChatFinish(0), "[DONE]"));
        Assert.Equal(
            Frames(Text("a [x]"), Text(""), Text(" b"), TestStreams.ChatFinish(0), "[DONE]"),
            TestInspector.Run(Inspector(FormatId.OpenAIChat, "word", "[x]"), body, []).Text);
    }

    [Fact]
    public void Feed_span_that_takes_half_a_character_takes_it_whole()
    {
        var end = Frames(TestStreams.ChatFinish(0), "[DONE]");
        foreach (var (word, expected) in new[] { ("\ude00b", "a[x]"), ("a\ud83d", "[x]b"), ("\ude00", "a[x]b"), ("\ud83d", "a[x]b") })
        {
            foreach (var frames in new[] { Frames(Text("a😀b")), SplitSmile })
            {
                var run = TestInspector.Run(Inspector(FormatId.OpenAIChat, word, "[x]"), Encoding.UTF8.GetBytes(frames + end), []);
                Assert.Equal(expected, TestStreams.TextOf(FormatId.OpenAIChat, run.Output));
            }
        }
    }

    [Fact]
    public void Feed_two_spans_that_share_a_character_over_two_frames_are_gone_both()
    {
        var body = Encoding.UTF8.GetBytes(SplitSmile + Frames(TestStreams.ChatFinish(0), "[DONE]"));
        var inspector = TestInspector.Create(FormatId.OpenAIChat, Policy, null, new WordRedactor("a\ud83d", "[1]"), new WordRedactor("\ude00b", "[2]"));
        Assert.Equal("[1]", TestStreams.TextOf(FormatId.OpenAIChat, TestInspector.Run(inspector, body, []).Output)[..3]);
    }

    [Fact]
    public void Feed_arguments_that_stand_as_a_value_are_edited_in_place()
    {
        const string Call = """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":{"a": "ü wor\u0064" , "n":[1]}}}]}}]}""";
        var body = Encoding.UTF8.GetBytes(Frames(Call, TestStreams.ChatFinish(0), "[DONE]"));
        var run = TestInspector.Run(Inspector(FormatId.OpenAIChat, "word", "\"q\""), body, []);
        Assert.Equal(Frames(Call.Replace("wor\\u0064", "\\\"q\\\"", StringComparison.Ordinal), TestStreams.ChatFinish(0), "[DONE]"), run.Text);
    }

    [Fact]
    public void Feed_text_of_a_frame_with_several_data_lines_is_edited_in_place()
    {
        const string Head = "data: {\"choices\":\ndata: [{\"index\":0,\r\ndata:\"delta\":{\"content\":\"a ";
        const string Tail = " b\"}}]}\n\n";
        var end = Frames(TestStreams.ChatFinish(0), "[DONE]");
        var run = TestInspector.Run(Inspector(FormatId.OpenAIChat, "word", "[x]"), Encoding.UTF8.GetBytes(Head + "word" + Tail + end), []);
        Assert.Equal(Head + "[x]" + Tail + end, run.Text);
    }

    [Fact]
    public void Feed_text_that_repeats_in_every_frame_is_replaced_in_every_frame()
    {
        var frames = Frames(Text("one"), Text("two"), Text("three"), TestStreams.ChatFinish(0), "[DONE]");
        var run = TestInspector.Run(Inspector(FormatId.OpenAIChat, "fp_1", "[x]"), Encoding.UTF8.GetBytes(frames), []);
        Assert.Equal(frames.Replace("fp_1", "[x]", StringComparison.Ordinal), run.Text);
    }

    [Fact]
    public void Feed_frame_is_not_released_while_the_word_may_go_on()
    {
        var inspector = Inspector(FormatId.OpenAIChat, "word", "[x]");
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        inspector.Feed(Encoding.UTF8.GetBytes(Frames(Text("fine"), Text("a wor"))), output);
        Assert.Equal(Frames(Text("fine")), Encoding.UTF8.GetString(output.WrittenSpan));
        inspector.Feed(Encoding.UTF8.GetBytes(Frames(Text("th"))), output);
        Assert.Equal(Frames(Text("fine"), Text("a wor"), Text("th")), Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"word","arguments":"{}"}}]}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"word\":1}"}}]}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"a\":[\"wo\",\"rd\"],\"word\":1}"}}]}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"word":"x"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"word"}]}}]}""")]
    [InlineData("x\n: word")]
    [InlineData("x\nid: word")]
    public void Feed_word_where_nothing_can_be_replaced_blocks(string data)
    {
        var findings = new List<Finding>();
        var body = data.StartsWith('x') ? $"{data[2..]}\n\n" : Frames(data);
        var inspector = TestInspector.Create(FormatId.OpenAIChat, Policy, findings, new WordRedactor("word", "[x]"));
        var run = TestInspector.Run(inspector, Encoding.UTF8.GetBytes(body + Frames(TestStreams.ChatFinish(0), "[DONE]")), []);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("word\"", run.Text.Replace("Stopped", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(findings, finding => finding.Action == PolicyAction.Block);
    }

    [Fact]
    public void Feed_number_in_arguments_cannot_be_replaced_and_blocks()
    {
        var inspector = Inspector(FormatId.OpenAIChat, "4111", "[x]");
        var run = TestInspector.Run(inspector, TestStreams.ToolCall(FormatId.OpenAIChat, "pay", "{\"card\":41", "11,\"s\":\"4111\"}"), []);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("pay", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GuardMode.Monitor, GuardMode.Enforce)]
    [InlineData(GuardMode.Enforce, GuardMode.Monitor)]
    public void Feed_in_monitor_mode_reports_and_replaces_nothing(GuardMode policy, GuardMode guard)
    {
        var findings = new List<Finding>();
        var body = TestStreams.Text(FormatId.OpenAIChat, "a wo", "rd");
        var inspector = TestInspector.Create(FormatId.OpenAIChat, Policy with { Mode = policy }, findings, new WordRedactor("word", "[x]", guard));
        Assert.Equal(body, TestInspector.Run(inspector, body, []).Output);
        Assert.Equal(GuardMode.Monitor, Assert.Single(findings).Mode);
    }

    [Fact]
    public void Feed_overlapping_words_of_two_guards_are_gone_both()
    {
        var body = Encoding.UTF8.GetBytes(Frames(Text("a abc"), Text("de"), TestStreams.ChatFinish(0), "[DONE]"));
        var inspector = TestInspector.Create(FormatId.OpenAIChat, Policy, null, new WordRedactor("cde", "[2]"), new WordRedactor("bcd", "[1]"));
        Assert.Equal("a a[1]", TestStreams.TextOf(FormatId.OpenAIChat, TestInspector.Run(inspector, body, []).Output));
    }

    [Fact]
    public void Feed_guard_that_throws_lets_nothing_out()
    {
        var body = TestStreams.Text(FormatId.OpenAIChat, "fine", "broken");
        var inspector = TestInspector.Create(FormatId.OpenAIChat, Policy, null, new BrokenRedactor());
        var run = TestInspector.Run(inspector, body, []);
        Assert.Equal(StreamEnd.GuardError, run.End);
        Assert.DoesNotContain("fine", run.Text, StringComparison.Ordinal);
        Assert.IsType<NotSupportedException>(inspector.Failure);
    }

    private sealed class BrokenRedactor : ITextRedactor
    {
        public ITextRedaction? Begin(Surface surface, Trust trust, SegmentFlags flags) => surface == Surface.Output ? throw new NotSupportedException() : null;
    }

    private static StreamInspector Inspector(FormatId format, string word, string replacement) =>
        TestInspector.Create(format, Policy, null, new WordRedactor(word, replacement));

    private static InspectedRun Run(FormatId format, byte[] body, int[] sizes) => TestInspector.Run(Inspector(format, Word, Gone), body, sizes);

    private static string SplitSmile => Frames(Text("a@"), Text("#b")).Replace("@", "\\ud83d", StringComparison.Ordinal).Replace("#", "\\ude00", StringComparison.Ordinal);

    private static string Text(string text) => TestStreams.ChatText(0, text);

    private static string Frames(params string[] data) => string.Concat(data.Select(one => $"data: {one}\n\n"));

    // In the middle of characters too, as servers do that count UTF-16 units.
    private static List<string> Cut(string text, IEnumerable<int> cuts)
    {
        var pieces = new List<string>();
        foreach (var cut in cuts)
        {
            pieces.Add(text[..Math.Min(cut, text.Length)]);
            text = text[pieces[^1].Length..];
        }

        pieces.Add(text);
        return pieces;
    }

    private static byte[] Stream(FormatId format, List<string> pieces, bool escape)
    {
        var stream = new StringBuilder(Encoding.UTF8.GetString(TestStreams.Text(format, [.. pieces.Select((_, i) => $"@{i}@")])));
        for (var i = 0; i < pieces.Count; i++)
        {
            stream.Replace($"@{i}@", Spell(pieces[i], escape));
        }

        return Encoding.UTF8.GetBytes(stream.ToString());
    }

    private static string Spell(string text, bool escape)
    {
        var spelled = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (isPair && !escape)
            {
                spelled.Append(text, i++, 2);
            }
            else
            {
                var plain = !escape && !char.IsSurrogate(text[i]) && text[i] is not ('"' or '\\' or '\n');
                spelled.Append(plain ? text[i].ToString() : $"\\u{(int)text[i]:x4}");
            }
        }

        return spelled.ToString();
    }

    // Frame by frame, all but the piece of prose is the same.
    private static void AssertSameFrames(string before, string after)
    {
        var (old, came) = (before.Split("\n\n"), after.Split("\n\n"));
        Assert.Equal(old.Length, came.Length);
        foreach (var (one, other) in old.Zip(came).Where(pair => pair.First != pair.Second))
        {
            var (start, end) = Bounds(one);
            Assert.StartsWith(one[..start], other, StringComparison.Ordinal);
            Assert.EndsWith(one[end..], other, StringComparison.Ordinal);
        }
    }

    // What two frames hold of one character is put together before it is read.
    private static string TextOf(string stream) => JsonSerializer.Deserialize<string>('"' + string.Concat(
        stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(HasText).Select(frame => frame[Bounds(frame).Start..Bounds(frame).End])) + '"')!;

    private static bool HasText(string frame) => frame.Contains("\"content\":\"", StringComparison.Ordinal) || frame.Contains("\"text\":\"", StringComparison.Ordinal);

    private static (int Start, int End) Bounds(string frame)
    {
        var marker = frame.Contains("\"content\":\"", StringComparison.Ordinal) ? "\"content\":\"" : "\"text\":\"";
        var start = frame.IndexOf(marker, StringComparison.Ordinal) + marker.Length;
        var end = start;
        while (frame[end] != '"')
        {
            end += frame[end] == '\\' ? 2 : 1;
        }

        return (start, end);
    }

    private static string Arguments(FormatId format, byte[] stream)
    {
        var arguments = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(stream).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var json = JsonDocument.Parse(line["data: ".Length..]);
            if (format == FormatId.OpenAIChat)
            {
                var delta = json.RootElement.GetProperty("choices")[0].GetProperty("delta");
                arguments.Append(delta.TryGetProperty("tool_calls", out var calls) ? calls[0].GetProperty("function").GetProperty("arguments").GetString() : "");
            }
            else if (json.RootElement.TryGetProperty("delta", out var delta) && delta.TryGetProperty("partial_json", out var piece))
            {
                arguments.Append(piece.GetString());
            }
        }

        return arguments.ToString();
    }
}
