namespace Gateway.Proxy.Encodings;

/// <summary>
/// How much a compressed body may become. Prose and JSON shrink 3 to 20 times; what shrinks a hundred times and is large is made to exhaust
/// whoever unpacks it (deflate reaches 1032, Brotli and Zstandard far more).
/// </summary>
internal static class DecodeLimit
{
    /// <summary>The most decoded bytes for each compressed one.</summary>
    public const int MostRatio = 100;

    /// <summary>Below this many decoded bytes the ratio does not matter.</summary>
    public const long Floor = 1024 * 1024;

    /// <summary>Base-2 logarithm of the largest Zstandard window: 8 MiB, what RFC 9659 lets HTTP use. The frame header could ask for more than 1 GiB.</summary>
    public const int ZstandardWindowLog = 23;

    /// <summary>The most bytes that <paramref name="compressed"/> bytes may become, whatever else limits them.</summary>
    public static long For(long compressed) => Math.Max(Floor, compressed * MostRatio);
}
