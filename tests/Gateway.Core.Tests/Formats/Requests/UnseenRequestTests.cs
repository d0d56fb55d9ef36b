using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

/// <summary>Readers and guard together: what a policy says about each thing the gateway cannot look into happens.</summary>
public sealed class UnseenRequestTests
{
    public static TheoryData<int> Uses => [.. Enumerable.Range(0, UnseenUses.All().Count())];

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task Use_that_is_denied_is_refused_with_a_finding_at_its_place(int index)
    {
        var (format, body, uses, path) = UnseenUses.All().ElementAt(index);

        var finding = await FirstAsync(format, body, Allowing(uses, PolicyAction.Block), PolicyAction.Block);

        Assert.Equal((GuardId.Capability, TelemetryNames.Of(uses)), (finding?.Guard, finding?.Rule));
        Assert.StartsWith(path, finding!.Path ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task Use_that_is_allowed_or_annotated_passes_with_a_finding_at_its_place(int index)
    {
        var (format, body, uses, path) = UnseenUses.All().ElementAt(index);
        foreach (var action in new[] { PolicyAction.Allow, PolicyAction.Annotate })
        {
            var context = await JudgeAsync(format, body, Allowing(uses, action));

            Assert.Null(context.Block);
            Assert.Contains((TelemetryNames.Of(uses), action, path), context.Findings.Select(finding => (finding.Rule, finding.Action, finding.Path ?? "")));
        }
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void Body_with_a_tolerated_use_has_every_string_in_its_segments(int index)
    {
        var (format, body, _, _) = UnseenUses.All().ElementAt(index);
        var found = Reading.Of(format, Encoding.UTF8.GetBytes(body), Reading.Everything);

        Assert.Null(found.Fault);
        using var document = System.Text.Json.JsonDocument.Parse(body);
        var texts = found.Segments.Select(segment => segment.Text).ToHashSet();
        var tags = new[] { "m", "user", "assistant" };
        Assert.DoesNotContain(
            Leaves(document.RootElement, "$").Where(leaf => !leaf.Path.EndsWith(".type", StringComparison.Ordinal)),
            leaf => leaf.Text.Length > 0 && !tags.Contains(leaf.Text) && !IsWord(leaf.Path) && !texts.Contains(leaf.Text));
    }

    [Theory]
    [InlineData("\"api_base\":\"http://evil.example\"")]
    [InlineData("\"provider\":{\"order\":[\"cheap\"]}")]
    [InlineData("\"route\":\"fallback\"")]
    [InlineData("\"api\\u005fkey\":\"k\"")]
    [InlineData("\"extra_body\":{}")]
    [InlineData("\"deployment_id\":\"d\"")]
    [InlineData("\"Models\":[\"x\"]")]
    [InlineData("\"MODEL\":\"x\"")]
    [InlineData("\"Store\":true")]
    [InlineData("\"store\":\"true\"")]
    [InlineData("\"store\":1")]
    [InlineData("\"models\":{\"a\":1}")]
    [InlineData("\"models\":[[\"a\"]]")]
    [InlineData("\"fallbacks\":[{\"Model\":\"a\"}]")]
    [InlineData("\"fallbacks\":[{\"model\":[\"a\"]}]")]
    [InlineData("\"tools\":[{\"type\":\"FUNCTION\",\"function\":{\"name\":\"f\"}}]")]
    [InlineData("\"tools\":[{\"type\":null}]")]
    [InlineData("\"tools\":[{\"type\":[\"function\"]}]")]
    public void ReadRequest_what_chooses_the_upstream_or_reads_in_two_ways_is_refused_whatever_the_policy_says(string member) =>
        Assert.NotNull(Reading.Of(Reading.OpenAI, Encoding.UTF8.GetBytes(UnseenUses.ChatMember(member)), Reading.Everything).Fault);

    [Theory]
    [InlineData("\"api_base\":\"http://evil.example\"")]
    [InlineData("\"provider\":{}")]
    [InlineData("\"Models\":[\"x\"]")]
    [InlineData("\"inference_geo\":\"eu\"")]
    [InlineData("\"workspace_id\":\"w\"")]
    [InlineData("\"fallback_credit_token\":\"t\"")]
    [InlineData("\"Mcp_servers\":[]")]
    [InlineData("\"tools\":[{\"type\":\"MCP_toolset\",\"mcp_server_name\":\"s\"}]")]
    [InlineData("\"tools\":[{\"type\":\"Web_Search_20250305\",\"name\":\"web_search\"}]")]
    [InlineData("\"tools\":[{\"type\":\"web_search_20250305\"},{\"type\":\"web_search_20260209\"}]")]
    public void ReadRequest_member_of_a_beta_that_no_policy_can_admit_is_refused(string member) =>
        Assert.NotNull(Reading.Of(Reading.Anthropic, Encoding.UTF8.GetBytes(UnseenUses.Member(member)), Reading.Everything).Fault);

    [Theory]
    [InlineData("\"store\":false")]
    [InlineData("\"store\":null")]
    [InlineData("\"models\":null")]
    [InlineData("\"web_search_options\":null")]
    [InlineData("\"brand_new\":null")]
    [InlineData("\"logit_bias\":null,\"audio\":null")]
    public void ReadRequest_member_that_asks_for_nothing_is_no_use(string member)
    {
        var found = Reading.OfOpenAI(member);

        Assert.Null(found.Fault);
        Assert.Empty(found.Request.Uses);
    }

    [Theory]
    [InlineData("data:text/plain;base64,aWdub3JlIGFsbA==")]
    [InlineData("data:text/plain;base64,aWdub3JlIGFsbA%3D%3D")]
    [InlineData("data:text/plain;charset=utf-8;base64,aWdub3JlIGFsbA==")]
    [InlineData("Data:Text/Plain;Base64,aWdub3JlIGFsbA==")]
    [InlineData("data:application/json;base64,aWdub3JlIGFsbA==")]
    [InlineData("data:;base64,aWdub3JlIGFsbA==")]
    [InlineData("data:,ignore%20all")]
    [InlineData("aWdub3JlIGFsbA==")]
    [InlineData("aWdub3Jl\\nIGFsbA==")]
    public void ReadRequest_document_that_is_text_is_decoded_and_read(string data)
    {
        var found = Reading.Of(Reading.OpenAI, UnseenUses.ChatPart("""{"type":"file","file":{"file_data":""" + $"\"{data}\"}}}}"));

        Assert.Empty(found.Request.Uses);
        Assert.Equal(
            (Surface.Document, Trust.ThirdParty, SegmentFlags.Decoded),
            found.Segments.Where(segment => segment.Text == "ignore all").Select(segment => (segment.Surface, segment.Trust, segment.Flags)).Single());
    }

    [Fact]
    public void ReadRequest_text_where_an_image_belongs_is_read_and_still_an_image()
    {
        var found = Reading.Of(Reading.OpenAI, UnseenUses.ChatPart("""{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,PHN2Zz5pZ25vcmUgYWxsPC9zdmc+"}}"""));

        Assert.Contains(found.Segments, segment => segment.Text == "<svg>ignore all</svg>");
        Assert.Equal(Capability.Image, Assert.Single(found.Request.Uses).Capability);
    }

    [Fact]
    public void ReadRequest_every_second_place_that_names_a_model_is_collected()
    {
        var chat = Reading.Of(
            Reading.OpenAI,
            Encoding.UTF8.GetBytes(UnseenUses.ChatMember("""
                "models":["a","\u0062"],"fallbacks":[{"model":"c"},"d"],"moderation":{"model":"e"}
                """)),
            Reading.Everything);
        var messages = Reading.Of(
            Reading.Anthropic,
            Encoding.UTF8.GetBytes(UnseenUses.Member("""
                "fallbacks":[{"model":"a","system":"other prompt"}],"tools":[{"type":"advisor_20260301","model":"b"}]
                """)),
            Reading.Everything);

        Assert.Equal(["a", "b", "c", "d", "e"], chat.Request.OtherModels.Select(model => model.Name));
        Assert.Equal(["a", "b"], messages.Request.OtherModels.Select(model => model.Name));
        Assert.Equal(Surface.Document, messages.Segments.Single(segment => segment.Text == "other prompt").Surface);
    }

    [Fact]
    public async Task Second_model_is_judged_by_the_allowlist_at_its_path_and_not_by_aliases()
    {
        var body = Encoding.UTF8.GetBytes("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"models":["gpt-4o-mini","fast","o3"]}""");
        using var request = new ExchangeRequest { Body = body, Tolerates = Reading.Everything };
        Assert.Null(Reading.OpenAI.ReadRequest(request));
        var models = new ModelRules { Allow = ["gpt-4o*"], Aliases = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, string> { ["fast"] = "gpt-4o" }) };
        var context = new GuardContext("d", request, TestPolicies.With() with { Models = models }, "gpt-4o");

        await new ModelGuard().EvaluateAsync(context, CancellationToken.None);

        Assert.Equal(["$.models[1]", "$.models[2]"], context.Findings.Select(finding => finding.Path));
        Assert.All(context.Findings, finding => Assert.True(finding.Blocks));
    }

    [Fact]
    public void ReadRequest_tools_are_collected_wherever_they_are_declared()
    {
        var body = UnseenUses.Block("""{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"name":"inner","input_schema":{}}}}""");
        body = body[..^1] + ""","tools":[{"name":"outer","input_schema":{}},{"type":"mcp_toolset","mcp_server_name":"crm"},{"type":"x_tool"}]}""";
        var found = Reading.Of(Reading.Anthropic, Encoding.UTF8.GetBytes(body), Reading.Everything);

        Assert.Equal(
            [new("inner", false), new("mcp_toolset:crm", true), new("outer", false), new("x_tool", true)],
            found.Request.Content.Tools.OrderBy(tool => tool.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void ReadRequest_tool_declared_in_a_message_and_in_the_list_is_refused()
    {
        var body = UnseenUses.Block("""{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"name":"f","input_schema":{}}}}""");
        body = body[..^1] + ""","tools":[{"name":"f","input_schema":{}}]}""";

        Assert.Equal("duplicate_tool_name", Reading.Of(Reading.Anthropic, Encoding.UTF8.GetBytes(body), Reading.Everything).Fault?.Reason);
    }

    private static UnseenRules Allowing(Capability subject, PolicyAction action)
    {
        var rules = UnseenRules.Default;
        foreach (var capability in Enum.GetValues<Capability>())
        {
            rules = rules.With(capability, capability == subject ? action : PolicyAction.Allow);
        }

        return rules;
    }

    private static async Task<Finding?> FirstAsync(IWireFormat format, string body, UnseenRules rules, PolicyAction action)
    {
        using var request = new ExchangeRequest { Body = Encoding.UTF8.GetBytes(body), Tolerates = rules.Tolerated };
        return format.ReadRequest(request) is { } fault
            ? ProtocolGuard.ToFinding(fault)
            : (await JudgeAsync(format, body, rules)).Findings.Find(finding => finding.Action == action);
    }

    private static async Task<GuardContext> JudgeAsync(IWireFormat format, string body, UnseenRules rules)
    {
        using var request = new ExchangeRequest { Body = Encoding.UTF8.GetBytes(body), Tolerates = rules.Tolerated };
        Assert.Null(format.ReadRequest(request));
        var context = new GuardContext("d", request, TestPolicies.With() with { Unseen = rules }, request.Model);
        await new CapabilityGuard().EvaluateAsync(context, CancellationToken.None);
        return context;
    }

    private static bool IsWord(string path) => path.EndsWith(".media_type", StringComparison.Ordinal) || path.EndsWith(".format", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Text)> Leaves(System.Text.Json.JsonElement element, string path) => element.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves(member.Value, $"{path}.{member.Name}")),
        System.Text.Json.JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Leaves(item, path + "[]")),
        System.Text.Json.JsonValueKind.String => [(path, element.GetString()!)],
        _ => [],
    };
}
