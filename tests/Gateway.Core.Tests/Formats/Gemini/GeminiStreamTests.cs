using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Tests.Formats.Streams;
using Xunit;
using static Gateway.Core.Tests.Formats.Gemini.GeminiStreams;

namespace Gateway.Core.Tests.Formats.Gemini;

public sealed class GeminiStreamTests
{
    [Theory]
    [InlineData(": a comment\r\n\r\n")]
    [InlineData("event: x\r\ndata: {\"candidates\":[]}\r\n\r\n")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}\r\n\r\n")]
    [InlineData("data: {\"candidates\":[]}\r\n{\"candidates\":[]}\r\n\r\n")]
    [InlineData("data: {\"candidates\"\r\ndata: :[]}\r\n\r\n")]
    [InlineData("\uFEFFdata: {\"candidates\":[]}\r\n\r\n")]
    [InlineData("id: 1\r\n\r\n")]
    public void Read_line_that_is_no_data_line_is_a_fault(string stream) => Assert.Equal(StreamFaults.NotADataLine, StreamRun.Gemini(stream).Fault);

    [Theory]
    [InlineData("[DONE]", "not_an_object")]
    [InlineData("{}", "wrong_type")]
    [InlineData("{\"candidates\":[{\"index\":7}]}", "index_jump")]
    [InlineData("{\"candidates\":[{\"index\":-1}]}", "index_jump")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\",\"t\\u0065xt\":\"b\"}]}}]}", "duplicate_key")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{},\"inline_data\":{}}]}}]}", "two_spellings_of_one_field")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{}}]}}]}", "tool_without_name")]
    public void Read_hostile_chunk_is_a_fault(string data, string reason) => Assert.Equal(reason, StreamRun.Gemini($"data: {data}\r\n\r\n").Fault);

    [Fact]
    public void Read_reason_in_every_chunk_does_not_end_the_text()
    {
        var run = StreamRun.Gemini(System.Text.Encoding.UTF8.GetString(Stream(StreamFraming.Events, Text("a", "STOP"), Text("b", "STOP"))));
        Assert.Null(run.Fault);
        Assert.Equal("ab", run.Text(Surface.Output));
        Assert.Equal(["STOP"], run.Finishes);
    }

    [Fact]
    public void MayEnd_is_true_only_when_every_candidate_that_began_has_finished()
    {
        Assert.True(Run(Text("a", "STOP")).Reader.MayEnd);
        Assert.False(Run(Text("a")).Reader.MayEnd);
        Assert.False(Run(Text("a", "STOP"), Text("b", index: 1)).Reader.MayEnd);
        Assert.True(Run(Text("b", index: 1), Text("a", "STOP"), Text("", "SAFETY", index: 1)).Reader.MayEnd);
        Assert.True(Run("""{"promptFeedback":{"blockReason":"SAFETY"}}""").Reader.MayEnd);
        Assert.False(Run("""{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]}""").Reader.MayEnd);
    }

    [Fact]
    public void Read_array_that_closes_before_a_reason_is_truncated()
    {
        var stream = System.Text.Encoding.UTF8.GetString(Stream(StreamFraming.JsonArray, Text("a")));
        Assert.Equal(StreamFaults.Truncated, StreamRun.Gemini(stream, StreamFraming.JsonArray).Fault);
        Assert.Equal(StreamFaults.Truncated, StreamRun.Gemini("[]", StreamFraming.JsonArray).Fault);
    }

    [Fact]
    public void Read_arguments_in_pieces_are_one_call()
    {
        var run = Run(
            Call("\"name\":\"f\",\"willContinue\":true"),
            Call("\"partialArgs\":[{\"jsonPath\":\"$.a\",\"stringValue\":\"blue \",\"willContinue\":true}],\"willContinue\":true"),
            Call("\"partial_args\":[{\"json_path\":\"$.a\",\"string_value\":\"falcon\"},{\"jsonPath\":\"$.b\",\"numberValue\":1}],\"will_continue\":true"),
            Call(""),
            Text("", "STOP"));
        Assert.Null(run.Fault);
        Assert.Equal("f", Assert.Single(run.Calls()).Name);
        Assert.True(run.Calls()[0].Complete);
        Assert.Equal("blue falcon", string.Concat(run.Deltas.Where(one => one.Delta.Kind == DeltaKind.ToolText).Select(one => one.Text)));
    }

    [Fact]
    public void Read_pieces_of_two_arguments_that_take_turns_are_a_fault() => Assert.Equal(StreamFaults.BlockReopened, Run(
        Call("\"name\":\"f\",\"partialArgs\":[{\"jsonPath\":\"$.a\",\"stringValue\":\"x\"},{\"jsonPath\":\"$.b\",\"stringValue\":\"y\"},{\"jsonPath\":\"$.a\",\"stringValue\":\"z\"}]")).Fault);

    [Fact]
    public void MayEnd_with_a_call_in_pieces_still_open_is_false() =>
        Assert.False(Run(Chunk("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}", "STOP")).Reader.MayEnd);

    [Fact]
    public void KeepAlive_is_ignored_in_both_framings()
    {
        foreach (var framing in Enum.GetValues<StreamFraming>())
        {
            var stream = System.Text.Encoding.UTF8.GetString(Texts(framing, "a", "b"));
            var kept = framing == StreamFraming.Events
                ? "\r\n" + stream.Replace("\r\n\r\n", "\r\n\r\n\r\n", StringComparison.Ordinal)
                : "\r\n" + stream.Replace("\n,", "\r\n\n,", StringComparison.Ordinal);
            var run = StreamRun.Gemini(kept, framing);
            Assert.Null(run.Fault);
            Assert.True(run.IsTerminal);
            Assert.Equal("ab", run.Text(Surface.Output));
        }
    }

    private static StreamRun Run(params string[] chunks) => StreamRun.Gemini(System.Text.Encoding.UTF8.GetString(Stream(StreamFraming.Events, chunks)));

    private static string Call(string members) => Chunk($$$"""{"functionCall":{{{{members}}}}}""");
}
