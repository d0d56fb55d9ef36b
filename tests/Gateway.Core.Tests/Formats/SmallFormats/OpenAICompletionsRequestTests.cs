using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Formats.OpenAICompletions;
using Gateway.Core.Tests.Formats.Requests;
using Xunit;

namespace Gateway.Core.Tests.Formats.SmallFormats;

public sealed class OpenAICompletionsRequestTests
{
    private static readonly IWireFormat s_format = new OpenAICompletionsFormat();

    [Fact]
    public void ReadRequest_each_prompt_is_text_of_the_user_in_a_group_of_its_own()
    {
        var found = Read("\"prompt\":[\"one\",\"two\"]");
        Assert.Equal([("one", 0), ("two", 1)], found.Segments.Where(one => one.Surface == Surface.User).Select(one => (one.Text, one.Group)));
    }

    [Theory]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1,2],[3]]", 2)]
    [InlineData("[\"text\",[3]]", 1)]
    public void ReadRequest_token_ids_are_marked(string prompt, int uses)
    {
        var found = Read($"\"prompt\":{prompt}");
        Assert.Null(found.Fault);
        Assert.Equal(uses, found.Request.Uses.Count);
        Assert.All(found.Request.Uses, use => Assert.Equal(Capability.TokenIds, use.Capability));
        Assert.All(found.Request.Uses, use => Assert.Equal((byte)'[', found.Request.Body.Span[use.TokenStart]));
    }

    [Theory]
    [InlineData("\"prompt\":[1,\"text\"]", "wrong_type")]
    [InlineData("\"prompt\":[[1,\"text\"]]", "wrong_type")]
    [InlineData("\"prompt\":[1.5]", "wrong_type")]
    [InlineData("\"prompt\":{\"text\":\"x\"}", "wrong_type")]
    [InlineData("\"prompt\":7", "wrong_type")]
    [InlineData("\"prompt\":[[[1]]]", "wrong_type")]
    [InlineData("\"Prompt\":\"x\"", "key_case_variant")]
    [InlineData("\"prompt\":\"x\",\"prompt\":\"y\"", "duplicate_key")]
    [InlineData("\"prompt\":\"x\",\"stream\":\"true\"", "wrong_type")]
    [InlineData("\"prompt\":\"x\",\"messages\":[]", "unknown_field")]
    [InlineData("\"prompt\":\"x\",\"input\":\"y\"", "unknown_field")]
    [InlineData("\"prompt\":\"x\",\"prompt_embeds\":\"AAAA\"", "unknown_field")]
    [InlineData("\"prompt\":\"x\",\"chat_template\":\"y\"", "unknown_field")]
    [InlineData("\"prompt\":\"x\",\"models\":[\"y\"]", "unknown_field")]
    [InlineData("\"prompt\":\"x\",\"n\":0", "number_out_of_range")]
    [InlineData("\"prompt\":\"x\",\"best_of\":129", "number_out_of_range")]
    public void ReadRequest_what_cannot_be_read_in_one_way_is_refused(string members, string reason) => Assert.Equal(reason, Read(members).Fault?.Reason);

    [Theory]
    [InlineData("\"prompt\":\"x\"", 1)]
    [InlineData("\"prompt\":[\"x\",\"y\"],\"n\":3", 6)]
    [InlineData("\"prompt\":[1,2,3],\"n\":2", 2)]
    [InlineData("\"best_of\":5,\"prompt\":\"x\",\"n\":2", 5)]
    [InlineData("\"n\":2,\"prompt\":\"x\",\"best_of\":5", 5)]
    [InlineData("\"prompt\":[]", 1)]
    public void ReadRequest_counts_every_answer_that_is_made(string members, int choices) => Assert.Equal(choices, Read(members).Request.ChoiceCount);

    [Fact]
    public void ReadRequest_streamed_answers_are_bounded()
    {
        var prompts = string.Join(',', Enumerable.Repeat("\"x\"", 129));
        Assert.Equal("too_many_items", Read($"\"stream\":true,\"prompt\":[{prompts}]").Fault?.Reason);
        Assert.Null(Read($"\"prompt\":[{prompts}]").Fault);
    }

    [Fact]
    public void ReadRequest_stream_asks_for_usage_and_changes_nothing_else()
    {
        var request = Read("\"prompt\":\"x\",\"stream\":true").Request;
        Assert.Equal(
            "{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}",
            Encoding.UTF8.GetString(BodyEdit.Apply(request.Body.Span, request.UsageEdits)));
    }

    [Fact]
    public void ReadRequest_suffix_is_text_of_the_user() =>
        Assert.Contains(Read("\"prompt\":\"x\",\"suffix\":\"the end\"").Segments, one => one is { Surface: Surface.User, Text: "the end" });

    [Fact]
    public void ReadRequest_logit_bias_is_marked() =>
        Assert.Equal(Capability.OutputSteering, Assert.Single(Read("\"prompt\":\"x\",\"logit_bias\":{\"50256\":-100}").Request.Uses).Capability);

    private static Reading Read(string members) => Reading.Of(s_format, $"{{\"model\":\"m\",{members}}}");
}
