using Gateway.Core.Decisions;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Core.Tests.Telemetry;

public sealed class GatewayLogTests : ILogger<GatewayLog>
{
    private readonly List<(LogLevel Level, EventId Id, Dictionary<string, object?> Properties)> _events = [];

    [Fact]
    public void ExchangeCompleted_allowed_is_one_event_with_the_agreed_properties()
    {
        new GatewayLog(this).ExchangeCompleted(SampleRecords.Allowed);

        var (level, id, properties) = Assert.Single(_events);
        Assert.Equal((LogLevel.Information, LogEvents.ExchangeCompleted), (level, id.Id));
        Assert.Equal(
            ["DecisionId", "DurationMs", "Format", "Model", "Outcome", "Policy", "PolicyVersion", "Reason", "Status", "Tenant", "{OriginalFormat}"],
            properties.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("allowed", properties["Outcome"]);
    }

    [Fact]
    public void ExchangeCompleted_blocked_names_the_decisive_finding_and_logs_each()
    {
        var mild = SampleRecords.Finding with { Rule = "mild", Action = PolicyAction.Annotate };
        new GatewayLog(this).ExchangeCompleted(SampleRecords.Blocked with { Findings = [mild, SampleRecords.Finding] });

        Assert.Equal([LogEvents.ExchangeViolated, LogEvents.Finding, LogEvents.Finding], _events.Select(item => item.Id.Id));
        Assert.Equal("no-legal-advice", _events[0].Properties["Rule"]);
    }

    [Fact]
    public void ExchangeCompleted_flood_of_findings_is_bounded()
    {
        new GatewayLog(this).ExchangeCompleted(SampleRecords.Blocked with { Findings = [.. Enumerable.Repeat(SampleRecords.Finding, 10_000)] });

        Assert.Equal(17, _events.Count);
    }

    [Theory]
    [InlineData(Outcome.Failed, LogLevel.Error)]
    [InlineData(Outcome.UpstreamFailed, LogLevel.Warning)]
    [InlineData(Outcome.Blocked, LogLevel.Information)]
    [InlineData(Outcome.Cancelled, LogLevel.Information)]
    public void ExchangeCompleted_level_follows_whose_fault_it_is(Outcome outcome, LogLevel level)
    {
        new GatewayLog(this).ExchangeCompleted(SampleRecords.Allowed with { Outcome = outcome });

        Assert.Equal(level, Assert.Single(_events).Level);
    }

    [Fact]
    public void ExchangeCompleted_not_allowed_only_leaves_out_the_ordinary()
    {
        var log = new GatewayLog(this, ExchangeLogging.NotAllowed);

        log.ExchangeCompleted(SampleRecords.Allowed);
        log.ExchangeCompleted(SampleRecords.Allowed with { Outcome = Outcome.Limited });
        log.ExchangeCompleted(SampleRecords.Allowed with { Findings = [SampleRecords.Finding with { Mode = GuardMode.Monitor }] });

        Assert.Equal([LogEvents.ExchangeCompleted, LogEvents.ExchangeViolated, LogEvents.Finding], _events.Select(item => item.Id.Id));
    }

    [Fact]
    public void ExchangeCompleted_cleans_the_model_a_client_named()
    {
        new GatewayLog(this).ExchangeCompleted(SampleRecords.Allowed with { ModelRequested = "x\r\n2026-01-01 [INF] forged" });

        Assert.Equal("x\uFFFD\uFFFD2026-01-01 [INF] forged", Assert.Single(_events).Properties["Model"]);
    }

    [Fact]
    public void PolicyRejected_logs_every_error_with_its_place()
    {
        new GatewayLog(this).PolicyRejected([new PolicyError(new PolicySource("a.yaml", 3, 7), "unknown key 'x'")], "0123456789ab");

        Assert.Equal([LogEvents.PolicyRejected, LogEvents.PolicyError], _events.Select(item => item.Id.Id));
        Assert.Equal(("a.yaml", 3, 7), ((string)_events[1].Properties["File"]!, (int)_events[1].Properties["Line"]!, (int)_events[1].Properties["Column"]!));
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _events.Add((logLevel, eventId, ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary()));
}
