using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Guards;

public sealed class StreamInspectorTests
{
    private const string Phrase = "blue falcon";
    private static readonly TenantPolicy Policy = TestPolicies.With(TestPolicies.Rule(Phrase, Surface.Output, Surface.Reasoning, Surface.ToolArguments));

    public static TheoryData<FormatId> Formats() => [FormatId.OpenAIChat, FormatId.AnthropicMessages, FormatId.OpenAIResponses];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_allowed_stream_comes_out_byte_identical_at_every_split(FormatId format)
    {
        var body = TestStreams.Text(format, "Bluebells and ", "falcons, and a blue", " fal", "afel. The end.");
        for (var split = 0; split <= body.Length; split++)
        {
            var run = Run(format, body, split);
            Assert.Equal(StreamEnd.Complete, run.End);
            Assert.Equal(body, run.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_forbidden_phrase_never_comes_out_at_any_split_of_bytes(FormatId format)
    {
        var body = TestStreams.Text(format, "Look, the ", "blu", "e f", "alco", "n lands here", " and more.");
        for (var split = 0; split <= body.Length; split++)
        {
            AssertCut(format, Run(format, body, split), "Look, the ");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_forbidden_phrase_never_comes_out_at_any_split_of_deltas(FormatId format)
    {
        const string Text = "so blue falcon it is";
        for (var first = 1; first < Text.Length - 1; first++)
        {
            for (var second = first + 1; second < Text.Length; second++)
            {
                var body = TestStreams.Text(format, Text[..first], Text[first..second], Text[second..]);
                AssertCut(format, Run(format, body, body.Length), "so ");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_one_character_a_delta_and_one_byte_a_read_never_lets_the_phrase_out(FormatId format)
    {
        var body = TestStreams.Text(format, [.. "the blue falcon".Select(c => c.ToString())]);
        AssertCut(format, Run(format, body, [.. Enumerable.Repeat(1, body.Length)]), "the ");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_any_chunking_gives_the_same_bytes(FormatId format)
    {
        var allowed = TestStreams.Text(format, "Grüße, ", "naïve ☕ 😀", " falcons", " in blue");
        var forbidden = TestStreams.Text(format, "Grüße, ", "😀 blue", " falcon", " in blue");
        Gen.Int[1, 40].Array[1, 400].Sample(sizes =>
        {
            Assert.Equal(allowed, Run(format, allowed, sizes).Output);
            Assert.Equal(Run(format, forbidden, forbidden.Length).Output, Run(format, forbidden, sizes).Output);
        }, iter: 300);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_text_that_cannot_begin_a_match_is_not_held(FormatId format)
    {
        var body = TestStreams.Text(format, "plain words", "more");
        var inspector = Inspector(format, Policy, out var output);
        var firstText = Encoding.UTF8.GetString(body).IndexOf("plain words", StringComparison.Ordinal);
        var frameEnd = Encoding.UTF8.GetString(body).IndexOf("\n\n", firstText, StringComparison.Ordinal) + 2;
        inspector.Feed(body.AsSpan(0, frameEnd), output);
        Assert.Equal(body[..frameEnd], output.WrittenSpan.ToArray());
        Assert.False(inspector.IsHolding);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_tool_call_comes_out_only_when_whole(FormatId format)
    {
        var body = TestStreams.ToolCall(format, "get_weather", "{\"town\":", "\"Lindau\"}");
        var text = Encoding.UTF8.GetString(body);
        var lastPiece = text.IndexOf("Lindau", StringComparison.Ordinal);
        var inspector = Inspector(format, Policy, out var output);
        inspector.Feed(body.AsSpan(0, text.IndexOf("\n\n", lastPiece, StringComparison.Ordinal) + 2), output);
        Assert.DoesNotContain("get_weather", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.True(inspector.IsHolding);
        inspector.Feed(body.AsSpan(text.IndexOf("\n\n", lastPiece, StringComparison.Ordinal) + 2), output);
        Assert.Equal(body, output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(FormatId.OpenAIChat, "{\"q\":\"blue ", "falcon\"}")]
    [InlineData(FormatId.AnthropicMessages, "{\"q\":\"blue ", "falcon\"}")]
    [InlineData(FormatId.OpenAIChat, "{\"q\":\"bl\\u0075e", " falcon\"}")]
    [InlineData(FormatId.AnthropicMessages, "{\"q\":\"bl\\u0075e", " falcon\"}")]
    [InlineData(FormatId.OpenAIChat, "{\"q\":\"b\\u00", "6cue falcon\"}")]
    [InlineData(FormatId.AnthropicMessages, "{\"blue falc", "on\":1}")]
    [InlineData(FormatId.OpenAIResponses, "{\"q\":\"blue ", "falcon\"}")]
    [InlineData(FormatId.OpenAIResponses, "{\"q\":\"b\\u00", "6cue falcon\"}")]
    [InlineData(FormatId.OpenAIResponses, "{\"blue falc", "on\":1}")]
    public void Feed_forbidden_phrase_in_tool_arguments_lets_nothing_of_the_call_out(FormatId format, string first, string second)
    {
        var run = Run(format, TestStreams.ToolCall(format, "search", first, second), int.MaxValue);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("search", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":")]
    [InlineData("not json")]
    public void Feed_tool_arguments_that_parsers_read_differently_are_not_released(string arguments)
    {
        foreach (var format in new[] { FormatId.OpenAIChat, FormatId.AnthropicMessages, FormatId.OpenAIResponses })
        {
            var run = Run(format, TestStreams.ToolCall(format, "search", arguments), int.MaxValue);
            Assert.NotEqual(StreamEnd.Complete, run.End);
            Assert.DoesNotContain("search", run.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Feed_phrase_hidden_in_another_choice_is_found()
    {
        var body = TestStreams.Chat(
            TestStreams.ChatText(0, "fine "), TestStreams.ChatText(1, "blue "), TestStreams.ChatText(0, "words "), TestStreams.ChatText(1, "falcon"));
        var run = Run(FormatId.OpenAIChat, body, int.MaxValue);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("falcon", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_phrases_of_two_choices_are_not_joined()
    {
        var body = TestStreams.Chat(
            TestStreams.ChatText(0, "blue "), TestStreams.ChatText(1, "falcon"), TestStreams.ChatFinish(0), TestStreams.ChatFinish(1), "[DONE]");
        Assert.Equal(body, Run(FormatId.OpenAIChat, body, int.MaxValue).Output);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_phrase_in_the_seam_of_reasoning_pieces_is_found(FormatId format)
    {
        var run = Run(format, TestStreams.Reasoning(format, "think blue fal", "con"), int.MaxValue);
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("blue fal", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_after_the_terminator_nothing_comes_out(FormatId format)
    {
        var body = TestStreams.Text(format, "done");
        byte[] more = [.. body, .. TestStreams.Text(format, "smuggled")];
        var run = Run(format, more, int.MaxValue);
        Assert.Equal(StreamEnd.Complete, run.End);
        Assert.Equal(body, run.Output);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Complete_without_terminator_ends_with_an_error(FormatId format)
    {
        var body = TestStreams.Text(format, "half an answer");
        var cut = Encoding.UTF8.GetString(body).IndexOf("half an answer", StringComparison.Ordinal) + 40;
        var run = Run(format, body[..cut], int.MaxValue);
        Assert.Equal(StreamEnd.UpstreamFault, run.End);
        Assert.True(TestStreams.EndsWithError(format, run.Output));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_error_of_the_provider_is_replaced_by_the_gateways_own(FormatId format)
    {
        var error = format == FormatId.OpenAIChat
            ? "data: {\"error\":{\"message\":\"org-77 is out of quota\",\"type\":\"server_error\",\"code\":\"quota\"}}\n\n"
            : "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"org-77 is out of quota\"}}\n\n";
        var body = TestStreams.Text(format, "so far");
        var at = Encoding.UTF8.GetString(body).IndexOf("\n\n", Encoding.UTF8.GetString(body).IndexOf("so far", StringComparison.Ordinal), StringComparison.Ordinal) + 2;
        var run = Run(format, [.. body[..at], .. Encoding.UTF8.GetBytes(error)], int.MaxValue);
        Assert.Equal(StreamEnd.ProviderError, run.End);
        Assert.Equal("so far", TestStreams.TextOf(format, run.Output));
        Assert.DoesNotContain("org-77", run.Text, StringComparison.Ordinal);
        Assert.True(TestStreams.EndsWithError(format, run.Output));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_in_monitor_mode_reports_and_lets_all_through(FormatId format)
    {
        var body = TestStreams.Text(format, "a blue fal", "con");
        var findings = new List<Finding>();
        var rule = TestPolicies.Rule(Phrase, Surface.Output) with { Mode = GuardMode.Monitor };
        var inspector = Inspector(format, TestPolicies.With(rule), out var output, findings);
        inspector.Feed(body, output);
        Assert.Equal(body, output.WrittenSpan.ToArray());
        Assert.Equal(GuardMode.Monitor, Assert.Single(findings).Mode);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_match_at_the_very_end_of_the_text_is_decided_before_the_end_goes_out(FormatId format)
    {
        var policy = TestPolicies.With(TestPolicies.Rule(@"\bfalcon$", Surface.Output));
        var body = TestStreams.Text(format, "a fal", "con");
        var inspector = Inspector(format, policy, out var output);
        inspector.Feed(body, output);
        Assert.Equal(StreamEnd.Violation, inspector.End);
        Assert.DoesNotContain("con\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_as_refusal_ends_like_a_normal_answer(FormatId format)
    {
        var body = TestStreams.Text(format, "so ", "blue falcon");
        var output = new ArrayBufferWriter<byte>();
        using var request = new ExchangeRequest { Body = default, Stream = true, ChoiceCount = 2 };
        var wire = WireFormats.All.Single(candidate => candidate.Id == format);
        var inspector = new StreamInspector(
            wire.CreateStreamReader(request), Policy, _ => { }, _ => new CutNotice(true, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")));
        inspector.Feed(body, output);
        using var again = new ExchangeRequest { Body = default, Stream = true };
        var second = new StreamInspector(wire.CreateStreamReader(again), TestPolicies.With(), _ => { }, _ => default);
        var copy = new ArrayBufferWriter<byte>();
        second.Feed(output.WrittenSpan, copy);
        Assert.Equal(StreamEnd.Complete, second.End);
        Assert.DoesNotContain("falcon", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    private static void AssertCut(FormatId format, Result run, string allowedText)
    {
        Assert.Equal(StreamEnd.Violation, run.End);

        // Whole frames wait, so what stands before the phrase in its first frame stays back with it.
        Assert.StartsWith(TestStreams.TextOf(format, run.Output), allowedText, StringComparison.Ordinal);
        Assert.True(TestStreams.EndsWithError(format, run.Output));
    }

    private static Result Run(FormatId format, byte[] body, int split) => Run(format, body, [split, int.MaxValue]);

    private static Result Run(FormatId format, byte[] body, IReadOnlyList<int> sizes)
    {
        var inspector = Inspector(format, Policy, out var output);
        var position = 0;
        foreach (var size in sizes)
        {
            var count = Math.Min(size, body.Length - position);
            inspector.Feed(body.AsSpan(position, count), output);
            position += count;
        }

        inspector.Feed(body.AsSpan(position), output);
        inspector.Complete(output);
        return new Result(inspector.End, output.WrittenSpan.ToArray());
    }

    private static StreamInspector Inspector(FormatId format, TenantPolicy policy, out ArrayBufferWriter<byte> output, List<Finding>? findings = null)
    {
        output = new ArrayBufferWriter<byte>();
        var request = new ExchangeRequest { Body = default, Stream = true, ChoiceCount = 2 };
        var wire = WireFormats.All.Single(candidate => candidate.Id == format);
        return new StreamInspector(
            wire.CreateStreamReader(request),
            policy,
            finding => findings?.Add(finding),
            _ => new CutNotice(false, new GatewayError(ErrorCode.PolicyBlocked, "Stopped.", "dec_1")));
    }

    private sealed record Result(StreamEnd End, byte[] Output)
    {
        public string Text => Encoding.UTF8.GetString(Output);
    }
}
