using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Xunit;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>Events: where text hides, the order they must have, what breaks the protocol.</summary>
public sealed class AnthropicStreamTests
{
    private const string Start = """message_start {"message":{"id":"m1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":5,"cache_read_input_tokens":2,"cache_creation_input_tokens":1,"output_tokens":1}}}""";
    private const string Finish = """message_delta {"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}""";
    private const string Stop = "message_stop {}";

    [Fact]
    public void Read_phrase_in_the_seam_of_two_blocks_is_one_text()
    {
        var run = Run(Start, Block(0, "text"), Text(0, "bo"), End(0), Block(1, "text"), Text(1, "mb"), End(1), Finish, Stop);
        Assert.Null(run.Fault);
        Assert.Equal("bomb", run.Text(Surface.Output));
        Assert.True(run.IsTerminal);
    }

    [Theory]
    [InlineData("NotStarted", "content_block_start {\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"x\"}}")]
    [InlineData("NotStarted", Finish)]
    [InlineData("NotStarted", Stop)]
    [InlineData("StartedTwice", Start, Start)]
    [InlineData("IndexJump", Start, "content_block_start {\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")]
    [InlineData("IndexJump", Start, "content_block_start {\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")]
    [InlineData("BlockNotOpen", Start, "content_block_delta {\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}")]
    [InlineData("BlockNotOpen", Start, "content_block_stop {\"index\":0}")]
    public void Read_event_out_of_order_is_a_fault(string field, params string[] events) =>
        Assert.Equal(typeof(StreamFaults).GetField(field)!.GetValue(null), Run(events).Fault);

    [Fact]
    public void Read_reopened_block_is_a_fault() =>
        Assert.Equal(StreamFaults.BlockReopened, Run(Start, Block(0, "text"), End(0), Block(0, "text")).Fault);

    [Fact]
    public void Read_second_block_while_one_is_open_is_a_fault() =>
        Assert.Equal(StreamFaults.BlockStillOpen, Run(Start, Block(0, "text"), Block(1, "text")).Fault);

    [Fact]
    public void Read_finish_while_a_block_is_open_is_a_fault() =>
        Assert.Equal(StreamFaults.BlockStillOpen, Run(Start, Block(0, "text"), Finish).Fault);

    [Fact]
    public void Read_end_while_a_block_is_open_is_a_fault() =>
        Assert.Equal(StreamFaults.BlockStillOpen, Run(Start, Block(0, "text"), Stop).Fault);

    [Fact]
    public void Read_block_after_the_stop_reason_is_a_fault() =>
        Assert.Equal(StreamFaults.AfterFinish, Run(Start, Finish, Block(0, "text")).Fault);

    [Fact]
    public void Read_delta_for_another_block_is_a_fault_and_a_text()
    {
        var run = Run(Start, Block(0, "text"), Text(1, "elsewhere"));
        Assert.Equal(StreamFaults.BlockNotOpen, run.Fault);
        Assert.True(run.Holds("elsewhere"));
    }

    [Theory]
    [InlineData("text", """{"type":"input_json_delta","partial_json":"the text"}""")]
    [InlineData("text", """{"type":"thinking_delta","thinking":"the text"}""")]
    [InlineData("thinking", """{"type":"text_delta","text":"the text"}""")]
    [InlineData("tool_use", """{"type":"text_delta","text":"the text"}""")]
    [InlineData("tool_use", """{"type":"citations_delta","citation":{"cited_text":"the text"}}""")]
    public void Read_delta_of_another_kind_than_its_block_is_a_fault_and_a_text(string block, string delta)
    {
        var run = Run(Start, Block(0, block), $"content_block_delta {{\"index\":0,\"delta\":{delta}}}");
        Assert.Equal(StreamFaults.BlockTypeMismatch, run.Fault);
        Assert.True(run.Holds("the text"));
    }

    [Theory]
    [InlineData("event: ping\ndata: {\"type\":\"content_block_delta\",\"index\":0}\n\n", StreamFaults.EventTypeMismatch)]
    [InlineData("event: message_start\ndata: {\"message\":{}}\n\n", StreamFaults.EventTypeMismatch)]
    [InlineData("event: message_stop\ndata: {\"type\":\"message_start\"}\n\n", StreamFaults.EventTypeMismatch)]
    [InlineData("data: {\"type\":\"message_stop\"}\n\n", StreamFaults.MissingEvent)]
    [InlineData("event: message_stop\n\n", StreamFaults.NotJson)]
    [InlineData("event: ping\ndata: {not json}\n\n", StreamFaults.NotJson)]
    [InlineData("event: ping\ndata: []\n\n", StreamFaults.NotAnObject)]
    public void Read_frame_that_clients_read_in_two_ways_is_a_fault(string stream, string reason) =>
        Assert.Equal(reason, StreamRun.Anthropic(stream).Fault);

    [Fact]
    public void Read_duplicate_member_gives_all_occurrences_and_a_fault()
    {
        var run = Run(Start, Block(0, "text"), """content_block_delta {"index":0,"delta":{"type":"text_delta","text":"first","text":"second"}}""");
        Assert.True(run.Holds("first"));
        Assert.True(run.Holds("second"));
        Assert.Equal(StreamFaults.DuplicateKey, run.Fault);
    }

    [Theory]
    [InlineData("message_start {\"message\":[\"the text\"]}")]
    [InlineData("message_start {\"message\":{\"content\":[\"the text\"]}}")]
    public void Read_structure_of_another_type_is_a_fault_and_a_text(string one)
    {
        var run = Run(one);
        Assert.Equal(StreamFaults.WrongType, run.Fault);
        Assert.True(run.Holds("the text"));
    }

    [Fact]
    public void Read_name_of_an_unknown_event_is_a_text() => Assert.True(Run(Start, "the_text {}").Holds("the_text"));

    [Fact]
    public void Read_members_in_any_order_are_read_the_same()
    {
        var run = Run(Start, Block(0, "text"), """content_block_delta {"delta":{"text":"late type","type":"text_delta"},"index":0}""");
        Assert.Null(run.Fault);
        Assert.Equal("late type", run.Text(Surface.Output));
    }

    [Fact]
    public void Read_text_inside_the_start_event_is_given()
    {
        var start = """message_start {"message":{"id":"m1","content":[{"type":"text","text":"early "},{"type":"tool_use","id":"t","name":"pay","input":{"to":"x"}}]}}""";
        var run = Run(start, Block(2, "text"), Text(2, "late"), End(2), Finish, Stop);
        Assert.Null(run.Fault);
        Assert.Equal("early late", run.Text(Surface.Output));
        Assert.Equal(("pay", """{"to":"x"}""", true, false), Assert.Single(run.Calls()));
    }

    [Fact]
    public void Read_call_is_complete_when_its_block_stops()
    {
        var run = Run(Start, Tool(0, "{}"), Input(0, "{\\\"a\\\""), Input(0, ":1}"));
        Assert.False(Assert.Single(run.Calls()).Complete);
        run.Feed(Frame(End(0)));
        Assert.Equal(("pay", "{\"a\":1}", true, false), Assert.Single(run.Calls()));
    }

    [Fact]
    public void Read_call_without_input_has_an_empty_object() =>
        Assert.Equal(("pay", "{}", true, false), Assert.Single(Run(Start, Tool(0, "{ }"), End(0)).Calls()));

    [Fact]
    public void Read_input_in_the_start_event_and_in_deltas_is_a_fault() =>
        Assert.Equal(StreamFaults.BlockTypeMismatch, Run(Start, Tool(0, "{\"a\":1}"), Input(0, "{}")).Fault);

    [Fact]
    public void Read_unknown_block_and_delta_are_running_output()
    {
        var run = Run(Start, """content_block_start {"index":0,"content_block":{"type":"novel","words":"one "}}""", """content_block_delta {"index":0,"delta":{"type":"novel_delta","words":"two"}}""", End(0));
        Assert.Null(run.Fault);
        Assert.Equal("one two", run.Text(Surface.Output));
    }

    [Fact]
    public void Read_unknown_event_is_running_output()
    {
        var run = Run(Start, """novel_event {"deep":{"words":"one "}}""", """novel_event {"deep":{"words":"two"}}""");
        Assert.Null(run.Fault);
        Assert.Equal("one two", run.Text(Surface.Output));
    }

    [Theory]
    [InlineData("""{"type":"bash_code_execution_tool_result","tool_use_id":"t","content":{"stdout":"the text"}}""", Surface.ToolResult)]
    [InlineData("""{"type":"mcp_tool_result","tool_use_id":"t","content":"the text"}""", Surface.ToolResult)]
    [InlineData("""{"type":"web_fetch_tool_result","tool_use_id":"t","content":{"content":{"source":{"data":"the text"}}}}""", Surface.Document)]
    public void Read_result_of_a_server_tool_is_third_party_text(string block, Surface surface)
    {
        var run = Run(Start, $"content_block_start {{\"index\":0,\"content_block\":{block}}}");
        Assert.Contains(run.Deltas, one => one.Text == "the text" && one.Delta.Surface == surface && one.Delta.Trust == Trust.ThirdParty);
    }

    [Fact]
    public void Read_usage_adds_cache_tokens_and_later_numbers_replace_earlier_ones()
    {
        var run = Run(Start, """message_delta {"delta":{},"usage":{"input_tokens":7,"cache_read_input_tokens":null,"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}""");
        Assert.Equal(new TokenUsage(10, 9, 2, 1, 4), run.Usage);
    }

    [Fact]
    public void Read_split_surrogates_are_joined_over_blocks()
    {
        var run = Run(Start, Block(0, "text"), Text(0, "a \\ud83d"), End(0), Block(1, "text"), Text(1, "\\udeb2"), End(1), Finish);
        Assert.Null(run.Fault);
        Assert.Equal("a 🚲", run.Text(Surface.Output));
    }

    [Fact]
    public void Read_lone_surrogate_at_the_end_is_a_fault() =>
        Assert.Equal(StreamFaults.LoneSurrogate, Run(Start, Block(0, "text"), Text(0, "a \\ud83d"), End(0), Finish).Fault);

    [Fact]
    public void Read_lone_surrogate_at_the_end_of_arguments_is_a_fault() =>
        Assert.Equal(StreamFaults.LoneSurrogate, Run(Start, Tool(0, "{}"), Input(0, "\\ud83d"), End(0)).Fault);

    [Fact]
    public void Read_error_of_the_provider_is_one()
    {
        var run = Run("""error {"error":{"type":"overloaded_error","message":"the text"}}""");
        Assert.True(run.IsProviderError);
        Assert.Equal("overloaded_error", run.ErrorCode);
        Assert.True(run.Holds("the text"));
    }

    [Fact]
    public void Read_frame_after_the_terminator_is_a_fault()
    {
        var run = Run(Start, Finish, Stop);
        var frame = new StreamFrame();
        run.Reader.Read(new SseFrame("x"u8, "ping"u8, "{\"type\":\"ping\"}"u8, true), frame);
        Assert.Equal(StreamFaults.AfterTerminator, frame.Fault);
        Assert.False(frame.IsTerminal);
    }

    [Fact]
    public void KeepAlive_is_a_frame_without_meaning()
    {
        var reader = new AnthropicStreamReader(StreamRun.Request());
        var run = new StreamRun(reader).Feed(reader.KeepAlive);
        Assert.Null(run.Fault);
        Assert.False(run.Positions[0].Started);
    }

    private static StreamRun Run(params string[] events) =>
        new StreamRun(new AnthropicStreamReader(StreamRun.Request())).Feed(System.Text.Encoding.UTF8.GetBytes(string.Concat(events.Select(one => System.Text.Encoding.UTF8.GetString(Frame(one))))));

    private static byte[] Frame(string one)
    {
        var space = one.IndexOf(' ', StringComparison.Ordinal);
        var rest = one[(space + 2)..];
        var comma = rest == "}" ? "" : ",";
        return System.Text.Encoding.UTF8.GetBytes($"event: {one[..space]}\ndata: {{\"type\":\"{one[..space]}\"{comma}{rest}\n\n");
    }

    private static string Block(int index, string type) =>
        type == "tool_use" ? Tool(index, "{}") : $"content_block_start {{\"index\":{index},\"content_block\":{{\"type\":\"{type}\"}}}}";

    private static string Tool(int index, string input) =>
        $"content_block_start {{\"index\":{index},\"content_block\":{{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"pay\",\"input\":{input}}}}}";

    private static string Text(int index, string text) => $"content_block_delta {{\"index\":{index},\"delta\":{{\"type\":\"text_delta\",\"text\":\"{text}\"}}}}";

    private static string Input(int index, string json) => $"content_block_delta {{\"index\":{index},\"delta\":{{\"type\":\"input_json_delta\",\"partial_json\":\"{json}\"}}}}";

    private static string End(int index) => $"content_block_stop {{\"index\":{index}}}";
}
