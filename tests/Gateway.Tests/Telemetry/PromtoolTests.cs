using Gateway.Core.Formats;
using Gateway.Core.Telemetry;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Check_metrics_finds_nothing_to_say_about_a_scrape()
    {
        using var fixture = new BridgeFixture();
        fixture.Metrics.ExchangeCompleted(FormatId.OpenAIChat, BridgeFixture.Allowed);
        fixture.Metrics.ExchangeCompleted(FormatId.AnthropicMessages, BridgeFixture.Blocked);
        fixture.Metrics.ObserveUpstreamHealth(() => [new UpstreamHealth("openai", "a", true)]);

        using var promtool = Tool.Start("promtool", "check", "metrics");
        await promtool.StandardInput.WriteAsync(await fixture.ScrapeAsync());
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();

        Assert.True(promtool.ExitCode == 0 && said.Length == 0, said);
    }
}
