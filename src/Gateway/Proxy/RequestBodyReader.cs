using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy;

/// <summary>A request body in pooled memory. Disposing returns the memory; until then the bytes stay valid.</summary>
internal sealed class RequestBody(byte[] buffer, int length) : IDisposable
{
    private byte[]? _buffer = buffer;

    public ReadOnlyMemory<byte> Bytes => _buffer is { } bytes ? bytes.AsMemory(0, length) : throw new ObjectDisposedException(nameof(RequestBody));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } bytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Leaves the memory to the garbage collector: after a fault somebody may still read it.</summary>
    public void Abandon() => Interlocked.Exchange(ref _buffer, null);
}

/// <summary>Reads a whole request body, bounded. The route's own size limit of YARP runs too late for a body that is read before it.</summary>
internal static class RequestBodyReader
{
    private const int FirstChunk = 16 * 1024;

    /// <summary>Null: the body is larger than <paramref name="most"/>.</summary>
    public static async ValueTask<RequestBody?> ReadAsync(HttpContext context, long most, CancellationToken cancellationToken)
    {
        var declared = context.Request.ContentLength;
        if (declared > most)
        {
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // One byte more than allowed, so that a chunked body that is too long is refused here, in the format's own shape.
            size.MaxRequestBodySize = most + 1;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(declared is { } known ? known + 1 : FirstChunk));
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length, most);
                }

                var read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return new RequestBody(buffer, length);
                }

                length += read;
                if (length > most)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return null;
                }
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return null;
        }
    }

    private static byte[] Grow(byte[] buffer, int length, long most)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max((long)buffer.Length * 2, FirstChunk), most + 1));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
