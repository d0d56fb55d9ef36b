using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Policies.Overrides;
using Gateway.Core.Tests.Formats.Streams;
using Xunit;

namespace Gateway.Core.Tests.Guards;

/// <summary>While a tool call waits to be whole, or a text for a verdict, the rest of the answer goes on, and no client reads another answer for it.</summary>
public sealed class StreamLaneTests
{
    private static readonly TenantPolicy Policy = TestPolicies.With(TestPolicies.Rule("blue falcon", Surface.Output, Surface.Reasoning, Surface.ToolArguments));

    private static readonly string Open = Call(0, "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"\"}}");
    private static readonly string Piece = Call(0, "{\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}}");

    [Fact]
    public void Feed_prose_goes_on_while_a_tool_call_is_not_whole()
    {
        var client = new Client(FormatId.OpenAIChat);
        client.Feed(TestStreams.ChatStart(0), TestStreams.ChatStart(1), Open);
        Assert.Equal("", client.Take(skip: 2));
        client.Feed(TestStreams.ChatText(0, "same choice"));
        Assert.Equal(Frames(TestStreams.ChatText(0, "same choice")), client.Take());
        client.Feed(Piece);
        Assert.Equal("", client.Take());
        client.Feed(TestStreams.ChatText(1, "other choice"));
        Assert.Equal(Frames(TestStreams.ChatText(1, "other choice")), client.Take());
        client.Feed(TestStreams.ChatFinish(0, "tool_calls"));
        Assert.Equal(Frames(Open, Piece, TestStreams.ChatFinish(0, "tool_calls")), client.Take());
    }

    [Fact]
    public void Feed_frames_of_one_chunk_leave_in_the_order_they_came()
    {
        string[] frames = [TestStreams.ChatStart(0), Open, TestStreams.ChatText(0, "prose"), Piece, TestStreams.ChatFinish(0), "[DONE]"];
        var client = new Client(FormatId.OpenAIChat);
        client.Feed(frames);
        Assert.Equal(Frames(frames), client.Take());
    }

    [Fact]
    public void Feed_finish_usage_and_new_choices_pass_nothing()
    {
        var client = new Client(FormatId.OpenAIChat);
        client.Feed(TestStreams.ChatStart(0), Open);
        Assert.Equal(Frames(TestStreams.ChatStart(0)), client.Take());
        client.Feed(TestStreams.ChatStart(1));
        client.Feed(TestStreams.ChatText(1, "behind it"));
        client.Feed(TestStreams.ChatFinish(1));
        Assert.Equal("", client.Take());
        client.Feed(TestStreams.ChatFinish(0));
        Assert.Equal(
            Frames(Open, TestStreams.ChatStart(1), TestStreams.ChatText(1, "behind it"), TestStreams.ChatFinish(1), TestStreams.ChatFinish(0)), client.Take());
    }

    [Fact]
    public void Feed_chunk_that_reports_usage_passes_nothing()
    {
        var client = new Client(FormatId.OpenAIChat);
        client.Feed(TestStreams.ChatStart(0), TestStreams.ChatStart(1), Open);
        client.Take();
        client.Feed(TestStreams.ChatText(1, "other")[..^1] + ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}");
        Assert.Equal("", client.Take());
    }

    [Fact]
    public void Feed_text_that_waits_for_a_verdict_keeps_its_own_lane_only()
    {
        var client = new Client(FormatId.OpenAIChat);
        client.Feed(TestStreams.ChatStart(0), TestStreams.ChatStart(1));
        client.Take();
        client.Feed(TestStreams.ChatText(0, "a blue"));
        client.Feed(TestStreams.ChatText(1, "other"));
        Assert.Equal(Frames(TestStreams.ChatText(1, "other")), client.Take());
        client.Feed(TestStreams.ChatText(0, " sky"));
        Assert.Equal(Frames(TestStreams.ChatText(0, "a blue"), TestStreams.ChatText(0, " sky")), client.Take());
    }

    [Fact]
    public void Feed_text_that_stands_in_frames_of_two_lanes_keeps_its_order()
    {
        // Read in this order it is "con blue fal", to the client it would be the phrase.
        var inCall = Call(0, "{\"note\":\"con\",\"function\":{\"arguments\":\"\"}}");
        var inText = TestStreams.ChatDelta(0, new { note = "blue fal" });
        var client = new Client(FormatId.OpenAIChat);
        client.Feed(TestStreams.ChatStart(0), Open);
        client.Take();
        client.Feed(inCall);
        client.Feed(inText);
        Assert.Equal("", client.Take());
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, StreamFrame.InOrder)]
    [InlineData(StreamFrame.InOrder, 1, 1)]
    [InlineData(0, StreamFrame.InOrder, StreamFrame.InOrder)]
    [InlineData(StreamFrame.AnyOrder, 0, StreamFrame.InOrder)]
    [InlineData(0, StreamFrame.AnyOrder, StreamFrame.InOrder)]
    public void Read_running_text_that_goes_on_in_another_lane_takes_the_lane_back(int first, int second, int expected)
    {
        var overrides = new AnswerOverrides(EmergencyRules.None, _ => { });
        var channels = new StreamChannels(Policy.Content, GuardMode.Enforce, _ => { }, new StreamRedactions([], GuardMode.Enforce, _ => { }), overrides);
        var frame = new StreamFrame();
        foreach (var lane in new[] { first, second })
        {
            frame.Clear();
            frame.Lane = lane;
            frame.Add(DeltaKind.Append, 7, Surface.Output, Trust.Model, "words");
            channels.Read(frame);
        }

        Assert.Equal(expected, frame.Lane);
    }

    [Fact]
    public void Feed_nothing_of_a_message_passes_a_tool_block_but_pings_do()
    {
        var body = Encoding.UTF8.GetString(TestStreams.ToolCall(FormatId.AnthropicMessages, "look", "{\"a\":", "1}"));
        var frames = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame + "\n\n").ToArray();
        const string Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
        var client = new Client(FormatId.AnthropicMessages);
        client.FeedRaw(frames[0] + frames[1] + frames[2]);
        Assert.Equal(frames[0], client.Take());
        client.FeedRaw(Ping);
        Assert.Equal(Ping, client.Take());
        client.FeedRaw(frames[3]);
        Assert.Equal("", client.Take());
        client.FeedRaw(string.Concat(frames[4..]));
        Assert.Equal(string.Concat(frames[1..]), client.Take());
    }

    [Theory]
    [InlineData(FormatId.OpenAIChat)]
    [InlineData(FormatId.AnthropicMessages)]
    public void Feed_comment_that_waits_for_a_verdict_stops_nothing(FormatId format)
    {
        var text = Encoding.UTF8.GetString(TestStreams.Text(format, "fine words", "more"));
        var client = new Client(format);
        client.FeedRaw(": the blue\n\n");
        Assert.Equal("", client.Take());
        client.FeedRaw(text[..^2]);
        Assert.StartsWith(text[..100], client.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_comments_keep_their_order_where_data_frames_carry_some_too()
    {
        // Read as "con blue fal"; the client must not get the second before the first.
        var client = new Client(FormatId.OpenAIChat);
        client.FeedRaw(Frames(TestStreams.ChatStart(0), Open));
        client.Take();
        client.FeedRaw($": con\ndata: {Piece}\n\n");
        client.FeedRaw(": blue fal\n\n");
        client.FeedRaw(": x\n\n");
        Assert.Equal("", client.Take());
    }

    [Fact]
    public void Feed_blank_lines_without_end_behind_a_held_call_are_bounded()
    {
        var client = new Client(FormatId.OpenAIChat);
        client.Feed(TestStreams.ChatStart(0), Open);
        client.Feed(TestStreams.ChatStart(1));
        for (var i = 0; i < 70_000 && client.Inspector.End == StreamEnd.None; i++)
        {
            client.FeedRaw("data: {\"choices\":[]}\n\n");
        }

        Assert.Equal("held_too_much", client.Inspector.Fault);
    }

    [Fact]
    public void Feed_any_chunking_keeps_the_frames_and_the_order_of_each_lane() => Gen.Select(Answers, Gen.Int[1, 400].Array[0, 60]).Sample((frames, sizes) =>
    {
        var body = Encoding.UTF8.GetBytes(Frames([.. frames]));
        Assert.Equal(body, TestInspector.Run(FormatId.OpenAIChat, Policy, body).Output);
        var run = TestInspector.Run(TestInspector.Create(FormatId.OpenAIChat, Policy), body, sizes);
        Assert.Equal(StreamEnd.Complete, run.End);
        var came = Split(run.Text);
        Assert.Equal(frames.Order(), came.Order());
        foreach (var lane in frames.Select(Lane).Distinct())
        {
            Assert.Equal(frames.Where(frame => Lane(frame) == lane), came.Where(frame => Lane(frame) == lane));
        }

        // The last frames of each choice, and whatever keeps its place, stand behind all that came before.
        foreach (var choice in new[] { 0, 1 })
        {
            var finish = came.FindIndex(frame => frame.Contains($"\"index\":{choice},\"delta\":{{}}", StringComparison.Ordinal));
            Assert.DoesNotContain(came.Skip(finish + 1), frame => frame.Contains($"\"choices\":[{{\"index\":{choice},", StringComparison.Ordinal));
        }
    }, iter: 300);

    [Fact]
    public void Feed_cut_after_frames_have_passed_ends_like_a_normal_answer() => Gen.Select(Answers, Gen.Int[1, 400].Array[0, 60]).Sample((frames, sizes) =>
    {
        var forbidden = frames.ToList();
        forbidden.Insert(forbidden.Count / 2, TestStreams.ChatText(0, "blue falcon"));
        var request = StreamRun.Request();
        var inspector = new StreamInspector(
            WireFormats.All.Single(one => one.Id == FormatId.OpenAIChat).CreateStreamReader(request),
            Policy,
            _ => { },
            _ => new CutNotice(true, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")));
        var run = TestInspector.Run(inspector, Encoding.UTF8.GetBytes(Frames([.. forbidden])), sizes);
        var seen = StreamRun.Chat(run.Text);
        Assert.Null(seen.Fault);
        Assert.True(seen.IsTerminal);
        Assert.Equal(2, seen.Finishes.Count);
    }, iter: 200);

    // Two choices with prose and a call each, mixed in any way.
    private static readonly Gen<List<string>> Answers = Gen.Int[0, 1].Array[8, 8].Select(order =>
    {
        var next = new[] { Choice(0).GetEnumerator(), Choice(1).GetEnumerator() };
        var frames = new List<string> { TestStreams.ChatStart(0), TestStreams.ChatStart(1) };
        foreach (var choice in order.Concat(Enumerable.Repeat(0, 8)).Concat(Enumerable.Repeat(1, 8)))
        {
            if (next[choice].MoveNext())
            {
                frames.Add(next[choice].Current);
            }
        }

        frames.Add("[DONE]");
        return frames;
    });

    private static IEnumerable<string> Choice(int choice)
    {
        yield return TestStreams.ChatText(choice, $"one {choice} blue");
        yield return Call(choice, $"{{\"id\":\"c{choice}\",\"type\":\"function\",\"function\":{{\"name\":\"look\",\"arguments\":\"\"}}}}");
        yield return TestStreams.ChatText(choice, $"two {choice}");
        yield return Call(choice, "{\"function\":{\"arguments\":\"{\\\"a\\\":\"}}");
        yield return TestStreams.ChatText(choice, $"three {choice} blue fal");
        yield return Call(choice, "{\"function\":{\"arguments\":\"1}\"}}");
        yield return TestStreams.ChatFinish(choice, "tool_calls");
    }

    private static string Lane(string frame) => frame == "[DONE]" ? frame
        : JsonDocument.Parse(frame).RootElement.GetProperty("choices")[0].GetProperty("index").GetInt32() + (frame.Contains("tool_calls\":[", StringComparison.Ordinal) ? " call" : " text");

    private static List<string> Split(string stream) => [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame["data: ".Length..])];

    private static string Call(int choice, string call) => TestStreams.ChatDelta(choice, new { tool_calls = new[] { new { index = 0 } } })
        .Replace("[{\"index\":0}]", $"[{{\"index\":0,{call[1..]}]", StringComparison.Ordinal);

    private static string Frames(params string[] data) => string.Concat(data.Select(one => $"data: {one}\n\n"));

    private sealed class Client(FormatId format)
    {
        private readonly ArrayBufferWriter<byte> _output = new();

        public StreamInspector Inspector { get; } = TestInspector.Create(format, Policy);

        public void Feed(params string[] frames) => FeedRaw(Frames(frames));

        public void FeedRaw(string frames) => Inspector.Feed(Encoding.UTF8.GetBytes(frames), _output);

        /// <summary>What came since the last time, without the first frames.</summary>
        public string Take(int skip = 0)
        {
            var text = Encoding.UTF8.GetString(_output.WrittenSpan);
            _output.ResetWrittenCount();
            return string.Concat(text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Skip(skip).Select(frame => frame + "\n\n"));
        }
    }
}
