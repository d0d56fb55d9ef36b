using System.Diagnostics;
using System.Text.Json;
using Gateway.Core.Decisions;
using Gateway.Core.Telemetry;
using Gateway.Telemetry;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class LogPipelineTests
{
    private const string Canary = "c4nary-7f31";

    [Fact]
    public async Task Exchange_is_one_line_of_clef()
    {
        await using var capture = new LogCapture();
        capture.Log.ExchangeCompleted(BridgeFixture.Allowed);

        var line = Assert.Single(await capture.EventsAsync());
        Assert.Equal(
            ("allowed", "acme", "gpt-4o-mini", 250.0, 1000),
            (Text(line, "Outcome"), Text(line, "Tenant"), Text(line, "Model"), line.GetProperty("DurationMs").GetDouble(), line.GetProperty("EventId").GetProperty("Id").GetInt32()));
        Assert.True(line.GetProperty("@t").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.False(line.TryGetProperty("@l", out _));
    }

    [Theory]
    [InlineData("\r\n2026-01-01 [INF] forged")]
    [InlineData("\"},{\"@l\":\"Fatal\"")]
    [InlineData("\u001b[2J\u001b]0;owned\u0007")]
    [InlineData("{0} {@x} {DecisionId}")]
    [InlineData("\u2028\u2029\u0085\u202Egpj.exe")]
    [InlineData("@t")]
    [InlineData("\ud800 lone")]
    [InlineData("\0")]
    public async Task Injection_corpus_gives_one_json_object_a_line(string hostile)
    {
        await using var capture = new LogCapture();
        capture.Log.ExchangeCompleted(BridgeFixture.Blocked with { ModelRequested = hostile, Reason = hostile, Tenant = hostile });
        capture.Log.UpstreamAttemptFailed(hostile, hostile, hostile, 1, hostile, 500);

        var lines = await capture.LinesAsync();

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line =>
        {
            Assert.All(line, character => Assert.InRange(character, ' ', '~'));
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind);
        });
    }

    [Fact]
    public async Task Megabyte_of_text_is_cut()
    {
        await using var capture = new LogCapture();
        capture.Log.UpstreamAttemptFailed(new string('a', 1024 * 1024), "openai", null, 1, "error", 500);

        Assert.InRange(Assert.Single(await capture.LinesAsync()).Length, 1, 2000);
    }

    [Fact]
    public async Task Exception_message_is_not_logged_and_type_and_stack_are()
    {
        await using var capture = new LogCapture();
        try
        {
            throw new JsonException($"'{Canary}' is invalid", new InvalidOperationException(Canary));
        }
        catch (JsonException error)
        {
            capture.Log.ExchangeFaulted("id", error);
        }

        var line = Assert.Single(await capture.LinesAsync());
        Assert.DoesNotContain(Canary, line);
        var text = Text(JsonDocument.Parse(line).RootElement, "@x");
        Assert.Contains("System.Text.Json.JsonException", text);
        Assert.Contains("System.InvalidOperationException", text);
        Assert.Contains(nameof(Exception_message_is_not_logged_and_type_and_stack_are), text);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Critical, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    [InlineData("Yarp.ReverseProxy.Forwarder", LogLevel.Information, false)]
    [InlineData("System.Net.Http.HttpClient", LogLevel.Information, false)]
    [InlineData("Gateway.Anything", LogLevel.Information, true)]
    public async Task Level_follows_the_category(string category, LogLevel level, bool enabled)
    {
        await using var capture = new LogCapture();

        Assert.Equal(enabled, capture.Factory.CreateLogger(category).IsEnabled(level));
    }

    [Fact]
    public async Task Object_that_is_destructured_is_bounded()
    {
        await using var capture = new LogCapture();
        var deep = new { A = new { B = new { C = new { D = new { E = Canary } } } }, Items = Enumerable.Range(0, 500).ToArray() };
#pragma warning disable CA2254 // the pipeline must hold even against a careless call
        capture.Factory.CreateLogger("Gateway.Careless").LogWarning("{@Deep}", deep);
#pragma warning restore CA2254

        var line = Assert.Single(await capture.LinesAsync());
        Assert.DoesNotContain(Canary, line);
        Assert.InRange(line.Length, 1, 1000);
    }

    [Fact]
    public async Task Event_carries_trace_and_span()
    {
        using var activity = new Activity("POST").Start();
        await using var capture = new LogCapture();
        capture.Log.ExchangeCompleted(BridgeFixture.Allowed);

        var line = Assert.Single(await capture.EventsAsync());
        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (Text(line, "@tr"), Text(line, "@sp")));
    }

    [Fact]
    public async Task Failure_is_logged_as_error()
    {
        await using var capture = new LogCapture();
        capture.Log.ExchangeCompleted(BridgeFixture.Allowed with { Outcome = Outcome.Failed });

        Assert.Equal("Error", Text(Assert.Single(await capture.EventsAsync()), "@l"));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
