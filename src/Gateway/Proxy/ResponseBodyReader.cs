using Gateway.Proxy.Encodings;

namespace Gateway.Proxy;

/// <summary>Reads a whole response body, bounded, and unpacks it when the provider compressed it although it was asked not to.</summary>
internal static class ResponseBodyReader
{
    private const int FirstChunk = 4096;
    private const int FirstRead = 256 * 1024;

    /// <summary>The decoded bytes, or why there are none.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="encoding">How it is compressed.</param>
    /// <param name="most">The most bytes, as sent and decoded.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<(ReadOnlyMemory<byte> Body, BodyFault Fault)> ReadAsync(
        HttpResponseMessage response, BodyEncoding encoding, long most, CancellationToken cancellationToken)
    {
        var declared = response.Content.Headers.ContentLength;
        if (declared > most)
        {
            return (default, BodyFault.TooLarge);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[declared is { } known ? (int)Math.Min(known + 1, FirstRead) : FirstChunk];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return Decode(buffer.AsMemory(0, length), encoding, most);
            }

            length += read;
            if (length > most)
            {
                return (default, BodyFault.TooLarge);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, most + 1));
            }
        }
    }

    private static (ReadOnlyMemory<byte> Body, BodyFault Fault) Decode(ReadOnlyMemory<byte> sent, BodyEncoding encoding, long most)
    {
        if (encoding == BodyEncoding.Identity)
        {
            return (sent, BodyFault.None);
        }

        using var decoded = BodyDecoder.Decode(sent, encoding, most, out var fault);
        return (decoded is null ? default : decoded.Written.ToArray(), fault);
    }
}
