using Gateway.Telemetry;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class TelemetrySettingsTests
{
    [Theory]
    [InlineData("Gateway:Otlp:Endpoint", "localhost:4317")]
    [InlineData("Gateway:Otlp:Endpoint", "ftp://collector.example.com")]
    [InlineData("Gateway:Otlp:Protocol", "http/json")]
    [InlineData("Gateway:Tracing:Ratio", "1.5")]
    [InlineData("Gateway:Tracing:Ratio", "NaN")]
    [InlineData("Gateway:Seq:ServerUrl", "seq")]
    [InlineData("Gateway:Log:Exchanges", "none")]
    public void From_value_that_cannot_be_used_ends_the_start(string key, string value) =>
        Assert.Throws<InvalidOperationException>(() => From((key, value)));

    [Fact]
    public void From_own_endpoint_wins_over_the_standard_variable() => Assert.Equal(
        new Uri("http://own.example.com:4318"),
        From(("Gateway:Otlp:Endpoint", "http://own.example.com:4318"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://standard.example.com")).OtlpEndpoint);

    [Fact]
    public void From_nothing_exports_nothing()
    {
        var settings = From();

        Assert.Null(settings.OtlpEndpoint);
        Assert.Null(settings.SeqUrl);
    }

    private static TelemetrySettings From(params (string Key, string Value)[] values) => TelemetrySettings.From(
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());
}
