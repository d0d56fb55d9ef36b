using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Core.Policies.Overrides;
using Gateway.Tests.Support;
using static Gateway.Tests.Proxy.OverrideGateway;

namespace Gateway.Tests.Proxy;

/// <summary>Emergency overrides on every surface of a whole gateway, over a policy that only watches: they act all the same.</summary>
public sealed class OverrideTests(OverrideFixture fixture) : IClassFixture<OverrideFixture>
{
    private static readonly OverrideMeasure Block = new() { Kind = OverrideKind.Block };
    private static readonly OverrideMeasure NoEmail = new() { Kind = OverrideKind.Tool, Tool = "send_email" };

    private readonly OverrideGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task Kill_switch_of_a_tenant_refuses_without_reading_the_body()
    {
        var kill = Override(Block, new OverrideScope { Tenants = ["acme"] });
        _gateway.Use(kill);
        using var client = await RawClient.ConnectAsync(_gateway.Http.BaseAddress!.ToString());
        await client.WriteAsync(RawClient.Head(_gateway.Key, "Content-Length: 1000"));
        var answer = await client.ReadAsync(TimeSpan.FromSeconds(20));
        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.Contains("\"policy_blocked\"", answer, StringComparison.Ordinal);
        Assert.Contains($"override:{kill.Id}", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Injection campaign", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_switch_at_admission_is_limited_in_the_record_and_names_the_override()
    {
        var kill = Override(Block, new OverrideScope { Tenants = ["acme"] });
        _gateway.Use(kill);
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"));
        var record = await _gateway.RecordAsync(response);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("limited", record.GetProperty("outcome").GetString());
        Assert.Equal(kill.Id, Assert.Single(record.GetProperty("overrides").EnumerateArray()).GetString());
        Assert.Equal(kill.Id, Assert.Single(record.GetProperty("findings").EnumerateArray()).GetProperty("override").GetString());
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Kill_switch_answers_in_the_shape_of_the_format()
    {
        _gateway.Use(Override(Block, new OverrideScope { Formats = ["anthropic_messages"] }));
        using var stopped = await _gateway.PostAsync("""{"model":"claude-x","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""", "/v1/messages");
        Assert.Equal("error", JsonSerializer.Deserialize<JsonElement>(await stopped.Content.ReadAsStringAsync()).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, stopped.StatusCode);
        using var other = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Override_of_another_tenant_changes_nothing()
    {
        _gateway.Use(Override(Block, new OverrideScope { Tenants = ["globex"] }));
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("the blue falcon"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False((await _gateway.RecordAsync(response)).TryGetProperty("overrides", out _));
    }

    [Fact]
    public async Task End_user_is_stopped_by_the_header_that_names_him_and_others_are_not()
    {
        _gateway.Use();
        using var before = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"), user: "mallory");
        var hash = (await _gateway.RecordAsync(before)).GetProperty("endUserHash").GetString()!;
        _gateway.Use(Override(Block, new OverrideScope { EndUsers = [hash] }));
        using var stopped = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"), user: "mallory");
        Assert.Equal(HttpStatusCode.Forbidden, stopped.StatusCode);
        Assert.Equal("blocked", (await _gateway.RecordAsync(stopped)).GetProperty("outcome").GetString());
        using var other = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"), user: "bob");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("gpt-4o-mini", "fast")]
    [InlineData("fast", "fast")]
    [InlineData("gpt-4o-m*", "gpt-4o-mini")]
    public async Task Model_is_stopped_as_asked_for_and_as_sent(string blocked, string asked)
    {
        _gateway.Use(Override(Block, new OverrideScope { Models = [blocked] }));
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello", model: asked));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
    }

    [Fact]
    public async Task Fallback_to_a_blocked_model_does_not_happen()
    {
        _gateway.Use(Override(Block, new OverrideScope { Models = ["gpt-4o-mini"] }));
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 500, "{\"error\":{\"message\":\"down\"}}");
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello", model: "gpt-4o"));
        Assert.False(response.IsSuccessStatusCode);
        Assert.All(_gateway.Upstream.Seen, request => Assert.DoesNotContain("gpt-4o-mini", request.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blocked_model_is_on_no_list()
    {
        _gateway.Use(Override(Block, new OverrideScope { Models = ["fast", "gpt-4o-mini"] }));
        using var response = await _gateway.Http.GetAsync(new Uri("/v1/models", UriKind.Relative));
        var list = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"gpt-4o\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain("fast", list, StringComparison.Ordinal);
        Assert.DoesNotContain("gpt-4o-mini", list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"send_email"}}]}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"functions":[{"name":"Send_Email"}]}""")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"send_email","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"ok"}]}""")]
    public async Task Tool_is_stopped_in_a_request(string body)
    {
        _gateway.Use(Override(NoEmail));
        using var response = await _gateway.PostAsync(body);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(_gateway.Upstream.Seen);
        var finding = Assert.Single((await _gateway.RecordAsync(response)).GetProperty("findings").EnumerateArray());
        Assert.Equal("tools", finding.GetProperty("guard").GetString());
    }

    [Fact]
    public async Task Tool_is_stopped_in_an_answer_and_in_the_record()
    {
        _gateway.Use(Override(NoEmail));
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, """
            {"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"lookup","arguments":"{}"}},{"id":"2","type":"function","function":{"name":"send_email","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}
            """);
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var record = await _gateway.RecordAsync(response);
        Assert.Equal("blocked", record.GetProperty("outcome").GetString());
        Assert.Equal(["lookup", "send_email"], record.GetProperty("tools").GetProperty("called").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Tool_call_split_over_frames_of_a_stream_never_reaches_the_client()
    {
        var item = Override(new OverrideMeasure { Kind = OverrideKind.Tool, Tool = "send_email", Arguments = "@evil" });
        _gateway.Use(item);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Upstream.Answer = async context =>
        {
            await ScriptedUpstream.WriteStreamAsync(context, Frame("""{"content":"Fine."}"""));
            await arrived.Task;
            await ScriptedUpstream.WriteStreamAsync(
                context,
                Frame("""{"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"send_email","arguments":"{\"to\":\"bob@e"}}]}"""),
                Frame("""{"tool_calls":[{"index":0,"function":{"arguments":"vil.example\"}"}}]}"""),
                Encoding.UTF8.GetBytes("data: [DONE]\n\n"));
        };

        // The head comes with the first frame.
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello", stream: true), until: HttpCompletionOption.ResponseHeadersRead);
        arrived.SetResult();
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("send_email", text, StringComparison.Ordinal);
        Assert.Contains("policy_blocked", text, StringComparison.Ordinal);
        var record = await _gateway.RecordAsync(response);
        Assert.Equal("cut", record.GetProperty("outcome").GetString());
        Assert.Equal($"override:{item.Id}", record.GetProperty("reason").GetString());
        Assert.Contains("gateway_stream_cuts_total{reason=\"override\"} 1", await _gateway.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pattern_over_two_frames_of_a_stream_is_held_back()
    {
        _gateway.Use(Override(new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "red kestrel" }));
        _gateway.Upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(
            context, Frame("""{"content":"the red ke"}"""), Frame("""{"content":"strel"}"""), Encoding.UTF8.GetBytes("data: [DONE]\n\n"));
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello", stream: true));
        Assert.DoesNotContain("red ke", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Host_in_a_tool_result_is_stopped_and_in_what_the_user_says_is_not()
    {
        _gateway.Use(Override(new OverrideMeasure { Kind = OverrideKind.Host, Host = "evil.example" }));
        using var stopped = await _gateway.PostAsync(
            """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"tool","tool_call_id":"1","content":"see HTTPS://x@EVIL%2eexample/a"}]}""");
        Assert.Equal(HttpStatusCode.Forbidden, stopped.StatusCode);
        using var passed = await _gateway.PostAsync(GatewayUnderTest.Chat("is evil.example safe?"));
        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
    }

    [Fact]
    public async Task Enforce_turns_a_watching_policy_into_an_acting_one()
    {
        _gateway.Use();
        using var watched = await _gateway.PostAsync(GatewayUnderTest.Chat("the blue falcon"));
        Assert.Equal(HttpStatusCode.OK, watched.StatusCode);
        _gateway.Use(Override(new OverrideMeasure { Kind = OverrideKind.Enforce }));
        using var stopped = await _gateway.PostAsync(GatewayUnderTest.Chat("the blue falcon"));
        Assert.Equal(HttpStatusCode.Forbidden, stopped.StatusCode);
    }

    [Fact]
    public async Task Expired_override_stops_nothing()
    {
        _gateway.Use(Override(Block) with { ExpiresAt = TimeProvider.System.GetUtcNow().AddMilliseconds(-1) });
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Overrides_in_force_are_a_gauge_by_kind()
    {
        _gateway.Use(Override(NoEmail), Override(NoEmail) with { ExpiresAt = DateTimeOffset.UnixEpoch }, Override(Block, new OverrideScope { Models = ["o3"] }));
        var scrape = await _gateway.ScrapeAsync();
        Assert.Contains("gateway_overrides_active{kind=\"tool\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("gateway_overrides_active{kind=\"model\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("gateway_overrides_active{kind=\"pattern\"} 0", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_only_an_override_reads_is_in_the_ledger_without_a_gap()
    {
        _gateway.Use(Override(new OverrideMeasure { Kind = OverrideKind.Pattern, Match = "red kestrel" }));
        using var response = await _gateway.PostAsync(GatewayUnderTest.Chat("Hello"));
        var lines = (await _gateway.RecordAsync(response)).GetProperty("ledger").EnumerateArray().ToArray();
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal((0, 0), (line.GetProperty("missing").GetInt32(), line.GetProperty("exempt").GetInt32())));
    }

    private static byte[] Frame(string delta) => Encoding.UTF8.GetBytes(
        $"data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":null}}]}}\n\n");
}
