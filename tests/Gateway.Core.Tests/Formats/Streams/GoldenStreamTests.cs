using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Tests.Formats.Responses;
using Xunit;

namespace Gateway.Core.Tests.Formats.Streams;

/// <summary>Every sample stream gives exactly what its sidecar says.</summary>
public sealed partial class GoldenStreamTests
{
    private const string NoEventLines = "hazard.anthropic-no-event-lines.stream.sse";

    public static TheoryData<string> Accepted => new(GoldenAnswers.Streams().Where(name => GoldenAnswers.Parse(name) != "reject" && name != NoEventLines));

    public static TheoryData<string> Refused => new(GoldenAnswers.Names(".sse").Where(name => GoldenAnswers.Parse(name) == "reject"));

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Read_golden_stream_gives_its_texts(string file)
    {
        var run = StreamRun.Golden(file);
        var texts = GoldenAnswers.Expected[file].GetProperty("texts").EnumerateArray().ToArray();

        Assert.Null(run.Fault);
        Assert.Equal(Found.Sorted(Assembled(texts)), Found.Sorted(Actual(run)));
        Assert.All(texts.Where(text => text.GetProperty("role").GetString() == "metadata"), text => Assert.True(run.Holds(text.GetProperty("text").GetString()!)));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Read_golden_stream_gives_its_tool_calls(string file)
    {
        var run = StreamRun.Golden(file);
        var expected = GoldenAnswers.Expected[file].GetProperty("tools_called").EnumerateArray().ToArray();
        var isTruncated = GoldenAnswers.Parse(file) == "truncated";

        Assert.Equal(expected.Length, run.Calls().Count);
        foreach (var (wanted, call) in expected.Zip(run.Calls()))
        {
            Assert.Equal(wanted.GetProperty("name").GetString(), call.Name);
            Assert.Equal(wanted.TryGetProperty("server", out _), call.ProviderSide);
            Assert.Equal(!isTruncated, call.Complete);
            if (!isTruncated)
            {
                GoldenResponseTests.AssertArguments(wanted.GetProperty("arguments"), call.Arguments);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Read_golden_stream_gives_usage_and_ending(string file)
    {
        var run = StreamRun.Golden(file);
        var expected = GoldenAnswers.Expected[file];
        var parse = GoldenAnswers.Parse(file);

        Assert.Equal(parse == "ok", run.IsTerminal);
        Assert.Equal(parse == "error", run.IsProviderError);
        Assert.Equal(file.Contains("half-frame", StringComparison.Ordinal), run.HasUnfinishedFrame);
        if (expected.GetProperty("usage") is { ValueKind: JsonValueKind.Object } usage)
        {
            Assert.Equal(
                new TokenUsage(
                    usage.GetProperty("input").GetInt64(), usage.GetProperty("output").GetInt64(), GoldenAnswers.Tokens(usage, "cached"), 0, GoldenAnswers.Tokens(usage, "reasoning")),
                run.Usage);
        }

        if (parse == "ok")
        {
            var finish = expected.GetProperty("finish");
            string?[] reasons = finish.ValueKind == JsonValueKind.Array ? [.. finish.EnumerateArray().Select(one => one.GetString())] : [finish.GetString()];
            Assert.Equal(reasons, run.Finishes);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_golden_hazard_is_a_fault_with_its_reason(string file) =>
        Assert.Equal(GoldenAnswers.Expected[file].GetProperty("reason").GetString(), StreamRun.Golden(file).Fault);

    [Fact]
    public void Read_anthropic_frames_without_event_lines_is_a_fault() =>
        Assert.Equal(StreamFaults.MissingEvent, StreamRun.Golden(NoEventLines).Fault);

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Read_complete_golden_stream_ends_every_channel_once(string file)
    {
        var run = StreamRun.Golden(file);
        if (!run.IsTerminal || run.Reader.MayEnd)
        {
            // Where the connection's end is the terminator, no frame can end the running texts.
            return;
        }

        var opened = run.Deltas.Where(one => one.Delta.Channel >= 0).Select(one => one.Delta.Channel).Distinct().Order();
        var ended = run.Deltas.Where(one => one.Delta.Kind is DeltaKind.ChannelEnd or DeltaKind.ToolComplete).Select(one => one.Delta.Channel).Order();
        Assert.Equal(opened, ended);
    }

    [Fact]
    public void Read_text_after_the_terminator_is_never_given()
    {
        var run = StreamRun.Golden("hazard.after-done.stream.sse");
        Assert.False(run.Holds("smuggled"));
    }

    // Texts that one channel carries stand in the sidecar under several paths.
    private static IEnumerable<Found> Assembled(IEnumerable<JsonElement> texts) => texts
        .Where(text => text.GetProperty("role").GetString() != "metadata" && !GoldenResponseTests.IsKey(text) && !Path(text).Contains(".input.", StringComparison.Ordinal)
            && !Path(text).Contains(".args.", StringComparison.Ordinal))
        .GroupBy(text => Seam().Replace(Path(text), "$1"))
        .Select(group => Found.Of(group.First(), string.Concat(group.Select(text => text.GetProperty("text").GetString()))));

    private static string Path(JsonElement text) => text.GetProperty("path").GetString()!;

    private static IEnumerable<Found> Actual(StreamRun run)
    {
        var hasObjects = run.Reader is Gateway.Core.Formats.AnthropicMessages.AnthropicStreamReader or Gateway.Core.Formats.Gemini.GeminiStreamReader;
        var texts = run.Texts()
            .Where(one => one.Delta.Surface != Surface.Metadata && !one.Delta.Flags.HasFlag(SegmentFlags.Key))
            .Select(one => Found.Of(one.Delta.Surface, one.Delta.Trust, one.Delta.Flags, one.Text));
        var names = run.Calls().Select(call => call.Name);
        var arguments = hasObjects ? [] : run.Calls().Select(call => call.Arguments);
        return texts.Concat(names.Concat(arguments).Select(text => Found.Of(Surface.ToolArguments, Trust.Model, SegmentFlags.None, text)));
    }

    [GeneratedRegex(@"(?<!top_logprobs)\[\d+\](\.text|\.thinking|\.token)$")]
    private static partial Regex Seam();
}
