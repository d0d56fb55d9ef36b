using System.Threading.Channels;
using Gateway.Core.Telemetry;
using Serilog.Core;
using Serilog.Events;

namespace Gateway.Telemetry;

/// <summary>Where log events end up.</summary>
internal interface ILogWriter : IDisposable
{
    /// <summary>Writes a batch; false: it is lost.</summary>
    ValueTask<bool> WriteAsync(IReadOnlyList<LogEvent> batch, CancellationToken cancellationToken);
}

/// <summary>
/// Takes log events off the caller's thread: a bounded queue and one writer. Emitting never blocks; an event that finds the queue full is
/// dropped and counted, one that the writer loses is counted too. Events are written in batches a few times a second, errors at once.
/// </summary>
internal sealed class BoundedLogSink : ILogEventSink, IAsyncDisposable, IDisposable
{
    private const int BatchSize = 512;

    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(2);

    private readonly Channel<LogEvent> _queue;
    private readonly SemaphoreSlim _urgent = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogWriter _writer;
    private readonly GatewayMetrics _metrics;
    private readonly Task _pump;

    public BoundedLogSink(ILogWriter writer, GatewayMetrics metrics, int capacity)
    {
        _writer = writer;
        _metrics = metrics;
        _queue = Channel.CreateBounded<LogEvent>(new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _pump = Task.Run(PumpAsync);
    }

    public void Emit(LogEvent logEvent)
    {
        if (!_queue.Writer.TryWrite(logEvent))
        {
            _metrics.TelemetryDropped(TelemetrySignal.Log, DropReason.QueueFull);
            return;
        }

        if (logEvent.Level >= LogEventLevel.Error)
        {
            Hurry();
        }
    }

    /// <summary>Writes what is queued, for two seconds at most, then gives up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        Hurry();
        _stop.CancelAfter(ShutdownTime);
        await _pump;
        _writer.Dispose();
        _stop.Dispose();
        _urgent.Dispose();
    }

    // Serilog disposes its sinks synchronously at shutdown; the pump needs no thread of the caller's.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Hurry()
    {
        try
        {
            if (_urgent.CurrentCount == 0)
            {
                _urgent.Release();
            }
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else hurried, or the sink is gone: either way there is nothing to do.
        }
    }

    private async Task PumpAsync()
    {
        var batch = new List<LogEvent>(BatchSize);
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (!_queue.Reader.Completion.IsCompleted && _queue.Reader.Count < BatchSize)
            {
                await _urgent.WaitAsync(BatchDelay);
            }

            while (batch.Count < BatchSize && _queue.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<LogEvent> batch)
    {
        var written = false;
        try
        {
            written = !_stop.IsCancellationRequested && await _writer.WriteAsync(batch, _stop.Token);
        }
        catch (Exception)
        {
            // The time to shut down is over, or the writer is broken. There is no log to tell: the count does.
        }

        if (!written)
        {
            _metrics.TelemetryDropped(TelemetrySignal.Log, DropReason.ExporterError, batch.Count);
        }
    }
}
