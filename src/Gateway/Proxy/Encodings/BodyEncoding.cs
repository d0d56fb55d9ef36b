using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.Encodings;

/// <summary>Content codings that the gateway decodes (RFC 9110, section 8.4.1; RFC 7932; RFC 8878).</summary>
internal enum BodyEncoding : byte
{
    /// <summary>As it is.</summary>
    Identity,

    /// <summary><c>gzip</c> and its old name <c>x-gzip</c>.</summary>
    Gzip,

    /// <summary><c>deflate</c>: the zlib format. The raw format, which some programs send under this name, is refused.</summary>
    Deflate,

    /// <summary><c>br</c>.</summary>
    Brotli,

    /// <summary><c>zstd</c>.</summary>
    Zstandard,
}

/// <summary>Reads the header <c>Content-Encoding</c>.</summary>
internal static class BodyEncodings
{
    /// <summary>What a client may send.</summary>
    public const string Known = "gzip, deflate, br, zstd";

    /// <summary>
    /// False: a coding that is not known, or several. Codings on top of each other multiply what a small body can become, and no client needs them.
    /// </summary>
    public static bool TryParse(StringValues header, out BodyEncoding encoding)
    {
        encoding = BodyEncoding.Identity;
        return header.Count switch
        {
            0 => true,
            1 => TryParse(header[0], out encoding),
            _ => false,
        };
    }

    /// <summary>The same for the headers of an answer, whose values are already apart.</summary>
    public static bool TryParse(ICollection<string> values, out BodyEncoding encoding)
    {
        encoding = BodyEncoding.Identity;
        return values.Count == 0 || (values.Count == 1 && TryParse(values.First(), out encoding));
    }

    private static bool TryParse(string? word, out BodyEncoding encoding)
    {
        BodyEncoding? known = word?.Trim(' ', '\t').ToLowerInvariant() switch
        {
            "identity" => BodyEncoding.Identity,
            "gzip" or "x-gzip" => BodyEncoding.Gzip,
            "deflate" => BodyEncoding.Deflate,
            "br" => BodyEncoding.Brotli,
            "zstd" => BodyEncoding.Zstandard,
            _ => null,
        };
        encoding = known ?? BodyEncoding.Identity;
        return known is not null;
    }
}
