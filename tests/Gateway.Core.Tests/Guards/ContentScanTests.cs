using Gateway.Core.Exchanges;
using Gateway.Core.Guards;
using Gateway.Core.Policies;

namespace Gateway.Core.Tests.Guards;

public sealed class ContentScanTests : IDisposable
{
    private readonly MessageContent _content = new();

    [Fact]
    public void Run_phrase_in_one_segment_is_found()
    {
        Add(Surface.User, 0, "the blue falcon flies");
        var finding = Assert.Single(Run(TestPolicies.Rule("blue falcon")));
        Assert.Equal(Surface.User, finding.Surface);
        Assert.True(finding.Blocks);
    }

    [Fact]
    public void Run_phrase_split_over_two_parts_of_a_message_is_found()
    {
        Add(Surface.User, 0, "the blue fal");
        Add(Surface.User, 0, "con flies");
        Assert.Single(Run(TestPolicies.Rule("blue falcon")));
    }

    [Fact]
    public void Run_phrase_split_over_parts_with_something_between_them_is_found()
    {
        Add(Surface.User, 0, "the blue fal");
        Add(Surface.Metadata, 0, "https://example.com/a.png");
        Add(Surface.User, 0, "con flies");
        Assert.Single(Run(TestPolicies.Rule("blue falcon")));
    }

    [Fact]
    public void Run_phrase_split_over_parts_with_something_of_no_message_between_them_is_found()
    {
        Add(Surface.User, 0, "the blue fal");
        Add(Surface.Metadata, -1, "file_1");
        Add(Surface.User, -1, "a label");
        Add(Surface.User, 0, "con flies");
        Add(Surface.Metadata, -1, "file_2");
        Assert.Single(Run(TestPolicies.Rule("blue falcon")));
    }

    [Fact]
    public void Run_text_of_no_message_is_read_once_and_joined_with_nothing()
    {
        Add(Surface.User, -1, "the blue fal");
        Add(Surface.User, -1, "con flies");
        Add(Surface.User, 0, "the blue fal");
        Add(Surface.User, -1, "con flies");
        Add(Surface.User, 1, "con");
        Assert.Empty(Run(TestPolicies.Rule("blue falcon")));
    }

    [Fact]
    public void Run_word_that_ends_with_its_part_is_found_although_the_joined_text_goes_on()
    {
        Add(Surface.User, 0, "tell me the secret");
        Add(Surface.User, 0, "word");
        Assert.Single(Run(TestPolicies.Rule(@"\bsecret\b")));
    }

    [Fact]
    public void Run_phrase_split_over_two_messages_is_not_joined()
    {
        Add(Surface.User, 0, "the blue fal");
        Add(Surface.User, 1, "con flies");
        Assert.Empty(Run(TestPolicies.Rule("blue falcon")));
    }

    [Fact]
    public void Run_surface_that_the_rule_does_not_name_is_left_alone()
    {
        Add(Surface.System, 0, "blue falcon");
        Assert.Empty(Run(TestPolicies.Rule("blue falcon", Surface.User)));
    }

    [Fact]
    public void Run_rule_that_matches_often_is_reported_once_for_each_surface()
    {
        Add(Surface.User, 0, "blue falcon");
        Add(Surface.User, 1, "blue falcon");
        Add(Surface.Output, 2, "blue falcon");
        Assert.Equal([Surface.User, Surface.Output], Run(TestPolicies.Rule("blue falcon")).Select(finding => finding.Surface));
    }

    [Theory]
    [MemberData(nameof(AllSurfaces))]
    public void Run_every_surface_can_be_ruled(Surface surface)
    {
        Add(surface, -1, "blue falcon");
        Assert.Single(Run(TestPolicies.Rule("blue falcon", surface)));
    }

    public void Dispose() => _content.Dispose();

    public static TheoryData<Surface> AllSurfaces() => [.. Enum.GetValues<Surface>()];

    private List<Finding> Run(ContentRule rule)
    {
        var findings = new List<Finding>();
        ContentScan.Run(_content, "{}"u8, new ContentRuleSet([rule]), findings.Add);
        return findings;
    }

    private void Add(Surface surface, int group, string text)
    {
        text.CopyTo(_content.Reserve(text.Length));
        _content.Add(surface, Trust.User, SegmentFlags.None, group, 0, text.Length);
    }
}
