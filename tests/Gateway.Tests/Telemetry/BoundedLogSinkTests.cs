using Gateway.Telemetry;
using Serilog.Events;
using Serilog.Parsing;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class BoundedLogSinkTests : ILogWriter
{
    private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BridgeFixture _fixture = new();
    private int _written;

    [Fact]
    public async Task Emit_to_a_full_queue_returns_and_counts_the_loss()
    {
        var sink = new BoundedLogSink(this, _fixture.Metrics, capacity: 10);
        sink.Emit(Event(LogEventLevel.Error));
        await _asked.Task;

        for (var i = 0; i < 25; i++)
        {
            sink.Emit(Event(LogEventLevel.Information));
        }

        Assert.Contains("gateway_telemetry_dropped_total{signal=\"log\",reason=\"queue_full\"} 15", await _fixture.SamplesAsync());
        _answer.SetResult(true);
        await sink.DisposeAsync();
        Assert.Equal(11, _written);
    }

    [Fact]
    public async Task Batch_that_the_writer_loses_is_counted()
    {
        _answer.SetResult(false);
        var sink = new BoundedLogSink(this, _fixture.Metrics, capacity: 10);
        sink.Emit(Event(LogEventLevel.Information));
        await sink.DisposeAsync();

        Assert.Contains("gateway_telemetry_dropped_total{signal=\"log\",reason=\"exporter_error\"} 1", await _fixture.SamplesAsync());
    }

    [Fact]
    public async Task Writer_that_throws_is_counted_and_does_not_stop_the_sink()
    {
        _answer.SetException(new InvalidOperationException());
        var sink = new BoundedLogSink(this, _fixture.Metrics, capacity: 10);
        sink.Emit(Event(LogEventLevel.Error));
        await _asked.Task;
        sink.Emit(Event(LogEventLevel.Error));
        await sink.DisposeAsync();

        Assert.Contains("gateway_telemetry_dropped_total{signal=\"log\",reason=\"exporter_error\"} 2", await _fixture.SamplesAsync());
    }

    async ValueTask<bool> ILogWriter.WriteAsync(IReadOnlyList<LogEvent> batch, CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        var written = await _answer.Task;
        _written += batch.Count;
        return written;
    }

    void IDisposable.Dispose() => _fixture.Dispose();

    private static LogEvent Event(LogEventLevel level) =>
        new(DateTimeOffset.UnixEpoch, level, null, new MessageTemplate("text", [new TextToken("text")]), []);
}
