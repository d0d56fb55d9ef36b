using Serilog.Events;

namespace Gateway.Telemetry;

/// <summary>Writes CLEF lines to a stream, a batch in one write: the console in production.</summary>
internal sealed class StreamLogWriter(Stream output) : ILogWriter
{
    private readonly ClefWriter _clef = new();

    public async ValueTask<bool> WriteAsync(IReadOnlyList<LogEvent> batch, CancellationToken cancellationToken)
    {
        _clef.Clear();
        foreach (var logEvent in batch)
        {
            _clef.Write(logEvent);
        }

        try
        {
            await output.WriteAsync(_clef.Lines, cancellationToken);
            await output.FlushAsync(cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => _clef.Dispose();
}
