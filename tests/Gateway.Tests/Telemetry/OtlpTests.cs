using Gateway.Core.Decisions;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class OtlpTests
{
    private const string CallersTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task Exchange_is_one_server_and_one_client_span()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(receiver, BridgeFixture.Allowed, ratio: 1);

        await host.PostAsync("?key=c4nary-7f31");
        var spans = await receiver.SpansAsync(2);

        var client = Assert.Single(spans, span => span.Kind == ReceivedSpan.Client);
        var server = Assert.Single(spans, span => span.Kind == ReceivedSpan.Server);
        Assert.Equal((server.TraceId, server.SpanId), (client.TraceId, client.ParentId));
        Assert.Equal(("POST /v1/chat/completions", "chat gpt-4o-mini"), (server.Name, client.Name));
        Contains(server, "http.route=/v1/chat/completions", "http.response.status_code=200", "gateway.outcome=allowed", "gateway.tenant.id=acme",
            "gateway.decision.id=" + BridgeFixture.Allowed.Id, "gateway.format=openai_chat", "gateway.fail_open=false", "gateway.tainted=false");
        Contains(client, "gen_ai.operation.name=chat", "gen_ai.provider.name=openai", "gen_ai.request.model=gpt-4o-mini", "gen_ai.request.stream=true",
            "gen_ai.usage.input_tokens=100", "gen_ai.usage.output_tokens=50", "server.address=127.0.0.1", "server.port=9");
        Assert.Equal(["first_chunk"], client.Events);
        Assert.Equal(["guard", "guard"], server.Events);
        Assert.DoesNotContain(spans.SelectMany(span => span.Attributes.Values), value => value.Contains("secret") || value.Contains("c4nary"));
        Assert.Contains("service.name=gateway", receiver.ResourceAttributes);

        // Disposing the host flushes what there is.
        await host.DisposeAsync();
        Assert.Empty(receiver.SpansSoFar());
    }

    [Theory]
    [InlineData(Outcome.Blocked)]
    [InlineData(Outcome.Cut)]
    [InlineData(Outcome.Failed)]
    [InlineData(Outcome.UpstreamFailed)]
    public async Task Notable_outcome_is_traced_at_any_ratio(Outcome outcome)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(receiver, BridgeFixture.Allowed with { Outcome = outcome }, ratio: 0);

        await host.PostAsync();

        Assert.Equal(2, (await receiver.SpansAsync(2)).Count);
    }

    [Fact]
    public async Task Callers_sampled_flag_does_not_raise_the_ratio()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var host = await StartAsync(receiver, BridgeFixture.Allowed, ratio: 0))
        {
            for (var i = 0; i < 20; i++)
            {
                await host.PostAsync(traceParent: $"00-{CallersTrace}-00f067aa0ba902b7-01");
            }
        }

        // Disposing the host flushed what there was.
        Assert.Empty(receiver.SpansSoFar());
    }

    [Fact]
    public async Task Callers_trace_is_joined_and_its_baggage_is_not_believed()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(receiver, BridgeFixture.Allowed, ratio: 1);

        await host.PostAsync(traceParent: $"00-{CallersTrace}-00f067aa0ba902b7-00");
        var server = Assert.Single(await receiver.SpansAsync(2), span => span.Kind == ReceivedSpan.Server);

        Assert.Equal((CallersTrace, "00f067aa0ba902b7"), (server.TraceId, server.ParentId));
        Contains(server, "gateway.tenant.id=acme");
    }

    [Fact]
    public async Task Scrapes_are_not_traced()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var host = await StartAsync(receiver, BridgeFixture.Allowed, ratio: 1))
        {
            await host.Client.GetStringAsync("/metrics");
        }

        Assert.Empty(receiver.SpansSoFar());
    }

    [Fact]
    public async Task Metrics_are_exported_with_the_genai_histograms()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var host = await StartAsync(receiver, BridgeFixture.Allowed, ratio: 0);

        await host.PostAsync();

        await receiver.MetricAsync("gateway.exchanges");
        await receiver.MetricAsync("gen_ai.client.operation.duration");
    }

    [Fact]
    public async Task Receiver_that_is_down_is_counted_as_lost_telemetry()
    {
        await using var host = await TelemetryHost.StartAsync(
            BridgeFixture.Blocked, "Gateway:Otlp:Endpoint=http://127.0.0.1:9", "Gateway:Otlp:Protocol=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=50", "OTEL_EXPORTER_OTLP_TIMEOUT=500");
        await host.PostAsync();

        var deadline = TimeSpan.FromSeconds(30);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        string page;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            page = await host.Client.GetStringAsync("/metrics");
        }
        while (!page.Contains("gateway_telemetry_dropped_total{signal=\"span\",reason=\"exporter_error\"} 2") && watch.Elapsed < deadline);

        Assert.Contains("gateway_telemetry_dropped_total{signal=\"span\",reason=\"exporter_error\"} 2", page);
    }

    [Fact]
    public async Task Without_an_endpoint_no_activity_is_made()
    {
        await using var host = await TelemetryHost.StartAsync(BridgeFixture.Allowed);
        using var response = await host.Client.PostAsync("/v1/chat/completions", null);

        Assert.Equal("False", response.Headers.GetValues("x-activity").Single());
    }

    private static Task<TelemetryHost> StartAsync(OtlpReceiver receiver, DecisionRecord record, double ratio) => TelemetryHost.StartAsync(
        record,
        $"Gateway:Otlp:Endpoint={receiver.Address}",
        "Gateway:Otlp:Protocol=http/protobuf",
        $"Gateway:Tracing:Ratio={ratio}",
        "OTEL_BSP_SCHEDULE_DELAY=50",
        "OTEL_METRIC_EXPORT_INTERVAL=200");

    private static void Contains(ReceivedSpan span, params string[] attributes) =>
        Assert.All(attributes, attribute => Assert.Contains(attribute, span.Attributes.Select(pair => $"{pair.Key}={pair.Value}")));
}
