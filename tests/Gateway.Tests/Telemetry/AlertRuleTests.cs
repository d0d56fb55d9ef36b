using System.Text;
using Gateway.Core.Decisions;
using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Gateway.Core.Guards;
using Gateway.Core.Policies;
using Gateway.Core.Telemetry;
using Gateway.Tests.Architecture;
using Gateway.Tests.Support;
using Xunit;

namespace Gateway.Tests.Telemetry;

/// <summary>The alert rules: valid, tested by promtool, about metrics that exist, and firing on a real Prometheus.</summary>
public sealed class AlertRuleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static string Folder => Path.Combine(Repository.Root, "deploy/prometheus");

    [Theory]
    [InlineData("check", "rules", "--lint=all", "gateway.rules.yml")]
    [InlineData("test", "rules", "gateway.tests.yml")]
    public async Task Promtool_accepts_the_rules_and_their_tests(params string[] arguments)
    {
        arguments[^1] = Path.Combine(Folder, arguments[^1]);
        using var promtool = Tool.Start("promtool", arguments);
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, said);
    }

    [Fact]
    public async Task Rules_name_only_metrics_of_the_catalogue()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Folder, "gateway.rules.yml"));
        var named = System.Text.RegularExpressions.Regex.Matches(rules, @"(?<![\w:])gateway_[a-z_]+(?=[\[{])").Select(match => match.Value).Distinct();
        Assert.Empty(named.Except(MetricCatalogue.All.Select(metric => metric.PrometheusName)));
    }

    [Fact]
    public async Task Uninspected_text_alert_fires_when_a_guard_skips_text_and_not_before()
    {
        const string Firing = "count(ALERTS{alertname=\"GatewayUninspectedText\",alertstate=\"firing\",format=\"openai_chat\",direction=\"request\"})";
        using var fixture = new BridgeFixture();
        await using var app = await PrometheusServerTests.ServeAsync(fixture);
        var rules = (await File.ReadAllTextAsync(Path.Combine(Folder, "gateway.rules.yml"))).Replace("interval: 30s", "interval: 1s", StringComparison.Ordinal);
        await using var prometheus = await PrometheusServer.StartAsync(new Uri(app.Urls.Single()), rules);
        fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, await RecordAsync(new ContentGuard()));
        Assert.NotNull(await prometheus.AskAsync("count_over_time(job_direction:gateway_uninspected_bytes:sum{direction=\"request\"}[1m])", count => count >= 3, Patience));
        Assert.Null(await prometheus.AskAsync(Firing, count => count > 0, TimeSpan.FromSeconds(1)));

        fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, await RecordAsync(new BlindGuard()));

        Assert.NotNull(await prometheus.AskAsync(Firing, count => count > 0, Patience));
        Assert.NotNull(await prometheus.AskAsync("job_direction:gateway_uninspected_bytes:sum{direction=\"request\"}", bytes => bytes == 2 * "Hello".Length, Patience));
    }

    private static async Task<DecisionRecord> RecordAsync(IRequestGuard guard)
    {
        var compiled = PolicyCompiler.Compile([new PolicyFile("policy.yaml", Encoding.UTF8.GetBytes(GatewayUnderTest.Policy))], DateTimeOffset.UnixEpoch);
        var policy = compiled.Snapshot!.Attached(new PolicySubject("acme"))!;
        using var request = new ExchangeRequest { Body = Encoding.UTF8.GetBytes(GatewayUnderTest.Chat("Hello")) };
        Assert.Null(WireFormats.All.Single(format => format.Id == FormatId.OpenAIChat).ReadRequest(request));
        var exchange = new Exchange(TimeProvider.System, FormatId.OpenAIChat, new DecisionIds()) { Policy = policy, Request = request, Tenant = "acme" };
        exchange.Guards = new GuardContext(exchange.Id, request, policy, request.Model);
        await new GuardPipeline([guard], TimeProvider.System).RunAsync(exchange.Guards, CancellationToken.None);
        exchange.Ledger.Deliver(TrafficDirection.Request, TextCounts.Of(request.Content));
        exchange.Conclude(Outcome.Allowed);
        return exchange.ToRecord();
    }

    /// <summary>Says that all is well without looking.</summary>
    private sealed class BlindGuard : IRequestGuard
    {
        public GuardId Id => GuardId.Content;

        public ValueTask EvaluateAsync(GuardContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
