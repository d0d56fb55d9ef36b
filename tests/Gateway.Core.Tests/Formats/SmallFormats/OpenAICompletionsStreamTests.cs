using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.OpenAICompletions;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Tests.Formats.Streams;
using Gateway.Core.Tests.Guards;
using Xunit;

namespace Gateway.Core.Tests.Formats.SmallFormats;

public sealed class OpenAICompletionsStreamTests
{
    private const string Phrase = "blue falcon";
    private static readonly TenantPolicy s_policy = TestPolicies.With(TestPolicies.Rule(Phrase, Surface.Output));

    [Fact]
    public void Feed_allowed_stream_comes_out_byte_identical_at_every_split()
    {
        var body = Stream("Bluebells and ", "falcons, and a blue", " fal", "afel.");
        for (var split = 0; split <= body.Length; split++)
        {
            var (end, output) = Run(body, split);
            Assert.Equal(StreamEnd.Complete, end);
            Assert.Equal(body, output);
        }
    }

    [Fact]
    public void Feed_forbidden_phrase_never_comes_out_at_any_split_of_bytes()
    {
        var body = Stream("Look, the ", "blu", "e f", "alco", "n lands here");
        for (var split = 0; split <= body.Length; split++)
        {
            AssertCut(Run(body, split), "Look, the ");
        }
    }

    [Fact]
    public void Feed_forbidden_phrase_never_comes_out_at_any_split_of_chunks()
    {
        const string Text = "so blue falcon it is";
        for (var first = 1; first < Text.Length - 1; first++)
        {
            for (var second = first + 1; second < Text.Length; second++)
            {
                AssertCut(Run(Stream(Text[..first], Text[first..second], Text[second..]), 0), "so ");
            }
        }
    }

    [Fact]
    public void Feed_phrase_hidden_in_a_name_of_top_logprobs_is_found() =>
        AssertCut(Run(Encoding.UTF8.GetBytes(Chunk("\"text\":\"x\",\"logprobs\":{\"tokens\":[\"x\"],\"top_logprobs\":[{\"blue falcon\":-0.1}]}") + Done), 0), "");

    [Fact]
    public void Feed_phrase_in_the_seam_of_logprob_tokens_is_found() =>
        AssertCut(Run(Encoding.UTF8.GetBytes(Chunk("\"text\":\"x\",\"logprobs\":{\"tokens\":[\"blue fa\",\"lcon\"]}") + Done), 0), "");

    [Fact]
    public void Feed_phrase_in_a_member_that_no_table_knows_is_found() =>
        AssertCut(Run(Encoding.UTF8.GetBytes(Chunk("\"text\":\"x\",\"message\":{\"content\":\"blue falcon\"}") + Done), 0), "");

    [Fact]
    public void Read_choices_are_kept_apart()
    {
        var run = StreamRun.Completions(Chunk("\"text\":\"blue \"") + Chunk("\"text\":\"red \"", 1) + Chunk("\"text\":\"sky\"") + Chunk("\"text\":\"sea\"", 1) + Done);
        Assert.Equal(["blue sky", "red sea"], run.Texts().Where(one => one.Delta.Kind == DeltaKind.Append).Select(one => one.Text));
    }

    [Theory]
    [InlineData("\"text\":\"x\",\"text\":\"y\"", "duplicate_key")]
    [InlineData("\"text\":\"x\",\"te\\u0078t\":\"y\"", "duplicate_key")]
    public void Read_member_twice_is_a_fault(string members, string fault) => Assert.Equal(fault, StreamRun.Completions(Chunk(members)).Fault);

    [Theory]
    [InlineData("data: {\"choices\":{\"0\":{\"text\":\"x\"}}}\n\n", "wrong_type")]
    [InlineData("data: {\"choices\":[\"x\"]}\n\n", "wrong_type")]
    [InlineData("data: {\"choices\":[{\"index\":9,\"text\":\"x\"}]}\n\n", "index_jump")]
    [InlineData("data: [1]\n\n", "not_an_object")]
    [InlineData("data: {\"choices\":\n\n", "not_json")]
    [InlineData("data: {\"choices\":[{\"text\":\"x\",\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[{\"text\":\"y\"}]}\n\n", "after_finish")]
    public void Read_chunk_that_clients_read_differently_is_a_fault(string stream, string fault) => Assert.Equal(fault, StreamRun.Completions(stream).Fault);

    [Fact]
    public void Read_usage_chunk_that_the_client_did_not_ask_for_is_withheld()
    {
        const string Usage = "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n";
        var run = StreamRun.Completions(Chunk("\"text\":\"x\"") + Usage + Done, wantsUsage: false);
        Assert.Equal([1], run.Withheld);
        Assert.Equal(new TokenUsage(3, 2), run.Usage);
        Assert.Empty(StreamRun.Completions(Chunk("\"text\":\"x\"") + Usage + Done, wantsUsage: true).Withheld);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":\"overloaded\"}}\n\n", "overloaded")]
    [InlineData("data: {\"object\":\"error\",\"message\":\"m\",\"type\":\"T\",\"code\":404}\n\n", null)]
    public void Read_error_of_the_provider_is_told(string stream, string? code)
    {
        var run = StreamRun.Completions(stream);
        Assert.True(run.IsProviderError);
        Assert.Equal(code, run.ErrorCode);
    }

    [Fact]
    public void WriteCut_refusal_stands_as_text_with_its_finish_reason()
    {
        var run = StreamRun.Completions(Chunk("\"text\":\"x\""), choices: 1);
        var output = new ArrayBufferWriter<byte>();
        run.Reader.WriteCut(new CutNotice(true, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")), run.Reader.Position, output);
        var client = StreamRun.Completions(Encoding.UTF8.GetString(output.WrittenSpan), choices: 1);
        Assert.True(client.IsTerminal);
        Assert.Equal(["content_filter"], client.Finishes);
        Assert.Equal("Stopped. (decision dec_1)", client.Text(Surface.Output));
    }

    [Fact]
    public void WriteRefusal_is_a_whole_answer_of_the_format()
    {
        var output = new ArrayBufferWriter<byte>();
        var format = new OpenAICompletionsFormat();
        format.WriteRefusal(new CutNotice(true, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")), "m", output);
        using var content = new MessageContent();
        Assert.True(format.TryReadResponse(output.WrittenMemory, content));
        Assert.Equal(["content_filter"], content.FinishReasons);
        Assert.Contains("Stopped.", content.Text.ToString(), StringComparison.Ordinal);
    }

    private const string Done = "data: [DONE]\n\n";

    private static string Chunk(string members, int index = 0) =>
        $"data: {{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{{{members},\"index\":{index},\"finish_reason\":null}}]}}\n\n";

    private static byte[] Stream(params string[] texts) => Encoding.UTF8.GetBytes(
        string.Concat(texts.Select(text => Chunk($"\"text\":{JsonSerializer.Serialize(text)},\"logprobs\":null"))) + Chunk("\"text\":\"\"").Replace("null", "\"stop\"", StringComparison.Ordinal) + Done);

    private static (StreamEnd End, byte[] Output) Run(byte[] body, int split)
    {
        var output = new ArrayBufferWriter<byte>();
        var request = new ExchangeRequest { Body = default, Stream = true, ChoiceCount = 2 };
        var inspector = new StreamInspector(
            new OpenAICompletionsFormat().CreateStreamReader(request),
            s_policy,
            _ => { },
            _ => new CutNotice(false, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")));
        inspector.Feed(body.AsSpan(0, split), output);
        inspector.Feed(body.AsSpan(split), output);
        inspector.Complete(output);
        return (inspector.End, output.WrittenSpan.ToArray());
    }

    // Whole frames wait, so what stands before the phrase in its first frame stays back with it.
    private static void AssertCut((StreamEnd End, byte[] Output) run, string allowed)
    {
        Assert.Equal(StreamEnd.Violation, run.End);
        var client = StreamRun.Completions(Encoding.UTF8.GetString(run.Output));
        Assert.True(client.IsProviderError);
        Assert.Equal("policy_blocked", client.ErrorCode);
        Assert.StartsWith(client.Text(Surface.Output), allowed, StringComparison.Ordinal);
    }
}
