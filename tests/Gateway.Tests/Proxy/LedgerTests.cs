using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Proxy;

/// <summary>Each record says what text went on in each direction and what of it each guard saw.</summary>
[Collection(ProxyTests.Name)]
public sealed class LedgerTests : IDisposable
{
    private readonly GatewayUnderTest _gateway;

    public LedgerTests(ProxyFixture fixture) => _gateway = fixture.Gateway;

    public void Dispose() => _gateway.Upstream.Answer = context => ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Allowed_exchange_delivers_in_both_directions_what_was_inspected_or_exempt(bool stream)
    {
        if (stream)
        {
            _gateway.Upstream.Answer = context => ScriptedUpstream.WriteStreamAsync(context, Encoding.UTF8.GetBytes(
                "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Fine.\"},\"finish_reason\":null}]}\n\ndata: [DONE]\n\n"));
        }

        using var response = await _gateway.ChatAsync("Hello", stream);
        await response.Content.ReadAsStringAsync();
        var record = await _gateway.RecordAsync(response);
        var lines = record.GetProperty("ledger").EnumerateArray().ToDictionary(line => line.GetProperty("direction").GetString()!);
        Check(lines["request"], record.GetProperty("deliveredRequestText").GetInt64(), "Hello".Length);
        Check(lines["response"], record.GetProperty("deliveredResponseText").GetInt64(), "Fine.".Length);
        foreach (var direction in lines.Keys)
        {
            Assert.Equal(0, await _gateway.MetricAsync($"gateway_coverage_gap_exchanges_total{{format=\"openai_chat\",direction=\"{direction}\"}}"));
            Assert.True(await _gateway.MetricAsync($"gateway_coverage_bytes_total{{direction=\"{direction}\",state=\"delivered\"}}") > 0);
        }
    }

    [Fact]
    public async Task Blocked_request_delivers_nothing()
    {
        using var response = await _gateway.ChatAsync("the blue falcon");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var record = await _gateway.RecordAsync(response);
        Assert.Equal(0, record.GetProperty("deliveredRequestText").GetInt64());
        Assert.True(record.GetProperty("inspectedRequestText").GetInt64() >= "the blue falcon".Length);
        Assert.Equal(0, record.GetProperty("ledger").GetArrayLength());
    }

    [Fact]
    public async Task Withheld_answer_was_inspected_and_not_delivered()
    {
        _gateway.Upstream.Answer = context =>
            ScriptedUpstream.WriteJsonAsync(context, 200, ScriptedUpstream.ChatAnswer.Replace("Fine.", "the blue falcon", StringComparison.Ordinal));
        using var response = await _gateway.ChatAsync("Hello");
        var record = await _gateway.RecordAsync(response);
        Assert.Equal(0, record.GetProperty("deliveredResponseText").GetInt64());
        Assert.True(record.GetProperty("inspectedResponseText").GetInt64() >= "the blue falcon".Length);
    }

    private static void Check(JsonElement line, long delivered, long inspected)
    {
        Assert.Equal("content", line.GetProperty("guard").GetString());
        Assert.Equal(delivered, line.GetProperty("delivered").GetInt64());
        Assert.Equal(inspected, line.GetProperty("inspected").GetInt64());
        Assert.Equal(0, line.GetProperty("missing").GetInt64());
        Assert.Equal(delivered, line.GetProperty("inspected").GetInt64() + line.GetProperty("exempt").GetInt64());
    }
}
