using System.Buffers;
using System.IO.Pipelines;
using Gateway.Proxy.Encodings;
using Microsoft.AspNetCore.Connections;
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

/// <summary>
/// Reads a whole request body, bounded in bytes and in time, and unpacks it when it is compressed. The route's own size limit of YARP runs too
/// late for a body that is read before it.
/// </summary>
internal sealed class RequestBodyReader(GatewayOptions options, TimeProvider time)
{
    /// <summary>What is taken at first. A declared length is no reason to take more: whoever declares it need not send it.</summary>
    private const int FirstChunk = 16 * 1024;

    private readonly TimeSpan _longest = TimeSpan.FromSeconds(options.Connections.BodySeconds);

    /// <summary>The body as it will be forwarded, or why there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="encoding">How the body is compressed.</param>
    /// <param name="most">The most bytes, as sent and decoded.</param>
    public async ValueTask<(RequestBody? Body, BodyFault Fault)> ReadAsync(HttpContext context, BodyEncoding encoding, long most)
    {
        var declared = context.Request.ContentLength;
        if (declared > most)
        {
            return (null, BodyFault.TooLarge);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // One byte more than allowed, so that a chunked body that is too long is refused here, in the format's own shape.
            size.MaxRequestBodySize = most + 1;
        }

        using var sent = new PooledBytes(most, (int)Math.Min(declared ?? FirstChunk, FirstChunk));
        var fault = await FillAsync(context, sent).ConfigureAwait(false);
        if (fault != BodyFault.None || encoding == BodyEncoding.Identity)
        {
            return (fault == BodyFault.None ? sent.Detach() : null, fault);
        }

        using var decoded = BodyDecoder.Decode(sent.Written, encoding, most, out fault);
        return (decoded?.Detach(), fault);
    }

    private async ValueTask<BodyFault> FillAsync(HttpContext context, PooledBytes body)
    {
        var reader = context.Request.BodyReader;
        CancellationTokenSource? limit = null;
        try
        {
            while (true)
            {
                // Most bodies came with their head: no timer for them.
                if (!reader.TryRead(out var read))
                {
                    limit ??= new CancellationTokenSource(_longest, time);
                    read = await reader.ReadAsync(limit.Token).ConfigureAwait(false);
                }

                if (!TryAdd(read.Buffer, body))
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return BodyFault.TooLarge;
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return BodyFault.None;
                }
            }
        }
        catch (OperationCanceledException) when (limit is { IsCancellationRequested: true })
        {
            return BodyFault.TooSlow;
        }
        catch (BadHttpRequestException exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            return exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => BodyFault.TooLarge,
                StatusCodes.Status408RequestTimeout => BodyFault.TooSlow,
                _ => BodyFault.Malformed,
            };
        }
        catch (IOException exception) when (exception is not ConnectionResetException && !context.RequestAborted.IsCancellationRequested)
        {
            // A chunk size that does not fit a number comes as this one.
            return BodyFault.Malformed;
        }
        finally
        {
            limit?.Dispose();
        }
    }

    private static bool TryAdd(in ReadOnlySequence<byte> buffer, PooledBytes body)
    {
        foreach (var part in buffer)
        {
            if (!body.TryAdd(part.Span))
            {
                return false;
            }
        }

        return true;
    }
}
