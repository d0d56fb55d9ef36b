using System.Threading.Channels;
using Gateway.Core.Decisions;
using Gateway.Core.Telemetry;
using Gateway.Telemetry;
using Microsoft.Data.Sqlite;

namespace Gateway.Storage;

/// <summary>
/// Decision records in SQLite. A record goes through a bounded queue to one writer, which commits everything queued, up to a batch, at most about
/// 50 ms after it came: the request path never waits, and when the disk is too slow records are dropped and counted. A batch that fails is tried again
/// on a new connection; a damaged file is moved aside and a new one begun. Stopping writes all that was accepted.
/// </summary>
public sealed class SqliteDecisionStore : IDecisionSink, IHostedService, IDisposable
{
    private readonly DecisionStoreOptions _options;
    private readonly DecisionDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteDecisionStore> _logger;
    private readonly Channel<DecisionRecord> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private DecisionWriter? _writer;
    private Task _loop = Task.CompletedTask;

    /// <summary>Opens nothing before <see cref="StartAsync"/>; records queue up until then.</summary>
    internal SqliteDecisionStore(
        DecisionStoreOptions options, DecisionDatabase database, TimeProvider time, GatewayMetrics? metrics, ILogger<SqliteDecisionStore> logger)
    {
        Status = new DecisionStoreStatus(metrics);
        metrics?.ObserveRecordQueue(RecordSink.Store, () => QueueLength);
        _options = options;
        _database = database;
        _time = time;
        _logger = logger;
        _queue = Channel.CreateBounded<DecisionRecord>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>Counts and state.</summary>
    public DecisionStoreStatus Status { get; }

    /// <summary>Records waiting for the writer. Metric <c>gateway.records.queue.length</c>.</summary>
    public int QueueLength => _queue.Reader.Count;

    /// <summary>Most records that may wait.</summary>
    public int QueueCapacity => _options.QueueCapacity;

    /// <inheritdoc/>
    public bool TryWrite(DecisionRecord record)
    {
        if (_queue.Writer.TryWrite(record))
        {
            return true;
        }

        Status.CountDropped();
        return false;
    }

    /// <summary>Opens the file. A damaged one is replaced.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be written, or a newer gateway wrote it; the message says how to go on.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _writer = OpenChecked();
        }
        catch (SqliteException damage) when (DecisionDatabase.IsDamage(damage))
        {
            Replace(damage);
            _writer = new DecisionWriter(_database.OpenWriter());
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The decision store {_database.Path} cannot be opened: {exception.Message}", exception);
        }

        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Takes no more records and writes those it took. What is not written when <paramref name="cancellationToken"/> fires counts as failed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        try
        {
            await _loop.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Status.CountFailed(QueueLength);
            StorageLog.NotDrained(_logger, QueueLength);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        var batch = new List<DecisionRecord>(_options.BatchSize);
        while (await WaitAsync())
        {
            if (QueueLength > 0 && QueueLength < _options.BatchSize)
            {
                await PauseAsync(_options.Linger);
            }

            while (batch.Count < _options.BatchSize && _queue.Reader.TryRead(out var record))
            {
                batch.Add(record);
            }

            await WriteAsync(batch);
            batch.Clear();
        }

        Close();
    }

    /// <summary>
    /// Waits for a record; false: stopped and empty. After a failure it waits only so long, and the empty batch that follows tries the store: an instance
    /// that is out of rotation because its store failed gets no records by which it could find out that the store works again.
    /// </summary>
    private async Task<bool> WaitAsync()
    {
        if (Status.Error is null)
        {
            return await _queue.Reader.WaitToReadAsync(CancellationToken.None);
        }

        using var limit = new CancellationTokenSource(_options.ProbeInterval, _time);
        try
        {
            return await _queue.Reader.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task WriteAsync(List<DecisionRecord> batch)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                _writer ??= new DecisionWriter(_database.OpenWriter());
                var written = await _writer.WriteAsync(batch);
                Status.CountWritten(written);
                Status.CountFailed(batch.Count - written);
                Status.SetError(null);
                return;
            }
            catch (Exception exception)
            {
                HandleFailure(exception);
                if (attempt == _options.RetryDelays.Count)
                {
                    Status.CountFailed(batch.Count);
                    StorageLog.BatchFailed(_logger, exception, batch.Count);
                    return;
                }

                await PauseAsync(_options.RetryDelays[attempt]);
            }
        }
    }

    private void HandleFailure(Exception exception)
    {
        Status.SetError(exception.Message);
        _writer?.Dispose();
        _writer = null;
        if (exception is SqliteException damage && DecisionDatabase.IsDamage(damage))
        {
            Replace(damage);
        }
    }

    private DecisionWriter OpenChecked()
    {
        var connection = _database.OpenWriter();
        try
        {
            _database.Check(connection);
            return new DecisionWriter(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Replace(SqliteException damage)
    {
        try
        {
            var aside = _database.MoveAside();
            Status.CountReplaced();
            StorageLog.Replaced(_logger, damage, _database.Path, aside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            StorageLog.NotReplaced(_logger, exception, _database.Path);
        }
    }

    private void Close()
    {
        try
        {
            _writer?.Checkpoint();
        }
        catch (SqliteException exception)
        {
            // Nothing is lost: the log is read again at the next start.
            StorageLog.NotCheckpointed(_logger, exception);
        }

        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>Waits, unless the store is stopping: then every pause ends at once.</summary>
    private async Task PauseAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
