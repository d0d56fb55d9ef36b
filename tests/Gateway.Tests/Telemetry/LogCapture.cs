using System.Text;
using System.Text.Json;
using Gateway.Core.Telemetry;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Telemetry;

/// <summary>The production log pipeline, written to memory.</summary>
internal sealed class LogCapture : IAsyncDisposable
{
    private readonly BridgeFixture _fixture = new();
    private readonly MemoryStream _output = new();
    private readonly ServiceProvider _services;

    public LogCapture(TelemetrySettings? settings = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_fixture.Metrics);
        LogRegistration.AddLog(services, settings ?? new TelemetrySettings(), _output);
        _services = services.BuildServiceProvider();
        Factory = _services.GetRequiredService<ILoggerFactory>();
        Log = new GatewayLog(Factory.CreateLogger<GatewayLog>());
    }

    public BridgeFixture Fixture => _fixture;

    public ILoggerFactory Factory { get; }

    public GatewayLog Log { get; }

    /// <summary>Closes the pipeline and returns its lines.</summary>
    public async Task<string[]> LinesAsync()
    {
        await _services.DisposeAsync();
        var text = Encoding.UTF8.GetString(_output.ToArray());
        return text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
    }

    public async Task<JsonElement[]> EventsAsync() => [.. (await LinesAsync()).Select(line => JsonDocument.Parse(line).RootElement)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _fixture.Dispose();
        await _output.DisposeAsync();
    }
}
