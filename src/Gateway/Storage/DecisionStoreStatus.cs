using Gateway.Core.Telemetry;

namespace Gateway.Storage;

/// <summary>Counts since the start and the present state of the decision store; what metrics and readiness read. Safe from any thread.</summary>
public sealed class DecisionStoreStatus
{
    private readonly GatewayMetrics? _metrics;
    private long _written;
    private long _dropped;
    private long _failed;
    private long _replaced;
    private volatile string? _error;

    internal DecisionStoreStatus(GatewayMetrics? metrics) => _metrics = metrics;

    /// <summary>Records committed. Metric <c>gateway.records</c>, result <c>written</c>.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Records refused because the queue was full or the store had stopped. Result <c>dropped</c>.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Records given up after the last retry. Result <c>failed</c>.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Damaged files moved aside.</summary>
    public long FilesReplaced => Interlocked.Read(ref _replaced);

    /// <summary>Why the last attempt to write failed; null when it succeeded. An operator's text.</summary>
    public string? Error => _error;

    internal void CountWritten(int records) => Count(ref _written, RecordResult.Written, records);

    internal void CountDropped() => Count(ref _dropped, RecordResult.Dropped, 1);

    internal void CountFailed(int records) => Count(ref _failed, RecordResult.Failed, records);

    internal void CountReplaced() => Interlocked.Increment(ref _replaced);

    internal void SetError(string? error) => _error = error;

    private void Count(ref long counter, RecordResult result, int records)
    {
        if (records > 0)
        {
            Interlocked.Add(ref counter, records);
            _metrics?.Records(RecordSink.Store, result, records);
        }
    }
}
