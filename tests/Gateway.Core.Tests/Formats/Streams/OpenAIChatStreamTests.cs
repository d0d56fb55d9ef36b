using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.OpenAIChat;
using Xunit;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>Chunks: where text hides, how calls come together, what breaks the protocol.</summary>
public sealed class OpenAIChatStreamTests
{
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public void Read_duplicate_member_gives_all_occurrences_and_a_fault()
    {
        var run = StreamRun.Chat(Delta("""{"content":"first","content":"second"}"""));
        Assert.True(run.Holds("first"));
        Assert.True(run.Holds("second"));
        Assert.Equal(StreamFaults.DuplicateKey, run.Fault);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"one"}}],"choices":[{"index":0,"delta":{"content":"two"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"one"},"delta":{"content":"two"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"one","\u0063ontent":"two"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"index":0,"delta":{"content":"one two"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"one","arguments":"two"}}]}}]}""")]
    public void Read_duplicate_member_at_any_level_gives_all_occurrences_and_a_fault(string chunk)
    {
        var run = StreamRun.Chat($"data: {chunk}\n\n");
        Assert.True(run.Holds("one"));
        Assert.True(run.Holds("two"));
        Assert.Equal(StreamFaults.DuplicateKey, run.Fault);
    }

    [Fact]
    public void Read_members_in_any_order_gives_the_text_to_its_choice()
    {
        var run = StreamRun.Chat("""data: {"choices":[{"finish_reason":"stop","delta":{"content":"late index"},"index":1}]}""" + "\n\n");
        Assert.Null(run.Fault);
        Assert.Equal(2, run.Positions[^1].Choices);
        Assert.Equal("late index", run.Text(Surface.Output));
        Assert.Equal(DeltaKind.ChannelEnd, run.Deltas[^1].Delta.Kind);
    }

    [Fact]
    public void Read_escaped_member_name_is_read_as_the_member()
    {
        var run = StreamRun.Chat(Delta("""{"\u0063onten\u0074":"text"}""") + Done);
        Assert.Equal("text", run.Text(Surface.Output));
    }

    [Theory]
    [InlineData("""{"content":"The text"}""", Surface.Output)]
    [InlineData("""{"refusal":"The text"}""", Surface.Output)]
    [InlineData("""{"reasoning":"The text"}""", Surface.Reasoning)]
    [InlineData("""{"reasoning_content":"The text"}""", Surface.Reasoning)]
    [InlineData("""{"thinking":"The text"}""", Surface.Reasoning)]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.text","text":"The text"}]}""", Surface.Reasoning)]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.summary","summary":"The text"}]}""", Surface.Reasoning)]
    [InlineData("""{"content":[{"type":"text","text":"The text"}]}""", Surface.Output)]
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"The text"}]}]}""", Surface.Reasoning)]
    [InlineData("""{"content":[{"type":"novel","novel":{"words":"The text"}}]}""", Surface.Output)]
    [InlineData("""{"content":["The text"]}""", Surface.Output)]
    [InlineData("""{"content":[["The text"]]}""", Surface.Output)]
    [InlineData("""{"content":{"text":"The text"}}""", Surface.Output)]
    [InlineData("""{"audio":{"transcript":"The text"}}""", Surface.Output)]
    [InlineData("""{"novel":"The text"}""", Surface.Output)]
    public void Read_text_of_a_delta_is_a_running_text(string delta, Surface surface)
    {
        var run = StreamRun.Chat(Delta(delta) + Delta(delta) + Done);
        Assert.Null(run.Fault);
        Assert.Equal("The textThe text", run.Text(surface));
    }

    [Theory]
    [InlineData("""{"annotations":[{"type":"url_citation","url_citation":{"title":"The text"}}]}""", Surface.Document)]
    [InlineData("""{"context":{"citations":[{"content":"The text"}]}}""", Surface.Document)]
    [InlineData("""{"role":"The text"}""", Surface.Metadata)]
    public void Read_text_that_stands_for_itself_is_whole(string delta, Surface surface)
    {
        var run = StreamRun.Chat(Delta(delta));
        Assert.Contains(run.Deltas, one => one.Delta.Kind == DeltaKind.Whole && one.Delta.Surface == surface && one.Text == "The text");
    }

    [Theory]
    [InlineData("""{"choices":{"0":{"delta":{"content":"The text"}}}}""")]
    [InlineData("""{"choices":[{"index":0,"delta":["The text"]}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":{"0":{"function":{"name":"The text"}}}}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"function_call":"The text"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":["The text"]}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":["The text"]}]}}]}""")]
    public void Read_structure_of_another_type_is_a_fault_and_a_text(string chunk)
    {
        var run = StreamRun.Chat($"data: {chunk}\n\n");
        Assert.Equal(StreamFaults.WrongType, run.Fault);
        Assert.True(run.Holds("The text"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"0\"")]
    [InlineData("0.5")]
    public void Read_call_index_that_is_none_is_a_fault(string index) => Assert.Equal(
        StreamFaults.IndexJump,
        StreamRun.Chat(Delta($"{{\"tool_calls\":[{{\"index\":{index},\"id\":\"a\",\"function\":{{\"name\":\"f\"}}}}]}}")).Fault);

    [Fact]
    public void Read_unknown_members_of_deltas_do_not_break_each_other_up()
    {
        var run = StreamRun.Chat(Delta("""{"a":"bo","b":"xx"}""") + Delta("""{"a":"mb","b":"yy"}""") + Done);
        Assert.Contains(run.Texts(), one => one.Text == "bomb");
    }

    [Fact]
    public void Read_unknown_member_names_are_texts()
    {
        var run = StreamRun.Chat("""data: {"choices":[],"a secret name":{"and one inside":1}}""" + "\n\n");
        Assert.True(run.Holds("a secret name"));
        Assert.True(run.Holds("and one inside"));
    }

    [Fact]
    public void Read_split_surrogates_are_joined()
    {
        var run = StreamRun.Chat(Delta("""{"content":"ride \ud83d"}""") + Delta("""{"content":""}""") + Delta("""{"content":"\udeb2 on"}""") + Done);
        Assert.Null(run.Fault);
        Assert.Equal("ride 🚲 on", run.Text(Surface.Output));
        Assert.DoesNotContain(run.Deltas, one => one.Text.Length > 0 && (char.IsHighSurrogate(one.Text[^1]) || char.IsLowSurrogate(one.Text[0])));
    }

    [Theory]
    [InlineData("""{"content":"a \ud83d b"}""")]
    [InlineData("""{"content":"\udeb2 b"}""")]
    [InlineData("""{"role":"\ud83d"}""")]
    public void Read_lone_surrogate_is_a_fault(string delta) => Assert.Equal(StreamFaults.LoneSurrogate, StreamRun.Chat(Delta(delta)).Fault);

    [Fact]
    public void Read_lone_surrogate_at_the_end_is_a_fault() =>
        Assert.Equal(StreamFaults.LoneSurrogate, StreamRun.Chat(Delta("""{"content":"a \ud83d"}""") + Done).Fault);

    [Fact]
    public void Read_high_half_followed_by_other_text_is_a_fault() =>
        Assert.Equal(StreamFaults.LoneSurrogate, StreamRun.Chat(Delta("""{"content":"a \ud83d"}""") + Delta("""{"content":"b"}""")).Fault);

    [Theory]
    [InlineData("[]", StreamFaults.NotAnObject)]
    [InlineData("\"text\"", StreamFaults.NotAnObject)]
    [InlineData("", StreamFaults.NotJson)]
    [InlineData("{\"choices\":[]} x", StreamFaults.NotJson)]
    [InlineData("[DONE] x", StreamFaults.NotAnObject)]
    [InlineData("{\"choices\":[1]}", StreamFaults.WrongType)]
    [InlineData("{\"choices\":[{\"index\":2,\"delta\":{}}]}", StreamFaults.IndexJump)]
    [InlineData("{\"choices\":[{\"index\":-1,\"delta\":{}}]}", StreamFaults.IndexJump)]
    [InlineData("{\"choices\":[{\"index\":\"0\",\"delta\":{}}]}", StreamFaults.IndexJump)]
    public void Read_chunk_that_is_none_is_a_fault(string data, string reason) => Assert.Equal(reason, StreamRun.Chat($"data: {data}\n\n").Fault);

    [Fact]
    public void Read_invalid_utf8_is_a_fault()
    {
        var bytes = Encoding.UTF8.GetBytes(Delta("""{"content":"?"}"""));
        bytes[Array.LastIndexOf(bytes, (byte)'?')] = 0xC0;
        Assert.Equal(StreamFaults.NotUtf8, new StreamRun(new OpenAIChatStreamReader(StreamRun.Request())).Feed(bytes).Fault);
    }

    [Theory]
    [InlineData("""{"content":"more"}""")]
    [InlineData("""{"novel":"more"}""")]
    [InlineData("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}""")]
    public void Read_text_after_the_finish_of_its_choice_is_a_fault(string delta) =>
        Assert.Equal(StreamFaults.AfterFinish, StreamRun.Chat(Delta("""{"content":"text"}""", "\"stop\"") + Delta(delta)).Fault);

    [Fact]
    public void Read_frame_after_the_terminator_is_a_fault()
    {
        var reader = new OpenAIChatStreamReader(StreamRun.Request());
        var frame = new StreamFrame();
        reader.Read(new SseFrame(Encoding.UTF8.GetBytes(Done), default, "[DONE]"u8, true), frame);
        Assert.True(frame.IsTerminal);
        reader.Read(new SseFrame("data: {}\n\n"u8, default, "{}"u8, true), frame);
        Assert.Equal(StreamFaults.AfterTerminator, frame.Fault);
    }

    [Fact]
    public void Read_last_text_together_with_the_finish_comes_before_the_end()
    {
        var run = StreamRun.Chat(Delta("""{"content":"last"}""", "\"stop\""));
        Assert.Equal([DeltaKind.Append, DeltaKind.ChannelEnd], run.Deltas.Where(one => one.Delta.Channel >= 0).Select(one => one.Delta.Kind));
    }

    [Fact]
    public void Read_calls_are_complete_at_the_finish_and_not_before()
    {
        var run = StreamRun.Chat(Call(0, "a", "one", "{}") + Call(1, "b", "two", "{}"));
        Assert.All(run.Calls(), call => Assert.False(call.Complete));
        run.Feed(Encoding.UTF8.GetBytes(Delta("{}", "\"tool_calls\"")));
        Assert.All(run.Calls(), call => Assert.True(call.Complete));
    }

    [Fact]
    public void Read_fragment_that_repeats_id_and_name_belongs_to_its_call()
    {
        var run = StreamRun.Chat(Call(0, "a", "one", "{\\\"x\\\"") + Call(0, "a", "one", ":1}") + Done);
        Assert.Equal(("one", "{\"x\":1}", true, false), Assert.Single(run.Calls()));
    }

    [Fact]
    public void Read_new_id_under_the_same_index_is_a_new_call()
    {
        var run = StreamRun.Chat(Call(0, "a", "one", "{}") + Call(0, "b", "two", "[]") + Done);
        Assert.Equal([("one", "{}", true, false), ("two", "[]", true, false)], run.Calls());
    }

    [Fact]
    public void Read_calls_without_index_are_told_apart_by_position()
    {
        var both = """{"tool_calls":[{"id":"a","function":{"name":"one","arguments":"1"}},{"id":"b","function":{"name":"two","arguments":"2"}}]}""";
        Assert.Equal([("one", "1", true, false), ("two", "2", true, false)], StreamRun.Chat(Delta(both) + Done).Calls());
    }

    [Fact]
    public void Read_same_index_in_two_choices_is_two_calls()
    {
        var run = StreamRun.Chat(Call(0, "a", "one", "1") + Call(0, "b", "two", "2", choice: 1) + Call(0, "a", "one", "1") + Done);
        Assert.Equal([("one", "11", true, false), ("two", "2", true, false)], run.Calls());
    }

    [Fact]
    public void Read_arguments_before_the_name_in_one_object_belong_to_the_call()
    {
        var run = StreamRun.Chat(Delta("""{"tool_calls":[{"function":{"arguments":"{}","name":"one"},"id":"a","index":0}]}""") + Done);
        Assert.Equal(("one", "{}", true, false), Assert.Single(run.Calls()));
    }

    [Fact]
    public void Read_input_of_a_custom_tool_is_free_text()
    {
        var run = StreamRun.Chat(Delta("""{"tool_calls":[{"index":0,"id":"a","type":"custom","custom":{"name":"sql","input":"SELECT 1"}}]}""") + Done);
        Assert.Contains(run.Deltas, one => one.Delta.Kind == DeltaKind.ToolText && one.Text == "SELECT 1");
        Assert.Equal("sql", Assert.Single(run.Calls()).Name);
    }

    [Fact]
    public void Read_call_that_turns_from_arguments_to_free_text_is_a_fault() => Assert.Equal(
        StreamFaults.BlockTypeMismatch,
        StreamRun.Chat(Call(0, "a", "one", "{") + Delta("""{"tool_calls":[{"index":0,"custom":{"input":"}"}}]}""")).Fault);

    [Fact]
    public void Read_call_that_changes_its_name_is_a_fault() =>
        Assert.Equal(StreamFaults.ToolNameChanged, StreamRun.Chat(Call(0, "a", "one", "") + Call(0, "a", "two", "")).Fault);

    [Fact]
    public void Read_arguments_without_a_name_is_a_fault_and_a_text()
    {
        var run = StreamRun.Chat(Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"the arguments"}}]}"""));
        Assert.Equal(StreamFaults.ToolWithoutName, run.Fault);
        Assert.True(run.Holds("the arguments"));
    }

    [Fact]
    public void Read_call_that_never_gets_a_name_is_a_fault() => Assert.Equal(
        StreamFaults.ToolWithoutName,
        StreamRun.Chat(Delta("""{"tool_calls":[{"index":0,"id":"a"}]}""") + Delta("{}", "\"tool_calls\"")).Fault);

    [Fact]
    public void Read_more_calls_than_any_answer_has_is_a_fault() => Assert.Equal(
        StreamFaults.TooManyItems,
        StreamRun.Chat(string.Concat(Enumerable.Range(0, 300).Select(at => Call(at, $"id{at}", "f", "1")))).Fault);

    [Fact]
    public void Read_more_running_texts_than_any_answer_has_is_a_fault() => Assert.Equal(
        StreamFaults.TooManyItems,
        StreamRun.Chat(string.Concat(Enumerable.Range(0, 600).Select(at => Delta($"{{\"m{at}\":\"x\"}}")))).Fault);

    [Fact]
    public void Read_usage_chunk_is_withheld_when_the_client_had_not_asked()
    {
        var chunk = """data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""" + "\n\n";
        Assert.Equal([0], StreamRun.Chat(chunk, wantsUsage: false).Withheld);
        Assert.Empty(StreamRun.Chat(chunk, wantsUsage: true).Withheld);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"x"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""")]
    [InlineData("""{"choices":[],"usage":null}""")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1},"error":{"message":"x"}}""")]
    public void Read_chunk_that_carries_more_than_usage_is_not_withheld(string chunk) =>
        Assert.Empty(StreamRun.Chat($"data: {chunk}\n\n", wantsUsage: false).Withheld);

    [Theory]
    [InlineData("""{"error":{"message":"m","code":"c","type":"t"}}""", "c")]
    [InlineData("""{"error":{"message":"m","code":null,"type":"t"}}""", "t")]
    [InlineData("""{"error":{"message":"m","code":502}}""", "502")]
    [InlineData("""{"error":"text"}""", null)]
    [InlineData("""{"object":"error","message":"m","code":404}""", null)]
    public void Read_error_of_the_provider_is_one(string chunk, string? code)
    {
        var run = StreamRun.Chat($"data: {chunk}\n\n");
        Assert.True(run.IsProviderError);
        Assert.Equal(code, run.ErrorCode);
        Assert.Null(run.Fault);
    }

    [Fact]
    public void Read_event_name_of_another_api_is_a_fault() =>
        Assert.Equal(StreamFaults.EventTypeMismatch, StreamRun.Chat("event: thread.message\ndata: {\"choices\":[]}\n\n").Fault);

    [Fact]
    public void Read_unchanging_members_are_reported_when_they_change()
    {
        var run = StreamRun.Chat(Chunk("\"id\":\"1\",\"model\":\"m\",\"system_fingerprint\":\"fp\"") + Chunk("\"id\":\"1\",\"model\":\"m\",\"system_fingerprint\":\"fp\"") + Chunk("\"id\":\"2\",\"model\":\"n\",\"system_fingerprint\":\"fq\""));
        Assert.Equal(["1", "m", "fp", "2", "n", "fq"], run.Deltas.Select(one => one.Text));
        Assert.Equal("n", run.Model);
        Assert.Equal("2", run.ResponseId);
    }

    [Fact]
    public void Read_comment_frame_has_no_meaning()
    {
        var frame = new StreamFrame();
        new OpenAIChatStreamReader(StreamRun.Request()).Read(new SseFrame(": ping\n\n"u8, default, default, false), frame);
        Assert.False(frame.IsMeaningful);
        Assert.Null(frame.Fault);
    }

    private static string Chunk(string members) => $"data: {{{members},\"choices\":[]}}\n\n";

    private static string Delta(string delta, string finish = "null") =>
        $"data: {{\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n";

    private static string Call(int index, string id, string name, string arguments, int choice = 0) =>
        $"data: {{\"choices\":[{{\"index\":{choice},\"delta\":{{\"tool_calls\":[{{\"index\":{index},\"id\":\"{id}\",\"type\":\"function\","
        + $"\"function\":{{\"name\":\"{name}\",\"arguments\":\"{arguments}\"}}}}]}}}}]}}\n\n";
}
