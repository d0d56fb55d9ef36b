using System.IO.Compression;

namespace Gateway.Proxy.Encodings;

/// <summary>
/// Decodes a whole compressed body that stands in memory, under an absolute limit and a ratio. It takes a body only when its data ends exactly
/// where the body ends: what stands behind the end would be seen by nobody here, and by whoever reads the format differently.
/// </summary>
internal static class BodyDecoder
{
    private const int FirstChunk = 16 * 1024;

    /// <summary>The decoded bytes, for the caller to dispose, or why there are none.</summary>
    /// <param name="body">The compressed bytes.</param>
    /// <param name="encoding">Their encoding.</param>
    /// <param name="most">The most bytes decoded.</param>
    /// <param name="fault">What is wrong.</param>
    public static PooledBytes? Decode(ReadOnlyMemory<byte> body, BodyEncoding encoding, long most, out BodyFault fault)
    {
        var data = body;
        if (body.IsEmpty || (encoding == BodyEncoding.Gzip && !GzipMember.TryOpen(body, out data)))
        {
            fault = BodyFault.Invalid;
            return null;
        }

        var ratio = DecodeLimit.For(body.Length);
        var decoded = new PooledBytes(Math.Min(most, ratio), (int)Math.Min(Math.Max(FirstChunk, body.Length * 4L), int.MaxValue));
        try
        {
            fault = Fill(decoded, data, encoding);
            fault = fault == BodyFault.TooLarge && ratio < most ? BodyFault.Ratio : fault;
        }
        catch (Exception exception) when (Decoders.IsBrokenData(exception))
        {
            fault = exception is EndOfStreamException ? BodyFault.Truncated : BodyFault.Invalid;
        }

        if (fault == BodyFault.None && encoding == BodyEncoding.Gzip && !GzipMember.IsIntact(body.Span, decoded.Written.Span))
        {
            fault = BodyFault.Invalid;
        }

        if (fault == BodyFault.None)
        {
            return decoded;
        }

        decoded.Dispose();
        return null;
    }

    private static BodyFault Fill(PooledBytes decoded, ReadOnlyMemory<byte> data, BodyEncoding encoding)
    {
        using var source = new CompressedSource(data);
        using var decoder = encoding == BodyEncoding.Gzip ? new DeflateStream(source, CompressionMode.Decompress) : Decoders.Open(source, encoding);
        while (true)
        {
            var room = decoded.Room().Span;
            if (room.IsEmpty)
            {
                Span<byte> oneMore = stackalloc byte[1];
                return decoder.Read(oneMore) > 0 ? BodyFault.TooLarge : End(source, encoding);
            }

            var count = decoder.Read(room);
            if (count == 0)
            {
                return End(source, encoding);
            }

            decoded.Advance(count);
        }
    }

    private static BodyFault End(CompressedSource source, BodyEncoding encoding)
    {
        if (!source.IsRead)
        {
            return BodyFault.TrailingData;
        }

        // A Zstandard body is any number of frames: its decoder always looks for one more, and itself refuses part of one.
        return source.WantedMore && encoding != BodyEncoding.Zstandard ? BodyFault.Truncated : BodyFault.None;
    }
}
