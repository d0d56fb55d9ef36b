using Gateway.Core.Formats;
using Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class PrometheusServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Increase_sees_a_single_violation_of_a_tenant_that_a_policy_names()
    {
        using var fixture = new BridgeFixture();
        fixture.Metrics.Tenants.Reserve("acme");
        await using var app = await ServeAsync(fixture);
        await using var prometheus = await PrometheusServer.StartAsync(new Uri(app.Urls.Single()));
        var before = await prometheus.AskAsync("count_over_time(gateway_tenant_violations_total{tenant=\"acme\",threat=\"content\",mode=\"enforce\"}[1m])", count => count >= 2, Patience);
        Assert.NotNull(before);

        fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, BridgeFixture.Blocked);

        var increase = await prometheus.AskAsync(
            "increase(gateway_tenant_violations_total{tenant=\"acme\",threat=\"content\",mode=\"enforce\"}[1m])", value => value > 0.5, Patience);
        Assert.NotNull(increase);
    }

    internal static async Task<WebApplication> ServeAsync(BridgeFixture fixture)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(fixture.Bridge);
        var app = builder.Build();
        app.MapGatewayMetrics();
        await app.StartAsync();
        return app;
    }
}
