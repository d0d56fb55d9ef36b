using System.Buffers;
using System.Text;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.Gemini;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using static Gateway.Core.Tests.Formats.Gemini.GeminiStreams;

namespace Gateway.Core.Tests.Guards;

/// <summary>Streams without a terminator, and streams that are JSON arrays, through the inspector.</summary>
public sealed class GeminiStreamInspectorTests
{
    private static readonly TenantPolicy Policy = TestPolicies.With(TestPolicies.Rule("blue falcon", Surface.Output, Surface.Reasoning, Surface.ToolArguments));

    public static TheoryData<StreamFraming> Framings() => [StreamFraming.Events, StreamFraming.JsonArray];

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_allowed_stream_comes_out_byte_identical_at_every_split(StreamFraming framing)
    {
        var body = Texts(framing, "Bluebells and ", "falcons, Grüße ☕ in blue", " fal", "afel, and in blue");
        for (var split = 0; split <= body.Length; split++)
        {
            var (end, output) = Run(framing, body, [split]);
            Assert.Equal(StreamEnd.Complete, end);
            Assert.Equal(body, output);
        }
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_forbidden_phrase_never_comes_out_at_any_split_of_bytes(StreamFraming framing)
    {
        var body = Texts(framing, "Look, the ", "blu", "e f", "alco", "n lands here", " and more.");
        for (var split = 0; split <= body.Length; split++)
        {
            AssertCut(framing, Run(framing, body, [split]), "Look, the ");
        }
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_forbidden_phrase_never_comes_out_at_any_split_of_chunks(StreamFraming framing)
    {
        const string Text = "so blue falcon";
        for (var first = 1; first < Text.Length - 1; first++)
        {
            for (var second = first + 1; second < Text.Length; second++)
            {
                AssertCut(framing, Run(framing, Texts(framing, Text[..first], Text[first..second], Text[second..]), []), "so ");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_any_chunking_gives_the_same_bytes(StreamFraming framing)
    {
        var allowed = Texts(framing, "Grüße, ", "naïve ☕ 😀", " falcons", " in blue");
        var forbidden = Texts(framing, "Grüße, ", "😀 blue", " falcon", " in blue");
        Gen.Int[1, 40].Array[1, 200].Sample(sizes =>
        {
            Assert.Equal(allowed, Run(framing, allowed, sizes).Output);
            Assert.Equal(Run(framing, forbidden, []).Output, Run(framing, forbidden, sizes).Output);
        }, iter: 200);
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_forbidden_phrase_across_a_thought_and_its_repeated_reason_is_found(StreamFraming framing)
    {
        var body = Stream(framing, Text("blue ", "STOP"), Text("falcon", "STOP"));
        AssertCut(framing, Run(framing, body, []), "");
    }

    [Theory]
    [InlineData(StreamFraming.Events, "{\"functionCall\":{\"name\":\"search\",\"args\":{\"q\":\"bl\\u0075e falcon\"}}}")]
    [InlineData(StreamFraming.JsonArray, "{\"functionCall\":{\"name\":\"search\",\"args\":{\"blue falcon\":1}}}")]
    [InlineData(StreamFraming.Events, "{\"executableCode\":{\"code\":\"search blue falcon\"}}")]
    [InlineData(StreamFraming.Events, "{\"inlineData\":{\"mimeType\":\"text/plain\",\"data\":\"c2VhcmNoIGJsdWUgZmFsY29u\"}}")]
    [InlineData(StreamFraming.Events, "{\"newKind\":{\"text\":\"search blue falcon\"}}")]
    public void Feed_forbidden_phrase_in_any_part_lets_nothing_of_it_out(StreamFraming framing, string part)
    {
        var (end, output) = Run(framing, Stream(framing, Chunk(part), Text("", "STOP")), []);
        Assert.Equal(StreamEnd.Violation, end);
        Assert.DoesNotContain("search", Encoding.UTF8.GetString(output), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_whole_call_is_not_held(StreamFraming framing)
    {
        var body = Stream(framing, Chunk("{\"functionCall\":{\"name\":\"f\",\"args\":{}}}"), Text("", "STOP"));
        var output = new ArrayBufferWriter<byte>();
        var inspector = Inspector(framing, output, refusal: false);
        var whole = Encoding.UTF8.GetString(body).IndexOf(framing == StreamFraming.Events ? "\r\n\r\n" : "\n,", StringComparison.Ordinal);
        inspector.Feed(body.AsSpan(0, whole + 4), output);
        Assert.False(inspector.IsHolding);
        Assert.Contains("functionCall", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Complete_before_a_reason_is_cut_as_truncated(StreamFraming framing)
    {
        var body = Stream(framing, Text("half an answer"));
        var (end, output) = Run(framing, framing == StreamFraming.Events ? body : body[..^1], []);
        Assert.Equal(StreamEnd.UpstreamFault, end);
        Assert.True(Read(framing, output)[^1].TryGetProperty("error", out _));
    }

    [Fact]
    public void Complete_in_the_middle_of_a_frame_after_the_reason_is_cut()
    {
        byte[] body = [.. Texts(StreamFraming.Events, "all"), .. "data: {\"candidates\""u8];
        Assert.Equal(StreamEnd.UpstreamFault, Run(StreamFraming.Events, body, []).End);
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_cut_as_refusal_ends_like_a_normal_answer(StreamFraming framing)
    {
        var output = new ArrayBufferWriter<byte>();
        Inspector(framing, output, refusal: true).Feed(Texts(framing, "so ", "the blue falcon"), output);
        var last = Read(framing, output.WrittenSpan.ToArray())[^1].GetProperty("candidates")[0];
        Assert.Equal("PROHIBITED_CONTENT", last.GetProperty("finishReason").GetString());
        Assert.Equal(StreamEnd.Complete, Run(framing, output.WrittenSpan.ToArray(), []).End);
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Feed_cut_before_anything_was_released_is_a_whole_stream(StreamFraming framing)
    {
        var (_, output) = Run(framing, Texts(framing, "blue falcon"), []);
        Assert.True(Assert.Single(Read(framing, output)).TryGetProperty("error", out _));
    }

    private static void AssertCut(StreamFraming framing, (StreamEnd End, byte[] Output) run, string allowedText)
    {
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.StartsWith(TextOf(framing, run.Output), allowedText, StringComparison.Ordinal);
        Assert.Equal(403, Read(framing, run.Output)[^1].GetProperty("error").GetProperty("code").GetInt32());
    }

    private static (StreamEnd End, byte[] Output) Run(StreamFraming framing, byte[] body, IReadOnlyList<int> sizes)
    {
        var output = new ArrayBufferWriter<byte>();
        var inspector = Inspector(framing, output, refusal: false);
        var position = 0;
        foreach (var size in sizes.Append(int.MaxValue))
        {
            var count = Math.Min(size, body.Length - position);
            inspector.Feed(body.AsSpan(position, count), output);
            position += count;
        }

        inspector.Complete(output);
        return (inspector.End, output.WrittenSpan.ToArray());
    }

    private static StreamInspector Inspector(StreamFraming framing, ArrayBufferWriter<byte> output, bool refusal)
    {
        output.Clear();
        var request = new ExchangeRequest { Body = default, Stream = true, Framing = framing, Model = "gemini-x" };
        return new StreamInspector(
            new GeminiStreamReader(request), Policy, _ => { }, _ => new CutNotice(refusal, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")));
    }
}
