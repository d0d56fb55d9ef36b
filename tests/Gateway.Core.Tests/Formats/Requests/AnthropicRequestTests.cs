using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

public sealed class AnthropicRequestTests
{
    [Theory]
    [InlineData("\"mcp_servers\":[]", "unknown_field")]
    [InlineData("\"fallbacks\":[{\"model\":\"x\"}]", "unknown_field")]
    [InlineData("\"container\":\"c\"", "unknown_field")]
    [InlineData("\"context_management\":{}", "unknown_field")]
    [InlineData("\"thread\":{}", "unknown_field")]
    [InlineData("\"compaction\":{}", "unknown_field")]
    [InlineData("\"diagnostics\":{\"previous_message_id\":\"x\"}", "unknown_field")]
    [InlineData("\"workspace_id\":\"w\"", "unknown_field")]
    [InlineData("\"tools\":[{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"x\"}]", "unknown_type")]
    [InlineData("\"tools\":[{\"type\":\"advisor_20260301\",\"model\":\"x\"}]", "unknown_type")]
    [InlineData("\"tools\":[{\"type\":\"web_search\\u005f2025030\"}]", "unknown_type")]
    [InlineData("\"tools\":[{\"type\":\"web_search_latest00\"}]", "unknown_type")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "unknown_type")]
    [InlineData("\"tools\":[{\"description\":\"no name\"}]", "missing_field")]
    [InlineData("\"tools\":[{\"name\":\"a\"},{\"name\":\"a\",\"type\":\"custom\"}]", "duplicate_tool_name")]
    [InlineData("\"tools\":[{\"name\":\"web_search\"},{\"type\":\"web_search_20250305\",\"name\":\"other\"}]", "duplicate_tool_name")]
    [InlineData("\"system\":[\"x\"]", "wrong_type")]
    [InlineData("\"system\":{\"type\":\"text\",\"text\":\"x\"}", "wrong_type")]
    [InlineData("\"system\":[{\"type\":\"tool_addition\"}]", "unknown_type")]
    [InlineData("\"system\":[{\"type\":\"image\",\"source\":{}}]", "unknown_type")]
    [InlineData("\"thinking\":{\"type\":\"other\"}", "unknown_type")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1.5}", "wrong_type")]
    public void ReadRequest_member_that_cannot_be_judged_is_refused(string members, string reason) =>
        Assert.Equal(reason, Reading.OfAnthropic(members).Fault?.Reason);

    [Theory]
    [InlineData("mcp_tool_use")]
    [InlineData("mcp_tool_result")]
    [InlineData("tool_addition")]
    [InlineData("tool_removal")]
    [InlineData("compaction")]
    [InlineData("advisor_tool_result")]
    [InlineData("x_new_block")]
    public void ReadRequest_block_that_cannot_be_judged_is_refused(string type)
    {
        var fault = OfBlock("user", $$"""{"type":"{{type}}","text":"x"}""").Fault;
        Assert.Equal(("unknown_type", "$.messages[0].content[0].type"), (fault?.Reason, fault?.Param));
    }

    [Theory]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"tool_result","tool_use_id":"u","content":"x"}]}""")]
    [InlineData("""{"type":"document","source":{"type":"content","content":[{"type":"document","source":{"type":"text","data":"x"}}]}}""")]
    [InlineData("""{"type":"document","source":{"type":"ftp","url":"x"}}""")]
    [InlineData("""{"type":"text","text":"x","citations":[{"type":"new_location","cited_text":"x"}]}""")]
    public void ReadRequest_nesting_the_table_does_not_have_is_refused(string block) => Assert.Equal("unknown_type", OfBlock("user", block).Fault?.Reason);

    [Fact]
    public void ReadRequest_tool_result_three_levels_deep_is_third_party()
    {
        var found = OfBlock("user", """
            {"type":"tool_result","tool_use_id":"t","content":[{"type":"document","source":{"type":"content","content":[{"type":"text","text":"deep"}]}}]}
            """);
        Assert.Equal((Surface.Document, Trust.ThirdParty, 0), found.Segments.Where(segment => segment.Text == "deep").Select(segment => (segment.Surface, segment.Trust, segment.Group)).Single());
    }

    [Theory]
    [InlineData("""{"type":"bash_code_execution_tool_result","tool_use_id":"t","content":{"type":"bash_code_execution_result","stdout":"T","stderr":"","return_code":0,"content":[]}}""")]
    [InlineData("""{"type":"code_execution_tool_result","tool_use_id":"t","content":{"type":"code_execution_result","stdout":"","stderr":"T","return_code":1,"content":[]}}""")]
    [InlineData("""{"type":"text_editor_code_execution_tool_result","tool_use_id":"t","content":{"type":"text_editor_code_execution_view_result","file_type":"text","content":"T"}}""")]
    [InlineData("""{"type":"text_editor_code_execution_tool_result","tool_use_id":"t","content":{"type":"text_editor_code_execution_str_replace_result","lines":["T"]}}""")]
    [InlineData("""{"type":"tool_search_tool_result","tool_use_id":"t","content":{"type":"tool_search_tool_result_error","error_code":"unavailable","error_message":"T"}}""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"browser_state","tabs":[{"tab_id":"1","title":"T","url":"u"}]}]}""")]
    public void ReadRequest_results_of_server_tools_are_third_party(string block) =>
        Assert.Equal((Surface.ToolResult, Trust.ThirdParty), OfBlock("assistant", block).Segments.Where(segment => segment.Text == "T").Select(segment => (segment.Surface, segment.Trust)).Single());

    [Fact]
    public void ReadRequest_system_blocks_share_a_group()
    {
        var found = Reading.OfAnthropic("\"system\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]");
        Assert.All(["a", "b"], text => Assert.Equal(ShapeWalker.StandaloneGroup, found.Segments.Single(segment => segment.Text == text).Group));
    }

    [Fact]
    public void ReadRequest_provider_side_tool_is_declared_under_its_type_whatever_its_name()
    {
        var found = Reading.OfAnthropic("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"get_weather\"},{\"type\":\"bash_20250124\",\"name\":\"bash\"}]");
        Assert.Equal([new ToolDeclaration("web_search", true), new ToolDeclaration("bash", false)], found.Request.Content.Tools);
    }

    [Fact]
    public void ReadRequest_max_tokens_is_required() =>
        Assert.Equal("missing_field", Reading.Of(Reading.Anthropic, """{"model":"m","messages":[{"role":"user","content":"x"}]}""").Fault?.Reason);

    [Fact]
    public void ReadRequest_fills_what_routing_and_limits_need()
    {
        var request = Reading.OfAnthropic("\"stream\":true,\"metadata\":{\"user_id\":\"u\"}").Request;
        Assert.Equal((true, 9L, "u", "m", true), (request.Stream, request.MaxOutputTokens!.Value, request.EndUser, request.Model, request.ClientWantsStreamUsage));
        Assert.Empty(request.UsageEdits);
    }

    private static Reading OfBlock(string role, string block) =>
        Reading.Of(Reading.Anthropic, $$"""{"model":"m","max_tokens":9,"messages":[{"role":"{{role}}","content":[{{block}}]}]}""");
}
