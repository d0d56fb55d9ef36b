using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Gateway.Proxy.Encodings;

/// <summary>Decoding streams. Each hands out what it has as soon as there is any, so that the frames of a stream are not kept waiting.</summary>
internal static class Decoders
{
    /// <summary>Decodes <paramref name="source"/>, which it owns. Gzip here is the whole file, of any number of members.</summary>
    public static Stream Open(Stream source, BodyEncoding encoding) => encoding switch
    {
        BodyEncoding.Identity => source,
        BodyEncoding.Gzip => new GZipStream(source, CompressionMode.Decompress),
        BodyEncoding.Deflate => new ZLibStream(source, CompressionMode.Decompress),
        BodyEncoding.Brotli => new BrotliStream(source, CompressionMode.Decompress),
        _ => Zstandard(source),
    };

    /// <summary>Whether <paramref name="exception"/> is how a decoder says that its data is broken.</summary>
    public static bool IsBrokenData(Exception exception) =>
        exception is InvalidDataException or ZstdException or IOException || exception is InvalidOperationException and not ObjectDisposedException;

    private static DecompressionStream Zstandard(Stream source)
    {
        var stream = new DecompressionStream(source, checkEndOfStream: true, leaveOpen: false);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, DecodeLimit.ZstandardWindowLog);
        return stream;
    }
}
