using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.OpenAIResponses;
using Gateway.Core.Tests.Formats.Errors;
using Gateway.Core.Tests.Formats.Responses;
using Xunit;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>How a Responses stream ends that the gateway cuts.</summary>
public sealed class OpenAIResponsesCutTests
{
    private const string Why = "Blocked by rule no-secrets. (decision dec_1)";
    private static readonly GatewayError Error = new(ErrorCode.PolicyBlocked, "Blocked by rule no-secrets.", "dec_1");

    public static TheoryData<string> Streams => new(GoldenAnswers.Names(".sse").Where(name => SampleFormats.Of(name).Id == FormatId.OpenAIResponses && GoldenAnswers.Parse(name) == "ok"));

    [Fact]
    public void WriteCut_error_is_flat_for_old_clients_and_nested_for_new_ones() => Assert.StartsWith(
        "event: error\n" + """data: {"type":"error","sequence_number":6,"code":"policy_blocked","message":"Blocked by rule no-secrets. (decision dec_1)","param":null,"error":{"message":"Blocked by rule no-secrets. (decision dec_1)","type":"policy_violation","param":null,"code":"policy_blocked"}}""" + "\n\n",
        Cut(new OpenAIResponsesStreamReader(StreamRun.Request()), new StreamPosition(true, -1, 1, 6), refusal: false),
        StringComparison.Ordinal);

    [Fact]
    public void WriteCut_error_is_followed_by_a_response_of_a_status_that_does_not_exist()
    {
        var whole = StreamRun.Golden("openai-responses.message.stream.sse");
        var cut = Cut(whole.Reader, whole.Positions[4], refusal: false);
        Assert.Equal(["event: error", "event: response.failed"], cut.Split('\n').Where(line => line.StartsWith("event:", StringComparison.Ordinal)));
        var failed = Events(cut)[1];
        Assert.Equal(("response.failed", 6), (Type(failed), failed.GetProperty("sequence_number").GetInt32()));
        var response = failed.GetProperty("response");
        Assert.Equal(("resp_68ab12", $"policy_blocked: {Why}"), (response.GetProperty("id").GetString(), response.GetProperty("status").GetString()));
        Assert.Equal(("server_error", Why), (response.GetProperty("error").GetProperty("code").GetString(), response.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal(JsonValueKind.Null, response.GetProperty("incomplete_details").ValueKind);
        Assert.Equal(0, response.GetProperty("output").GetArrayLength());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WriteCut_tells_nothing_of_an_event_that_the_client_has_not_seen(bool refusal)
    {
        var run = StreamRun.Responses(
            "data: {\"type\":\"response.created\",\"response\":{\"model\":\"m1\"}}\n\n"
            + "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"hidden\",\"model\":\"hidden\",\"created_at\":4711,\"output\":[]}}\n\n");
        var cut = Cut(run.Reader, run.Positions[0], refusal);
        Assert.DoesNotContain("hidden", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", cut, StringComparison.Ordinal);
        Assert.Contains("\"m1\"", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("m1", Cut(run.Reader, StreamPosition.None, refusal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void WriteCut_refusal_at_every_position_goes_on_counting_and_closes_what_is_open(string file)
    {
        var whole = StreamRun.Golden(file);
        for (var released = 0; released < whole.Raw.Count; released++)
        {
            var position = released == 0 ? StreamPosition.None : whole.Positions[released - 1];
            var events = Events(string.Concat(whole.Raw.Take(released)) + Cut(whole.Reader, position, refusal: true));
            Assert.Equal(Enumerable.Range(0, events.Length), events.Select(one => one.GetProperty("sequence_number").GetInt32()));
            Assert.Equal(Count(events, "response.output_item.added"), Count(events, "response.output_item.done"));
            Assert.Equal(Count(events, "response.content_part.added"), Count(events, "response.content_part.done"));
            var output = events[^1].GetProperty("response").GetProperty("output");
            Assert.Equal(Count(events, "response.output_item.added"), output.GetArrayLength());
            Assert.Equal(
                events.Where(one => Type(one) == "response.output_item.done").Select(one => one.GetProperty("item").GetRawText()).Order(),
                output.EnumerateArray().Select(item => item.GetRawText()).Order());
        }
    }

    [Fact]
    public void WriteCut_refusal_states_the_text_as_the_client_has_seen_it()
    {
        var whole = StreamRun.Golden("openai-responses.message.stream.sse");
        var events = Events(Cut(whole.Reader, whole.Positions[4], refusal: true));
        Assert.Equal(
            [
                "response.output_text.done", "response.content_part.done", "response.content_part.added", "response.refusal.delta", "response.refusal.done",
                "response.content_part.done", "response.output_item.done", "response.incomplete",
            ],
            events.Select(Type));
        Assert.Equal("We open ", events[0].GetProperty("text").GetString());
        Assert.Equal(1, events[2].GetProperty("content_index").GetInt32());
        Assert.Equal(Why, events[3].GetProperty("delta").GetString());
        var response = events[^1].GetProperty("response");
        Assert.Equal("incomplete", response.GetProperty("status").GetString());
        Assert.Equal("content_filter", response.GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.Equal("resp_68ab12", response.GetProperty("id").GetString());
        Assert.Equal("We open ", response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void WriteCut_refusal_of_a_stream_without_an_event_is_a_whole_answer()
    {
        var client = StreamRun.Responses(Cut(new OpenAIResponsesStreamReader(StreamRun.Request()), StreamPosition.None, refusal: true));
        Assert.Null(client.Fault);
        Assert.Equal("asked-model", client.Model);
        Assert.Equal(Why, client.Text(Surface.Output));
        Assert.Equal(["incomplete:content_filter"], client.Finishes);
    }

    [Fact]
    public void WriteRefusal_is_an_answer_with_a_refusal()
    {
        var body = ErrorWriterTests.Bytes(output => new OpenAIResponsesFormat().WriteRefusal(new CutNotice(true, Error), "m1", output));
        using var content = new MessageContent();
        Assert.True(OpenAIResponsesResponse.TryRead(body, content), content.ErrorCode);
        Assert.Equal("m1", content.Model);
        Assert.Equal(["incomplete:content_filter"], content.FinishReasons);
        Assert.Contains(Why, content.Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteError_is_that_of_the_providers_other_formats() => Assert.Equal(
        ErrorWriterTests.Bytes(output => new Gateway.Core.Formats.OpenAIChat.OpenAIChatFormat().WriteError(Error, output)),
        ErrorWriterTests.Bytes(output => new OpenAIResponsesFormat().WriteError(Error, output)));

    private static JsonElement[] Events(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement)];

    private static string Type(JsonElement one) => one.GetProperty("type").GetString()!;

    private static int Count(JsonElement[] events, string type) => events.Count(one => Type(one) == type);

    private static string Cut(IStreamReader reader, StreamPosition released, bool refusal) =>
        Encoding.UTF8.GetString(ErrorWriterTests.Bytes(output => reader.WriteCut(new CutNotice(refusal, Error), released, output)));
}
