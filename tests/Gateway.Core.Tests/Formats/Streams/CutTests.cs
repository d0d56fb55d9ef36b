using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.AnthropicMessages;
using Gateway.Core.Formats.OpenAIChat;
using Gateway.Core.Tests.Formats.Errors;
using Gateway.Core.Tests.Formats.Responses;
using Xunit;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>A stream may be cut anywhere: what the client has then received is a whole stream that says why.</summary>
public sealed class CutTests
{
    private static readonly GatewayError Error = new(ErrorCode.PolicyBlocked, "Blocked by rule no-secrets.", "dec_1");

    // Left out: frames without event lines, and a cut between the halves of one character, which leaves the client with half of it.
    public static TheoryData<string> Streams => new(GoldenAnswers.Streams().Where(name => GoldenAnswers.Parse(name) == "ok"
        && !name.Contains("no-event", StringComparison.Ordinal) && !name.Contains("split-surrogate", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Streams))]
    public void WriteCut_error_at_every_position_is_raised(string file) => AtEveryPosition(file, refusal: false, client =>
    {
        Assert.True(client.IsProviderError);
        Assert.True(client.Holds("Blocked by rule no-secrets. (decision dec_1)"));
        Assert.Equal(
            SampleFormats.Of(file).Id switch { FormatId.AnthropicMessages => "permission_error", FormatId.GeminiGenerate => "PERMISSION_DENIED", _ => "policy_blocked" },
            client.ErrorCode);
    });

    [Theory]
    [MemberData(nameof(Streams))]
    public void WriteCut_refusal_at_every_position_completes(string file) => AtEveryPosition(file, refusal: true, client =>
    {
        Assert.True(client.IsTerminal);
        Assert.False(client.IsProviderError);
        Assert.NotEmpty(client.Finishes);
    });

    [Fact]
    public void WriteCut_chat_error_has_the_bytes_that_sdks_raise_on() => Assert.Equal(
        """data: {"error":{"message":"Blocked by rule no-secrets. (decision dec_1)","type":"policy_violation","param":null,"code":"policy_blocked"},"choices":[{"index":0,"delta":{"role":"policy_blocked: Blocked by rule no-secrets. (decision dec_1)"},"finish_reason":"content_filter"}]}""" + "\n\n",
        Cut(new OpenAIChatStreamReader(StreamRun.Request()), StreamPosition.None, refusal: false));

    [Fact]
    public void WriteCut_chat_error_of_the_upstream_has_another_finish()
    {
        var output = ErrorWriterTests.Bytes(one => new OpenAIChatStreamReader(StreamRun.Request())
            .WriteCut(new CutNotice(false, new GatewayError(ErrorCode.UpstreamFailed, "m", "dec_1")), StreamPosition.None, one));
        Assert.Contains("\"finish_reason\":\"error\"", Encoding.UTF8.GetString(output));
    }

    [Fact]
    public void WriteCut_anthropic_error_has_the_bytes_that_sdks_raise_on() => Assert.Equal(
        "event: error\n" + """data: {"type":"error","error":{"type":"permission_error","message":"Blocked by rule no-secrets. (decision dec_1)","code":"policy_blocked"},"request_id":"dec_1"}""" + "\n\n",
        Cut(new AnthropicStreamReader(StreamRun.Request()), StreamPosition.None, refusal: false));

    [Fact]
    public void WriteCut_chat_refusal_continues_the_stream_it_cuts()
    {
        var run = StreamRun.Chat("""data: {"id":"c1","created":7,"model":"m1","choices":[{"index":1,"delta":{"content":"x"}}]}""" + "\n\n");
        var client = StreamRun.Chat(Cut(run.Reader, run.Reader.Position, refusal: true));
        Assert.Equal(("c1", "m1"), (client.ResponseId, client.Model));
        Assert.Equal(["content_filter", "content_filter"], client.Finishes);
        Assert.Equal(2, client.Texts().Count(one => one.Text.Contains("no-secrets", StringComparison.Ordinal)));
    }

    [Fact]
    public void WriteCut_chat_refusal_leaves_a_finished_choice_alone()
    {
        var run = StreamRun.Chat("""data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"},{"index":1,"delta":{"content":"y"}}]}""" + "\n\n");
        Assert.Equal(["content_filter"], StreamRun.Chat(Cut(run.Reader, run.Reader.Position, refusal: true)).Finishes);
    }

    [Fact]
    public void WriteCut_chat_refusal_of_a_stream_without_a_chunk_names_the_model_that_was_asked_for()
    {
        var client = StreamRun.Chat(Cut(new OpenAIChatStreamReader(StreamRun.Request()), StreamPosition.None, refusal: true));
        Assert.Equal("asked-model", client.Model);
        Assert.Equal("Blocked by rule no-secrets. (decision dec_1)", client.Text(Surface.Output));
    }

    [Fact]
    public void WriteCut_anthropic_refusal_of_a_stream_without_an_event_is_a_whole_message()
    {
        var client = StreamRun.Anthropic(Cut(new AnthropicStreamReader(StreamRun.Request()), StreamPosition.None, refusal: true));
        Assert.Null(client.Fault);
        Assert.Equal("asked-model", client.Model);
        Assert.Equal("Blocked by rule no-secrets. (decision dec_1)", client.Text(Surface.Output));
        Assert.Equal(["refusal"], client.Finishes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void KeepAlive_is_ignored_by_a_reader(bool anthropic)
    {
        IStreamReader reader = anthropic ? new AnthropicStreamReader(StreamRun.Request()) : new OpenAIChatStreamReader(StreamRun.Request());
        var run = new StreamRun(reader).Feed(reader.KeepAlive);
        Assert.Null(run.Fault);
        Assert.DoesNotContain(run.Deltas, one => one.Delta.Kind != DeltaKind.Whole);
        Assert.Equal(StreamPosition.None, run.Reader.Position);
    }

    // The reader is ahead of the client by up to the whole stream.
    private static void AtEveryPosition(string file, bool refusal, Action<StreamRun> check)
    {
        var whole = StreamRun.Golden(file);
        for (var released = 0; released < whole.Raw.Count; released++)
        {
            foreach (var read in new[] { released, released + 1, whole.Raw.Count - 1 })
            {
                var reader = new StreamRun(StreamRun.ReaderFor(file)).Feed(Encoding.UTF8.GetBytes(string.Concat(whole.Raw.Take(read)))).Reader;
                var position = released == 0 ? StreamPosition.None : whole.Positions[released - 1];
                var client = new StreamRun(StreamRun.ReaderFor(file));
                client.Feed(Encoding.UTF8.GetBytes(string.Concat(whole.Raw.Take(released)) + Cut(reader, position, refusal)));
                Assert.Null(client.Fault);
                Assert.False(client.HasUnfinishedFrame);
                check(client);
            }
        }
    }

    private static string Cut(IStreamReader reader, StreamPosition released, bool refusal) =>
        Encoding.UTF8.GetString(ErrorWriterTests.Bytes(output => reader.WriteCut(new CutNotice(refusal, Error), released, output)));
}
