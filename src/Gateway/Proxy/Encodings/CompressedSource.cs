namespace Gateway.Proxy.Encodings;

/// <summary>
/// Compressed bytes for a decoder that reads ahead and does not say where its data ended. The last byte is handed out by itself: a decoder that
/// ends without asking for it leaves data behind, and one that asks for more after it has not come to its end.
/// </summary>
internal sealed class CompressedSource(ReadOnlyMemory<byte> bytes) : Stream
{
    private int _position;

    /// <summary>True when the decoder asked for more than there is.</summary>
    public bool WantedMore { get; private set; }

    /// <summary>True when every byte was handed out.</summary>
    public bool IsRead => _position == bytes.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var left = bytes.Length - _position;
        if (left == 0)
        {
            WantedMore = true;
            return 0;
        }

        var count = Math.Min(buffer.Length, Math.Max(1, left - 1));
        bytes.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
