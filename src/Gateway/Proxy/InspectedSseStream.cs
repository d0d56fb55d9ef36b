using System.Buffers;
using Gateway.Core.Guards;

namespace Gateway.Proxy;

/// <summary>
/// The stream that YARP copies to the client: reads the provider's bytes, feeds them to the inspector and hands out what it releases.
/// While the provider is silent it hands out the format's keep-alive; when the provider stays silent too long, fails, or the gateway shuts
/// down, it ends the stream in a way the SDKs raise on.
/// </summary>
internal sealed class InspectedSseStream(
    Stream upstream, StreamInspector inspector, TimeSpan longestSilence, TimeProvider time, CancellationToken drained) : Stream
{
    /// <summary>How often a silent stream is kept alive. Proxies and load balancers commonly drop a connection after 30 or 60 s.</summary>
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(15);

    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private Task<int>? _pendingRead;
    private TimeSpan _silence;
    private long? _heldSince;
    private int _handedOut;
    private bool _ended;
    private bool _disposed;

    public StreamInspector Inspector => inspector;

    /// <summary>When the provider's first bytes came, as a timestamp.</summary>
    public long? FirstChunk { get; private set; }

    /// <summary>When the first bytes were handed out, as a timestamp.</summary>
    public long? FirstRelease { get; private set; }

    /// <summary>How long something was held back, over the whole stream.</summary>
    public TimeSpan Held { get; private set; }

    /// <summary>Whether a tool call was among what was held back.</summary>
    public bool HeldToolCall { get; private set; }

    /// <summary>Bytes handed out so far.</summary>
    public long Delivered { get; private set; }

    /// <summary>True when the stream ended before anything was released: the answer can still be an error with a status.</summary>
    public bool EndedUnseen => _ended && Delivered == 0 && inspector.End is not (StreamEnd.Complete or StreamEnd.None);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads until there is something to release or the stream has ended, so that the response head can still say so.</summary>
    public async ValueTask PrimeAsync(CancellationToken cancellationToken)
    {
        while (_output.WrittenCount == 0 && !_ended)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // YARP probes with an empty buffer before each read: that 0 is not the end of the stream.
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (_handedOut == _output.WrittenCount)
        {
            if (_ended)
            {
                return 0;
            }

            _output.ResetWrittenCount();
            _handedOut = 0;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _output.WrittenCount - _handedOut);
        _output.WrittenMemory.Slice(_handedOut, count).CopyTo(buffer);
        _handedOut += count;
        FirstRelease ??= time.GetTimestamp();
        Delivered += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            upstream.Dispose();
            inspector.Dispose();
            if (_pendingRead is null)
            {
                // With a read pending the socket may still write into it; then it is left to the garbage collector.
                ArrayPool<byte>.Shared.Return(_input);
            }
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadUpstreamAsync(cancellationToken).ConfigureAwait(false) is not { } read)
            {
                return;
            }

            FirstChunk ??= time.GetTimestamp();
            if (read == 0)
            {
                inspector.Complete(_output);
            }
            else
            {
                inspector.Feed(_input.AsSpan(0, read), _output);
                MeasureHold();
            }
        }
        catch (OperationCanceledException) when (drained.IsCancellationRequested)
        {
            inspector.Abort(StreamEnd.ShuttingDown, "shutting_down", _output);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            inspector.Abort(StreamEnd.UpstreamFault, "connection_lost", _output);
        }

        _ended = inspector.End != StreamEnd.None;
    }

    /// <summary>Null: nothing came in time; a keep-alive was written instead, or the stream was given up.</summary>
    private async ValueTask<int?> ReadUpstreamAsync(CancellationToken cancellationToken)
    {
        if (_pendingRead is null)
        {
            var read = upstream.ReadAsync(_input, cancellationToken);
            if (read.IsCompletedSuccessfully)
            {
                _silence = TimeSpan.Zero;
                return await read.ConfigureAwait(false);
            }

            _pendingRead = read.AsTask();
        }

        var wait = longestSilence - _silence < KeepAliveEvery ? longestSilence - _silence : KeepAliveEvery;
        try
        {
            var count = await _pendingRead.WaitAsync(wait, time, drained).ConfigureAwait(false);
            _pendingRead = null;
            _silence = TimeSpan.Zero;
            return count;
        }
        catch (TimeoutException) when (_pendingRead is { IsCompleted: false })
        {
            Waited(wait);
            return null;
        }
        catch
        {
            _pendingRead = _pendingRead is { IsCompleted: false } ? _pendingRead : null;
            throw;
        }
    }

    private void MeasureHold()
    {
        if (_heldSince is { } since)
        {
            Held += time.GetElapsedTime(since);
        }

        _heldSince = inspector.IsHolding ? time.GetTimestamp() : null;
        HeldToolCall |= inspector.IsHoldingToolCall;
    }

    private void Waited(TimeSpan wait)
    {
        _silence += wait;
        if (_silence >= longestSilence)
        {
            inspector.Abort(StreamEnd.UpstreamTimeout, "timeout", _output);
            _ended = true;
        }
        else
        {
            _output.Write(inspector.KeepAlive);
        }
    }
}
