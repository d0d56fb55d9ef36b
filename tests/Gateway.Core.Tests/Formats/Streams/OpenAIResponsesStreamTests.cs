using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Xunit;
using static Gateway.Core.Tests.TestResponsesStreams;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>Streams that a hostile or careless provider could send.</summary>
public sealed class OpenAIResponsesStreamTests
{
    private const string Created = """{"type":"response.created","response":{"id":"resp_1","model":"m"}}""";
    private const string Message = """{"type":"response.output_item.added","output_index":0,"item":{"id":"a","type":"message","content":[]}}""";
    private const string Call = """{"type":"response.output_item.added","output_index":0,"item":{"id":"a","type":"function_call","name":"pay","arguments":""}}""";
    private const string Part = "\"output_index\":0,\"item_id\":\"a\",\"content_index\":0";

    [Theory]
    [InlineData(StreamFaults.NotStarted, Message)]
    [InlineData(StreamFaults.StartedTwice, Created, Created)]
    [InlineData(StreamFaults.MissingEvent, """{"delta":"x"}""")]
    [InlineData(StreamFaults.NotAnObject, "[]")]
    [InlineData(StreamFaults.NotAnObject, "[DONE]")]
    [InlineData(StreamFaults.BlockNotOpen, Created, """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"x"}""")]
    [InlineData(StreamFaults.BlockNotOpen, Created, """{"type":"response.output_text.delta","output_index":-1,"content_index":0,"delta":"x"}""")]
    [InlineData(StreamFaults.BlockNotOpen, Created, """{"type":"response.output_text.delta","output_index":99999999999,"content_index":0,"delta":"x"}""")]
    [InlineData(StreamFaults.IndexJump, Created, """{"type":"response.output_item.added","output_index":1,"item":{"type":"message"}}""")]
    [InlineData(StreamFaults.BlockReopened, Created, Message, Message)]
    [InlineData(StreamFaults.BlockReopened, Created, Message, """{"type":"response.output_item.added","output_index":1,"item":{"id":"a","type":"message"}}""")]
    [InlineData(StreamFaults.IndexJump, Created, Message, """{"type":"response.output_text.delta","output_index":0,"item_id":"b","content_index":0,"delta":"x"}""")]
    [InlineData(StreamFaults.IndexJump, Created, Message, """{"type":"response.output_text.delta","output_index":0,"item_id":"a","content_index":2147483647,"delta":"x"}""")]
    [InlineData(StreamFaults.WrongType, Created, """{"type":"response.output_item.added","output_index":0,"item":"x"}""")]
    [InlineData(StreamFaults.BlockTypeMismatch, Created, Message, """{"type":"response.function_call_arguments.delta","output_index":0,"item_id":"a","delta":"{}"}""")]
    [InlineData(StreamFaults.BlockTypeMismatch, Created, Message, """{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"function_call","name":"f","arguments":"{}"}}""")]
    [InlineData(StreamFaults.DuplicateKey, Created, Message, "{\"type\":\"response.output_text.delta\"," + Part + ",\"delta\":\"x\",\"delta\":\"y\"}")]
    [InlineData(StreamFaults.AfterFinish, Created, Message, "{\"type\":\"response.output_text.done\"," + Part + ",\"text\":\"x\"}", "{\"type\":\"response.output_text.delta\"," + Part + ",\"delta\":\"y\"}")]
    [InlineData(StreamFaults.AfterFinish, Created, Message, """{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"message"}}""", "{\"type\":\"response.output_text.delta\"," + Part + ",\"delta\":\"y\"}")]
    [InlineData(StreamFaults.ToolWithoutName, Created, """{"type":"response.output_item.added","output_index":0,"item":{"id":"a","type":"function_call"}}""", """{"type":"response.function_call_arguments.delta","output_index":0,"delta":"{}"}""")]
    [InlineData(StreamFaults.ToolNameChanged, Created, Call, """{"type":"response.function_call_arguments.done","output_index":0,"name":"steal","arguments":"{}"}""")]
    [InlineData(StreamFaults.ToolNameChanged, Created, Call, """{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"function_call","name":"steal","arguments":"{}"}}""")]
    [InlineData(StreamFaults.ToolArgumentsChanged, Created, Call, """{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{}"}""", """{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"function_call","name":"pay","arguments":"{\"to\":1}"}}""")]
    [InlineData(StreamFaults.ToolArgumentsChanged, Created, Call, """{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{}"}""", """{"type":"response.completed","response":{"output":[{"id":"a","type":"function_call","name":"pay","arguments":"{\"to\":1}"}]}}""")]
    [InlineData(StreamFaults.AfterFinish, Created, Call, """{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{}"}""", """{"type":"response.function_call_arguments.delta","output_index":0,"delta":" "}""")]
    [InlineData(StreamFaults.LoneSurrogate, Created, Message, "{\"type\":\"response.output_text.done\"," + Part + ",\"text\":\"\\ud83d\"}", """{"type":"response.completed","response":{"output":[]}}""")]
    public void Read_event_against_the_grammar_is_a_fault(string reason, params string[] events) => Assert.Equal(reason, Run(events).Fault);

    [Fact]
    public void Read_event_name_that_differs_from_the_type_is_a_fault() =>
        Assert.Equal(StreamFaults.EventTypeMismatch, StreamRun.Responses($"event: response.in_progress\ndata: {Created}\n\n").Fault);

    [Fact]
    public void Read_frames_without_event_lines_are_read_by_their_type()
    {
        var text = string.Concat(Encoding.UTF8.GetString(Text("hello")).Split('\n').Where(line => !line.StartsWith("event:", StringComparison.Ordinal)).Select(line => line + "\n"));
        var run = StreamRun.Responses(text);
        Assert.Null(run.Fault);
        Assert.Equal("hello", run.Text(Surface.Output));
        Assert.True(run.IsTerminal);
    }

    [Theory]
    [InlineData("""{"type":"error","code":"server_error","message":"gone","param":null}""", "server_error")]
    [InlineData("""{"type":"error","error":{"code":"overloaded","message":"gone"}}""", "overloaded")]
    [InlineData("""{"error":{"type":"server_error","message":"gone"}}""", "server_error")]
    [InlineData("""{"type":"response.in_progress","response":{},"error":{"code":"overloaded","message":"gone"}}""", "overloaded")]
    public void Read_error_in_any_form_that_a_client_raises_on_is_the_providers(string error, string code)
    {
        var run = Run(Created, error);
        Assert.True(run.IsProviderError);
        Assert.Equal(code, run.ErrorCode);
        Assert.True(run.Holds("gone"));
    }

    [Fact]
    public void Read_text_that_only_closing_events_hold_is_given_once()
    {
        var done = Message0("completed", "only at the end");
        var run = Read(Stream(new Item(Message0("in_progress"), done, [])));
        Assert.Equal("only at the end", run.Text(Surface.Output));
        Assert.Single(run.Deltas, one => one.Text.Contains("at the end", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_text_that_only_the_terminal_event_holds_is_given_once()
    {
        var run = Read(Stream([Message0("completed", "only at the end")]));
        Assert.Single(run.Deltas, one => one.Text.Contains("only at the end", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_repetitions_of_a_text_give_it_once()
    {
        var run = Read(Text("once ", "only"));
        Assert.Equal("once only", string.Concat(run.Deltas.Where(one => one.Delta.Surface == Surface.Output).Select(one => one.Text)));
    }

    [Fact]
    public void Read_closing_event_with_another_text_gives_that_too()
    {
        var run = Read(Stream(TestResponsesStreams.Message(0, ["harmless"], ["forbidden"])));
        Assert.Null(run.Fault);
        Assert.True(run.Holds("harmless"));
        Assert.True(run.Holds("forbidden"));
    }

    [Fact]
    public void Read_texts_that_closing_events_restate_are_joined_over_items()
    {
        var run = Read(Stream(TestResponsesStreams.Message(0, ["harmless"], ["forb"]), TestResponsesStreams.Message(1, ["idden"])));
        Assert.True(run.Holds("forbidden"));
    }

    [Theory]
    [InlineData("blue falcon")]
    [InlineData("blue ", "falcon")]
    public void Read_terminal_event_with_other_texts_gives_them_joined(params string[] final)
    {
        var output = final.Select((text, at) => (JsonNode)TestResponsesStreams.Message($"msg_{at}", "completed", TestResponsesStreams.Part("output_text", text))).ToArray();
        Assert.True(Read(Stream(output, [.. final.Select((_, at) => TestResponsesStreams.Message(at, ["harmless"]))])).Holds("blue falcon"));
    }

    [Fact]
    public void Read_phrase_dealt_out_over_two_parts_in_turn_is_a_fault()
    {
        var run = Run(
            Created,
            Message,
            Delta(0, "blue "),
            Delta(1, "zzz"),
            Delta(0, "falcon"));
        Assert.Equal(StreamFaults.BlockReopened, run.Fault);
    }

    [Fact]
    public void Read_restatements_without_end_are_a_fault()
    {
        var events = Enumerable.Range(0, 100).Select(at => $"{{\"type\":\"response.output_text.done\",{Part},\"text\":\"other {at}\"}}");
        Assert.Equal(StreamFaults.TextChanged, Run([Created, Message, Delta(0, "x"), .. events]).Fault);
    }

    [Fact]
    public void Read_items_without_end_are_a_fault()
    {
        var events = Enumerable.Range(0, 2000).Select(at => $"{{\"type\":\"response.output_item.added\",\"output_index\":{at},\"item\":{{\"type\":\"message\"}}}}");
        Assert.Equal(StreamFaults.TooManyItems, Run([Created, .. events]).Fault);
    }

    [Fact]
    public void Read_call_is_whole_when_its_arguments_are()
    {
        var run = Run(Created, Call, """{"type":"response.function_call_arguments.done","output_index":0,"item_id":"a","arguments":"{\"to\":1}"}""");
        Assert.Equal([("pay", "{\"to\":1}", true, false)], run.Calls());
    }

    [Fact]
    public void Read_call_that_only_the_terminal_event_holds_is_given()
    {
        var run = Run(Created, """{"type":"response.completed","response":{"output":[{"id":"a","type":"function_call","name":"pay","arguments":"{}"}]}}""");
        Assert.Equal([("pay", "{}", true, false)], run.Calls());
    }

    [Fact]
    public void Read_call_of_a_tool_that_the_type_implies_is_given_with_its_arguments()
    {
        var run = Run(
            Created,
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"a","type":"web_search_call","status":"in_progress"}}""",
            """{"type":"response.web_search_call.searching","output_index":0,"item_id":"a"}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"web_search_call","action":{"type":"search","query":"tides","sources":[{"url":"https://a.example"}]}}}""");
        Assert.Equal([("web_search", """{"type":"search","query":"tides"}""", true, true)], run.Calls());
        Assert.Contains(run.Texts(), one => one is { Text: "https://a.example", Delta.Surface: Surface.Document });
    }

    [Theory]
    [InlineData("""{"type":"response.telepathy.delta","thought":"the hidden words"}""")]
    [InlineData("""{"type":"response.output_text.delta","output_index":0,"item_id":"a","content_index":0,"delta":{"text":"the hidden words"}}""")]
    [InlineData("""{"type":"response.output_text.delta","output_index":0,"item_id":"a","content_index":0,"delta":"x","more":["the hidden words"]}""")]
    [InlineData("""{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"message","verdict":"the hidden words"}}""")]
    [InlineData("""{"type":"response.output_item.done","output_index":0,"item":{"id":"a","type":"message","content":[{"type":"telepathy","x":{"y":"the hidden words"}}]}}""")]
    [InlineData("""{"type":"response.content_part.done","output_index":0,"item_id":"a","content_index":0,"part":{"type":"refusal","text":"the hidden words"}}""")]
    [InlineData("""{"type":"response.web_search_call.searching","output_index":0,"item_id":"a","note":"the hidden words"}""")]
    public void Read_text_in_a_place_that_no_table_knows_is_output_of_the_model(string data) => Assert.Contains(
        Run(Created, Message, data).Texts(),
        one => one is { Text: "the hidden words", Delta: { Surface: Surface.Output, Trust: Trust.Model } });

    [Fact]
    public void Read_after_the_terminal_event_is_a_fault()
    {
        var run = Read(Text("x"));
        var frame = new StreamFrame();
        run.Reader.Read(new SseFrame("data: {}\n\n"u8, default, "{}"u8, hasData: true), frame);
        Assert.Equal(StreamFaults.AfterTerminator, frame.Fault);
    }

    private static string Delta(int part, string text) =>
        $"{{\"type\":\"response.output_text.delta\",\"output_index\":0,\"item_id\":\"a\",\"content_index\":{part},\"delta\":\"{text}\"}}";

    private static JsonObject Message0(string status, params string[] texts) =>
        TestResponsesStreams.Message("msg_0", status, [.. texts.Select(text => TestResponsesStreams.Part("output_text", text))]);

    private static StreamRun Run(params string[] events) => StreamRun.Responses(string.Concat(events.Select(data => $"data: {data}\n\n")));

    private static StreamRun Read(byte[] stream) => StreamRun.Responses(Encoding.UTF8.GetString(stream));
}
