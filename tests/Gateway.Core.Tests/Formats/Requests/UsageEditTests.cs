using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Core.Exchanges;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

public sealed class UsageEditTests
{
    [Theory]
    [InlineData("\"stream\":true", """{"include_usage":true}""")]
    [InlineData("\"stream\":true,\"stream_options\":null", """{"include_usage":true}""")]
    [InlineData("\"stream\":true,\"stream_options\":{}", """{"include_usage":true}""")]
    [InlineData("\"stream_options\": { } ,\"stream\":true", """{"include_usage":true}""")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":false}", """{"include_usage":true}""")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":null}", """{"include_usage":true}""")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_us\\u0061ge\":false}", """{"include_usage":true}""")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}", """{"include_usage":true,"include_obfuscation":false}""")]
    [InlineData("\"stream\":true,\"stream_options\":{\"x\":1,\"include_usage\":false,\"y\":[]}", """{"x":1,"include_usage":true,"y":[]}""")]
    public void UsageEdits_stream_without_usage_asks_for_it_and_changes_nothing_else(string members, string options)
    {
        var request = Reading.OfOpenAI(members).Request;
        Assert.False(request.ClientWantsStreamUsage);
        var expected = JsonNode.Parse(request.Body.Span)!.AsObject();
        expected["stream_options"] = JsonNode.Parse(options);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(BodyEdit.Apply(request.Body.Span, request.UsageEdits))));
    }

    [Theory]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":true}")]
    [InlineData("\"stream\":false")]
    [InlineData("\"stream\":null")]
    [InlineData("\"stream\":false,\"stream_options\":{}")]
    [InlineData("")]
    public void UsageEdits_are_empty_when_nothing_is_needed(string members) => Assert.Empty(Reading.OfOpenAI(members).Request.UsageEdits);

    [Fact]
    public void Apply_equals_replacing_one_edit_after_the_other_from_the_end()
    {
        var edits = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4], Gen.Byte.Array[0, 5]).Array[0, 5];
        Gen.Select(Gen.Byte.Array[0, 60], edits).Sample((body, steps) =>
        {
            // Gaps and lengths laid end to end never overlap; what does not fit is left out.
            var at = 0;
            var fitting = new List<BodyEdit>();
            foreach (var (gap, length, replacement) in steps)
            {
                if (at + gap + length <= body.Length)
                {
                    fitting.Add(new BodyEdit(new ByteRange(at + gap, length), replacement));
                    at += gap + length;
                }
            }

            var expected = body.ToList();
            foreach (var edit in Enumerable.Reverse(fitting))
            {
                expected.RemoveRange(edit.Range.Start, edit.Range.Length);
                expected.InsertRange(edit.Range.Start, edit.Replacement.ToArray());
            }

            Assert.Equal(expected, BodyEdit.Apply(body, fitting));
        }, iter: 2_000);
    }

    [Fact]
    public void Apply_order_of_the_list_does_not_matter()
    {
        BodyEdit[] edits = [Edit(4, 1, "Y"), Edit(0, 2, "X"), Edit(6, 0, "Z")];
        Assert.Equal("X23Y5Z", Encoding.UTF8.GetString(BodyEdit.Apply("012345"u8, edits)));
    }

    [Theory]
    [InlineData(0, 3, 2, 1)]
    [InlineData(0, 7, 6, 0)]
    [InlineData(-1, 1, 2, 1)]
    public void Apply_edits_that_overlap_or_leave_the_body_are_refused(int start, int length, int otherStart, int otherLength) =>
        Assert.ThrowsAny<ArgumentException>(() => BodyEdit.Apply("012345"u8, [Edit(start, length, "x"), Edit(otherStart, otherLength, "y")]));

    private static BodyEdit Edit(int start, int length, string text) => new(new ByteRange(start, length), Encoding.UTF8.GetBytes(text));
}
