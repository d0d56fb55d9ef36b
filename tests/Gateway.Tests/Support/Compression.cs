using System.IO.Compression;

namespace Gateway.Tests.Support;

/// <summary>Compressed bodies as clients and providers send them.</summary>
public static class Compression
{
    /// <summary>The codings that the gateway decodes.</summary>
    public static IReadOnlyList<string> Known { get; } = ["gzip", "x-gzip", "deflate", "br", "zstd"];

    /// <summary><paramref name="bytes"/> in the coding of that name.</summary>
    public static byte[] Pack(byte[] bytes, string coding)
    {
        using var packed = new MemoryStream();
        using (var stream = Open(packed, coding))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>A stream that compresses into <paramref name="target"/> and leaves it open.</summary>
    public static Stream Open(Stream target, string coding) => coding switch
    {
        "gzip" or "x-gzip" => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true),
        "deflate" => new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true),
        "br" => new BrotliStream(target, CompressionLevel.Optimal, leaveOpen: true),
        "zstd" => new ZstdSharp.CompressionStream(target, leaveOpen: true),
        _ => throw new ArgumentException(coding, nameof(coding)),
    };

    /// <summary>What becomes <paramref name="length"/> zeros, and is itself tiny.</summary>
    public static byte[] Bomb(long length, string coding)
    {
        using var packed = new MemoryStream();
        using (var stream = Open(packed, coding))
        {
            var zeros = new byte[1024 * 1024];
            for (var left = length; left > 0; left -= zeros.Length)
            {
                stream.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
            }
        }

        return packed.ToArray();
    }
}
