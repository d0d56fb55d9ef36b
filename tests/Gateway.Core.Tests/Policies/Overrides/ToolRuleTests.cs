using Gateway.Core.Exchanges;
using Gateway.Core.Policies.Overrides;
using Xunit;
using static Gateway.Core.Tests.Policies.Overrides.TestOverrides;

namespace Gateway.Core.Tests.Policies.Overrides;

public sealed class ToolRuleTests
{
    [Theory]
    [InlineData("send_email", "send_email", false, true)]
    [InlineData("send_email", "Send_Email", false, true)]
    [InlineData("send_email", " send_email\n", false, true)]
    [InlineData("send_email", "mail.send_email", false, true)]
    [InlineData("send_email", "mcp:mail/send_email", true, true)]
    [InlineData("send_email", "send_email_now", false, false)]
    [InlineData("send_email", "resend_email", false, false)]
    [InlineData("send_*", "send_sms", false, true)]
    [InlineData("web_search", "web_search_20250305", true, true)]
    [InlineData("web_search_20250305", "web_search", true, true)]
    [InlineData("web_search", "web_search_preview_2025_03_11", true, true)]
    [InlineData("google_search", "googleSearch", true, true)]
    [InlineData("web_search", "web_search_20250305", false, false)]
    [InlineData("mcp", "mcp:crm", true, true)]
    [InlineData("mcp:*", "mcp:crm", true, true)]
    [InlineData("mcp:crm", "mcp:crm", true, true)]
    [InlineData("mcp:crm", "mcp:mail", true, false)]
    public void StopsCall_name_in_any_spelling(string tool, string called, bool providerSide, bool stops) =>
        Assert.Equal(stops, Rule(Tool(tool)).StopsCall(called, "{}", providerSide));

    [Theory]
    [InlineData("send_email", "mcp:mail", true)]
    [InlineData("send_email", "mcp_toolset:mail", true)]
    [InlineData("mcp:crm", "mcp:mail", false)]
    [InlineData("send_email", "web_search", false)]
    public void StopsDeclaration_connector_may_hide_the_tool(string tool, string declared, bool stops) =>
        Assert.Equal(stops, Rule(Tool(tool)).StopsDeclaration(new ToolDeclaration(declared, ProviderSide: true)));

    [Theory]
    [InlineData("""{"to":"bob@evil.example"}""")]
    [InlineData("""{ "to" :  "bob@evil.example" }""")]
    [InlineData("""{"to":"bob\u0040evil.ex\u0061mple"}""")]
    [InlineData("""{"mail":"{\"to\":\"bob@evil.example\"}"}""")]
    [InlineData("""{"mail":"{\"to\":\"bob\\u0040evil.example\"}"}""")]
    [InlineData("""{"TO":"BOB@EVIL.EXAMPLE"}""")]
    [InlineData("""{"to":"bob@evil.example" """)]
    public void StopsCall_arguments_in_any_spelling(string arguments) =>
        Assert.True(Rule(Tool("send", @"""to"":""[^""]*@evil\.example")).StopsCall("send", arguments, providerSide: false));

    [Fact]
    public void StopsCall_other_arguments_pass() =>
        Assert.False(Rule(Tool("send", "@evil")).StopsCall("send", """{"to":"bob@good.example"}""", providerSide: false));

    [Fact]
    public void StopsCall_arguments_are_looked_at_only_when_they_are_known() =>
        Assert.False(Rule(Tool("send", "@evil")).StopsCall("send", arguments: null, providerSide: false));

    [Fact]
    public void StopsDeclaration_with_arguments_passes() =>
        Assert.False(Rule(Tool("send", "@evil")).StopsDeclaration(new ToolDeclaration("send", ProviderSide: false)));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void StopsDeclaration_with_approval_only_where_nobody_can_be_asked(bool providerSide, bool stops) =>
        Assert.Equal(stops, Rule(Tool("send", approval: true)).StopsDeclaration(new ToolDeclaration("send", providerSide)));

    [Fact]
    public void StopsHistory_with_approval_passes_what_was_done()
    {
        var call = new ToolCall("send", "{}", "1", History: true, ProviderSide: false);
        Assert.False(Rule(Tool("send", approval: true)).StopsHistory(call));
        Assert.True(Rule(Tool("send")).StopsHistory(call));
    }

    private static ToolRule Rule(PolicyOverride item) => new CompiledOverride(item).Tool!;
}
