namespace Gateway.Proxy.Encodings;

/// <summary>
/// Decodes a provider's stream as it comes. What unpacks to far more than text does, or is not what the header says, ends it like a broken
/// connection, as <see cref="IOException"/>.
/// </summary>
internal sealed class DecodedStream : Stream
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Disposed = 2;

    private readonly CountingStream _compressed;
    private readonly Stream _decoder;
    private long _decoded;
    private int _state;

    private DecodedStream(Stream source, BodyEncoding encoding)
    {
        _compressed = new CountingStream(source);
        _decoder = Decoders.Open(_compressed, encoding);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes <paramref name="source"/> over.</summary>
    public static Stream Over(Stream source, BodyEncoding encoding) => encoding == BodyEncoding.Identity ? source : new DecodedStream(source, encoding);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Interlocked.CompareExchange(ref _state, Reading, Idle) != Idle, this);
        try
        {
            var count = await DecodeAsync(buffer, cancellationToken).ConfigureAwait(false);
            _decoded += count;
            return _decoded <= DecodeLimit.For(_compressed.Count) ? count : throw new IOException("The provider's stream unpacks to too much.");
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _state, Idle, Reading) == Disposed)
            {
                _decoder.Dispose();
            }
        }
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

    /// <remarks>
    /// While a read is under way only the source is closed, which ends the read; the read then disposes the decoder. A decoder disposed before
    /// gives a pooled buffer back that the socket may still write into.
    /// </remarks>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _state, Disposed) is var before and not Disposed)
        {
            _compressed.Dispose();
            if (before == Idle)
            {
                _decoder.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _decoder.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not IOException && Decoders.IsBrokenData(exception))
        {
            throw new IOException("The provider's compressed stream cannot be decoded.", exception);
        }
    }

    private sealed class CountingStream(Stream source) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Count += count;
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
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
