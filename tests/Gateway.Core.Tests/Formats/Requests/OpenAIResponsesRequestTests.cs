using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Exchanges;
using Xunit;

namespace Gateway.Core.Tests.Formats.Requests;

public sealed class OpenAIResponsesRequestTests
{
    [Theory]
    [InlineData("""{"type":"telepathy","content":"x"}""", "unknown_type")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x"}]}""", "unknown_type")]
    [InlineData("""{"role":"user","content":[{"type":"output_text","text":"x"}]}""", "unknown_type")]
    [InlineData("""{"role":"user","content":[{"text":"x"}]}""", "missing_field")]
    [InlineData("""{"role":"critic","content":"x"}""", "unknown_role")]
    [InlineData("""{"type":"message","content":"x"}""", "missing_field")]
    [InlineData("""{"content":"x"}""", "unknown_field")]
    [InlineData("""{"id":"msg_1","content":"x"}""", "unknown_field")]
    [InlineData("""{"type":"item_reference","id":"msg_1","content":"x"}""", "unknown_field")]
    [InlineData("""{"type":"function_call","name":"f","arguments":{}}""", "wrong_type")]
    [InlineData("""{"type":"function_call","arguments":"{}"}""", "missing_field")]
    [InlineData("""{"type":"additional_tools","tools":[{"type":"telepathy"}]}""", "unknown_type")]
    [InlineData("""{"type":"tool_search_output","tools":[{"type":"telepathy"}]}""", "unknown_type")]
    [InlineData("\"text\"", "wrong_type")]
    public void ReadRequest_item_that_the_table_does_not_know_is_refused(string item, string reason) =>
        Assert.Equal(reason, Reading.OfItems(item).Fault?.Reason);

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"telepathy\"}]", "unknown_type")]
    [InlineData("\"tools\":[{\"name\":\"f\"}]", "missing_field")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "missing_field")]
    [InlineData("\"tools\":[{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[{\"type\":\"web_search\"}]}]", "unknown_type")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"custom\",\"name\":\"f\"}]", "duplicate_tool_name")]
    [InlineData("\"text\":{\"format\":{\"type\":\"telepathy\"}}", "unknown_type")]
    [InlineData("\"plugins\":[]", "unknown_field")]
    [InlineData("\"chat_template\":\"x\"", "unknown_field")]
    [InlineData("\"prompt\":\"x\"", "wrong_type")]
    [InlineData("\"Instructions\":\"x\"", "key_case_variant")]
    public void ReadRequest_member_that_the_table_does_not_take_is_refused(string members, string reason) =>
        Assert.Equal(reason, Reading.OfResponses(members).Fault?.Reason);

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"", Capability.StoredHistory)]
    [InlineData("\"conversation\":\"conv_1\"", Capability.StoredHistory)]
    [InlineData("\"conversation\":{\"id\":\"conv_1\"}", Capability.StoredHistory)]
    [InlineData("\"prompt\":{\"id\":\"pmpt_1\"}", Capability.StoredPrompt)]
    [InlineData("\"background\":true", Capability.ProviderStorage)]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"web_search_preview_2025_03_11\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"file_search\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"code_interpreter\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"image_generation\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"programmatic_tool_calling\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"tool_search\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"shell\"}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"shell\",\"environment\":{\"type\":\"container_auto\"}}]", Capability.ProviderTool)]
    [InlineData("\"tools\":[{\"type\":\"mcp\",\"server_label\":\"crm\"}]", Capability.Connector)]
    public void ReadRequest_member_that_shows_what_the_gateway_cannot_see_is_marked(string members, Capability capability)
    {
        var reading = Reading.OfResponses("\"store\":false," + members);
        Assert.Null(reading.Fault);
        Assert.Equal([capability], reading.Request.Uses.Select(use => use.Capability));
    }

    [Theory]
    [InlineData("""{"type":"item_reference","id":"msg_1"}""", Capability.StoredHistory)]
    [InlineData("""{"id":"msg_1"}""", Capability.StoredHistory)]
    [InlineData("""{"id":"msg_1","type":null}""", Capability.StoredHistory)]
    [InlineData("""{"role":"user","content":[{"type":"input_image","file_id":"f"}]}""", Capability.StoredFile)]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":"https://a.example/x"}]}""", Capability.RemoteContent)]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":"data:image\/png;base64,AA"}]}""", Capability.Image)]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":" DATA:Image/png;base64,AA"}]}""", Capability.Image)]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":"data:text/html,x"}]}""", Capability.BinaryDocument)]
    [InlineData("""{"role":"user","content":[{"type":"input_file","file_data":"JVBERi0"}]}""", Capability.BinaryDocument)]
    [InlineData("""{"role":"user","content":[{"type":"input_file","file_data":"data:audio/wav;base64,AA"}]}""", Capability.Audio)]
    [InlineData("""{"role":"user","content":[{"type":"input_file","file_url":"https://a.example/x"}]}""", Capability.RemoteContent)]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]}""", Capability.Audio)]
    [InlineData("""{"type":"reasoning","summary":[],"encrypted_content":"x"}""", Capability.SealedContent)]
    [InlineData("""{"type":"compaction","encrypted_content":"x"}""", Capability.SealedContent)]
    [InlineData("""{"type":"image_generation_call","id":"i","result":"AAAA"}""", Capability.Image)]
    [InlineData("""{"type":"computer_call_output","output":{"type":"computer_screenshot","file_id":"f"}}""", Capability.StoredFile)]
    [InlineData("""{"type":"additional_tools","tools":[{"type":"mcp","server_label":"crm"}]}""", Capability.Connector)]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_file","file_id":"f"}]}""", Capability.StoredFile)]
    public void ReadRequest_item_that_shows_what_the_gateway_cannot_see_is_marked(string item, Capability capability)
    {
        var reading = Reading.OfItems(item);
        Assert.Null(reading.Fault);
        Assert.Equal([capability], reading.Request.Uses.Select(use => use.Capability));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("\"store\":null", true)]
    [InlineData("\"store\":true", true)]
    [InlineData("\"store\":false", false)]
    public void ReadRequest_storage_that_is_tolerated_is_marked_unless_it_is_off(string members, bool marked)
    {
        var request = Stored(members, Reading.Everything).Request;
        Assert.Equal(marked, request.Uses.Exists(use => use.Capability == Capability.ProviderStorage));
        Assert.Empty(request.DenialEdits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"store\":null")]
    [InlineData("\"st\\u006fre\" : null , \"stream\":true")]
    [InlineData("\"metadata\":{\"store\":true}")]
    public void ReadRequest_store_that_is_not_stated_is_denied_in_the_body_and_no_use(string members)
    {
        var reading = Stored(members, default);
        Assert.Null(reading.Fault);
        Assert.Empty(reading.Request.Uses);
        var expected = JsonNode.Parse(reading.Request.Body.Span)!.AsObject();
        expected["store"] = false;
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(BodyEdit.Apply(reading.Request.Body.Span, reading.Request.DenialEdits))));
    }

    [Theory]
    [InlineData("\"store\":true", 1)]
    [InlineData("\"store\":false", 0)]
    [InlineData("\"store\":true,\"background\":true", 2)]
    [InlineData("\"background\":true,\"store\":false", 1)]
    public void ReadRequest_store_that_is_stated_stays_as_the_client_wrote_it(string members, int uses)
    {
        var request = Stored(members, default).Request;
        Assert.Equal(uses, request.Uses.Count(use => use.Capability == Capability.ProviderStorage));
        Assert.Empty(request.DenialEdits);
    }

    [Fact]
    public void ReadRequest_background_run_stays_a_use_where_store_is_not_stated() =>
        Assert.Equal([Capability.ProviderStorage], Stored("\"background\":true", default).Request.Uses.Select(use => use.Capability));

    [Theory]
    [InlineData("{\"type\":\"shell\",\"environment\":{\"type\":\"local\"}}", "shell")]
    [InlineData("{\"type\":\"computer\"}", "computer")]
    [InlineData("{\"type\":\"apply_patch\"}", "apply_patch")]
    [InlineData("{\"type\":\"tool_search\",\"execution\":\"client\"}", "tool_search")]
    public void ReadRequest_tool_that_the_client_runs_is_no_providers(string tool, string name)
    {
        var reading = Reading.OfResponses($"\"store\":false,\"tools\":[{tool}]");
        Assert.Empty(reading.Request.Uses);
        Assert.Equal([new ToolDeclaration(name, ProviderSide: false)], reading.Request.Content.Tools);
    }

    [Fact]
    public void ReadRequest_dated_tool_is_declared_under_its_family() =>
        Assert.Equal(
            [new ToolDeclaration("web_search", ProviderSide: true)],
            Reading.OfResponses("\"tools\":[{\"type\":\"web_search_2025_08_26\"}]").Request.Content.Tools);

    [Fact]
    public void ReadRequest_tool_declared_in_the_input_and_beside_it_is_refused()
    {
        var reading = Reading.Of(
            Reading.Responses,
            """{"model":"m","input":[{"type":"additional_tools","tools":[{"type":"function","name":"f"}]}],"tools":[{"type":"function","name":"f"}]}""");
        Assert.Equal("duplicate_tool_name", reading.Fault?.Reason);
    }

    [Fact]
    public void ReadRequest_tool_that_history_lists_again_is_declared_once()
    {
        const string List = """{"type":"mcp_list_tools","server_label":"crm","tools":[{"name":"find"}]}""";
        const string Found = """{"type":"tool_search_output","tools":[{"type":"function","name":"late"}]}""";
        var reading = Reading.OfItems($"{List},{Found},{List},{Found}");
        Assert.Null(reading.Fault);
        Assert.Equal(["mcp:crm/find", "late"], reading.Request.Content.Tools.Select(tool => tool.Name));
    }

    [Fact]
    public void ReadRequest_call_of_a_namespace_has_both_names()
    {
        var call = Assert.Single(Reading.OfItems("""{"type":"function_call","call_id":"c","namespace":"crm","name":"find","arguments":"{}"}""").Request.Content.ToolCalls);
        Assert.Equal(new ToolCall("crm.find", "{}", "c", History: true, ProviderSide: false), call);
    }

    [Fact]
    public void ReadRequest_texts_of_one_message_stand_together_whatever_stands_between()
    {
        var segments = Reading.OfItems(
            """{"role":"assistant","content":[{"type":"output_text","text":"blue fal","logprobs":[{"token":"zzz"}],"annotations":[{"type":"url_citation","title":"t"}]},{"type":"output_text","text":"con"}]}""").Segments;
        var said = segments.Where(segment => segment.Surface == Surface.Assistant).ToArray();
        Assert.Equal(["blue fal", "con"], said.Select(segment => segment.Text));
        Assert.Single(segments.Where(segment => segment.Path.StartsWith("$.input", StringComparison.Ordinal)).Select(segment => segment.Group).Distinct());
        Assert.Contains(segments, segment => segment is { Text: "zzz", Surface: Surface.Metadata });
    }

    [Fact]
    public void ReadRequest_fills_what_guards_and_limits_go_by()
    {
        var request = Reading.Of(
            Reading.Responses,
            """{"model":"m","stream":true,"max_output_tokens":77,"safety_identifier":"u1","input":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}""").Request;
        Assert.Equal(("m", true, 77, "u1", 2), (request.Model, request.Stream, request.MaxOutputTokens, request.EndUser, request.MessageCount));
        Assert.Equal(1, Reading.OfResponses("").Request.MessageCount);
    }

    [Fact]
    public void ReadRequest_member_of_another_format_is_reported_as_unknown() =>
        Assert.Equal(["messages"], Reading.OfResponses("\"messages\":[{\"role\":\"system\",\"content\":\"hidden\"}]").Request.UnknownMembers);

    private static Reading Stored(string members, CapabilitySet tolerates) =>
        Reading.Of(Reading.Responses, Encoding.UTF8.GetBytes($$"""{"model":"m","input":"x"{{(members.Length == 0 ? "" : ",")}}{{members}}}"""), tolerates);
}
