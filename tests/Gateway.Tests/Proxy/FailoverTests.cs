using System.Net;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>Further attempts: only while nothing was sent, only where the policy allows, never after a policy decision.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private const string Policy = """
        policy: acme
        tenants: [acme]
        models:
          allow: [gpt-4o, gpt-4o-mini]
          fallback: { gpt-4o: [gpt-4o-mini] }
        guards:
          content:
            - { id: no-blue-falcon, match: "blue falcon", surfaces: [output], action: block, severity: high }
        """;

    private ScriptedUpstream? _second;
    private GatewayUnderTest? _gateway;

    private ScriptedUpstream Second => _second ?? throw new InvalidOperationException("Not started.");

    private GatewayUnderTest Gateway => _gateway ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        _second = await ScriptedUpstream.StartAsync();
        _gateway = await GatewayUnderTest.StartAsync(Policy, new Dictionary<string, string>
        {
            ["Gateway__Providers__openai__Destinations__second"] = _second.BaseUrl,
            ["Gateway__Providers__openai__MaxAttempts"] = "3",
        });
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Second.DisposeAsync();
    }

    [Fact]
    public async Task Destination_that_fails_is_followed_by_the_next()
    {
        Gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 503, "{\"error\":{\"message\":\"busy\"}}");
        using var response = await Gateway.ChatAsync("Hello", model: "gpt-4o-mini");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var record = await Gateway.RecordAsync(response);
        Assert.Equal(2, record.GetProperty("attempts").GetInt32());
        Assert.Equal("01-second", record.GetProperty("destination").GetString());
        Assert.Equal(Assert.Single(Gateway.Upstream.Seen).Text, Assert.Single(Second.Seen).Text);
    }

    [Fact]
    public async Task Destination_that_is_down_is_followed_by_the_next()
    {
        await Gateway.Upstream.StopAsync();
        using var response = await Gateway.ChatAsync("Hello", model: "gpt-4o-mini");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(Second.Seen);
    }

    [Fact]
    public async Task Fallback_model_of_the_policy_comes_after_the_destinations()
    {
        Gateway.Upstream.Answer = Second.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 500, "{\"error\":{\"message\":\"down\"}}");
        Gateway.Upstream.Answer = context => Model(Gateway.Upstream) == "gpt-4o-mini"
            ? ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer)
            : ScriptedUpstream.WriteJsonAsync(context, 500, "{\"error\":{\"message\":\"down\"}}");
        using var response = await Gateway.ChatAsync("Hello", model: "gpt-4o");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var record = await Gateway.RecordAsync(response);
        Assert.Equal("gpt-4o", record.GetProperty("modelRequested").GetString());
        Assert.Equal("gpt-4o-mini", record.GetProperty("modelSent").GetString());
        Assert.Equal(3, record.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Answer_that_a_rule_stops_is_not_asked_for_again()
    {
        Gateway.Upstream.Answer = context =>
            ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer.Replace("Fine.", "blue falcon", StringComparison.Ordinal));
        using var response = await Gateway.ChatAsync("Hello", model: "gpt-4o");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Single(Gateway.Upstream.Seen);
        Assert.Empty(Second.Seen);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task Request_that_is_wrong_is_not_sent_again(int status)
    {
        Gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, status, "{\"error\":{\"message\":\"wrong\",\"type\":\"invalid_request_error\"}}");
        using var response = await Gateway.ChatAsync("Hello", model: "gpt-4o");
        Assert.False(response.IsSuccessStatusCode);
        Assert.Empty(Second.Seen);
    }

    [Fact]
    public async Task Stream_that_has_begun_is_not_started_again()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Gateway.Upstream.Answer = async context =>
        {
            await ScriptedUpstream.WriteStreamAsync(context, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":null}]}\n\n"u8.ToArray());
            await arrived.Task;
            context.Abort();
        };
        using var response = await Gateway.ChatAsync("Hello", stream: true, model: "gpt-4o");
        arrived.SetResult();
        Assert.Contains("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(Second.Seen);
    }

    private static string? Model(ScriptedUpstream upstream) =>
        JsonSerializer.Deserialize<JsonElement>(upstream.Seen.Last().Body).GetProperty("model").GetString();
}
