using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Xunit;

namespace Gateway.Core.Tests.Guards;

/// <summary>Lines that SDKs pass over reach the client: no forbidden text may stand in them.</summary>
public sealed class StreamLineTests
{
    private const string Phrase = "blue falcon";
    private static readonly TenantPolicy Policy = TestPolicies.With(TestPolicies.Rule(Phrase, Surface.Output));

    private static readonly string[] Prefixes = [":", ": ", "id: ", "id:", "retry: ", "note: ", "x:", "data2: "];

    public static TheoryData<FormatId, string> Lines()
    {
        var cases = new TheoryData<FormatId, string>();
        foreach (var prefix in Prefixes)
        {
            cases.Add(FormatId.OpenAIChat, prefix);
            cases.Add(FormatId.AnthropicMessages, prefix);
        }

        return cases;
    }

    public static TheoryData<FormatId> Formats() => [FormatId.OpenAIChat, FormatId.AnthropicMessages];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Feed_phrase_in_a_line_is_caught_at_every_split(FormatId format, string prefix)
    {
        var body = With(format, $"{prefix}see the {Phrase} land\n\n");
        for (var split = 0; split <= body.Length; split++)
        {
            AssertCut(TestInspector.Run(format, Policy, body, split));
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Feed_phrase_cut_over_two_lines_is_caught_at_every_cut(FormatId format, string prefix)
    {
        for (var cut = 1; cut < Phrase.Length; cut++)
        {
            var first = $"{prefix}{Phrase[..cut]}";
            var second = $"{prefix}{(prefix.EndsWith(' ') || Phrase[cut] != ' ' ? "" : " ")}{Phrase[cut..]}";
            AssertCut(TestInspector.Run(format, Policy, With(format, $"{first}\n{second}\n\n")));
            AssertCut(TestInspector.Run(format, Policy, With(format, $"{first}\n\n{second}\n\n")));
            AssertCut(TestInspector.Run(format, Policy, With(format, $"{first}\n\n", $"{second}\n\n")));
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Feed_phrase_in_a_line_of_a_frame_with_data_is_caught(FormatId format, string prefix)
    {
        var text = Encoding.UTF8.GetString(TestStreams.Text(format, "fine words", "more"));
        var frame = text.IndexOf("fine words", StringComparison.Ordinal);
        var start = text.LastIndexOf("\n\n", frame, StringComparison.Ordinal) + 2;
        var end = text.IndexOf("\n\n", frame, StringComparison.Ordinal) + 1;
        AssertCut(TestInspector.Run(format, Policy, Encoding.UTF8.GetBytes(text.Insert(start, $"{prefix}{Phrase}\n"))));
        AssertCut(TestInspector.Run(format, Policy, Encoding.UTF8.GetBytes(text.Insert(end, $"{prefix}{Phrase}\n"))));
        AssertCut(TestInspector.Run(format, Policy, Encoding.UTF8.GetBytes(text.Insert(0, $"\uFEFF{prefix}{Phrase}\n"))));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_words_in_lines_below_each_other_are_read_as_words(FormatId format) =>
        AssertCut(TestInspector.Run(format, Policy, With(format, ": the blue\n: falcon\n\n")));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_phrase_in_the_name_of_a_field_is_caught(FormatId format)
    {
        AssertCut(TestInspector.Run(format, Policy, With(format, $"{Phrase}\n\n")));
        AssertCut(TestInspector.Run(format, Policy, With(format, $"{Phrase}: x\n\n")));
        AssertCut(TestInspector.Run(format, Policy, With(format, "blue fal: x\ncon: x\n\n")));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_phrase_in_an_event_line_that_a_later_one_hides_is_caught(FormatId format)
    {
        var text = Encoding.UTF8.GetString(TestStreams.Text(format, "fine"));
        AssertCut(TestInspector.Run(format, Policy, Encoding.UTF8.GetBytes($"event: {Phrase}\nevent: {Phrase} x\n" + text)));
        AssertCut(TestInspector.Run(format, Policy, Encoding.UTF8.GetBytes($"event: {Phrase}\n" + text)));
    }

    [Fact]
    public void Feed_phrase_in_event_names_of_a_format_that_has_none_is_caught()
    {
        var pieces = new[] { "blue f", "alcon" };
        var text = string.Concat(pieces.Select(piece => $"event: {piece}\ndata: {TestStreams.ChatText(0, "x")}\n\n"));
        AssertCut(TestInspector.Run(FormatId.OpenAIChat, Policy, Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Feed_allowed_lines_pass_byte_identical_at_every_split(FormatId format, string prefix)
    {
        var body = With(format, $"{prefix}77 processing\n\n", $"{prefix}a bluebell\n{prefix}falcons ü\n\n:\n\n");
        for (var split = 0; split <= body.Length; split++)
        {
            var run = TestInspector.Run(format, Policy, body, split);
            Assert.Equal(StreamEnd.Complete, run.End);
            Assert.Equal(body, run.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_a_field_of_its_own_in_every_frame_is_a_fault(FormatId format)
    {
        var run = TestInspector.Run(format, Policy, With(format, string.Concat(Enumerable.Range(0, 40).Select(i => $"field{i}: x\n\n"))));
        Assert.Equal((StreamEnd.UpstreamFault, StreamFaults.TooManyItems), (run.End, run.Fault));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_invalid_utf8_in_a_line_is_a_fault(FormatId format)
    {
        byte[] body = [.. ": caf"u8, 0xE9, .. "\n\n"u8, .. TestStreams.Text(format, "fine")];
        Assert.Equal((StreamEnd.UpstreamFault, StreamFaults.NotUtf8), (TestInspector.Run(format, Policy, body) is var run ? run.End : default, run.Fault));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Feed_counts_the_text_of_lines_once(FormatId format)
    {
        var plain = TestInspector.Run(format, Policy, With(format)).InspectedText;
        Assert.Equal(plain + 5, TestInspector.Run(format, Policy, With(format, ": hello\n\n")).InspectedText);
    }

    private static void AssertCut(InspectedRun run)
    {
        Assert.Equal(StreamEnd.Violation, run.End);
        Assert.DoesNotContain("falcon", run.Text, StringComparison.Ordinal);
    }

    // The lines come between the frames of an answer, in order.
    private static byte[] With(FormatId format, params string[] lines)
    {
        var text = Encoding.UTF8.GetString(TestStreams.Text(format, "fine words", " and more"));
        var frames = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame + "\n\n").ToList();
        for (var i = 0; i < lines.Length; i++)
        {
            frames.Insert(1 + (2 * i), lines[i]);
        }

        return Encoding.UTF8.GetBytes(string.Concat(frames));
    }
}
