using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Json;

/// <summary>
/// Content that stands in a string of the body: data URIs and base64. What is text is decoded and becomes a segment beside the raw one; what is
/// not, or cannot be decoded, is marked as something the gateway does not look into. An address is content that the provider would fetch.
/// </summary>
internal static class InlineContent
{
    // A PDF may begin with other bytes: readers look for its mark in the first kilobyte (ISO 32000-1, annex H, note 13).
    private const int PdfMarkWithin = 1024;

    /// <summary>A place for an image: an address, or a data URI.</summary>
    public static Shape Image(Surface surface, Trust trust) => Place(surface, trust, Capability.Image);

    /// <summary>A place for an address or a data URI of content of kind <paramref name="inline"/>.</summary>
    public static Shape Place(Surface surface, Trust trust, Capability inline) =>
        Shapes.Text(surface, trust, SegmentFlags.Binary).Then((ref ShapeWalker walker, int token) =>
        {
            Read(ref walker, token, inline, bare: Capability.RemoteContent, surface, trust);
            return null;
        }, inline, Capability.RemoteContent);

    /// <summary>A place for a document: a data URI, or base64.</summary>
    public static Shape Document() => Shapes.Text(Surface.Document, Trust.ThirdParty, SegmentFlags.Binary).Then((ref ShapeWalker walker, int token) =>
    {
        Read(ref walker, token, Capability.BinaryDocument, bare: Capability.BinaryDocument, Surface.Document, Trust.ThirdParty);
        return null;
    }, Capability.BinaryDocument);

    /// <summary>Reads base64 whose media type stands elsewhere. Marks <paramref name="token"/> as a binary document unless it is text.</summary>
    public static void ReadBase64(ref ShapeWalker walker, int token, string? mediaType)
    {
        using var text = new UnescapedString(walker.View, token);
        var isText = mediaType is null || IsTextual(mediaType);
        if (!(isText && EmitDecoded(ref walker, token, text.Bytes, isBase64: true, Surface.Document, Trust.ThirdParty)))
        {
            walker.Use(Capability.BinaryDocument, token);
        }
    }

    private static void Read(ref ShapeWalker walker, int token, Capability inline, Capability bare, Surface surface, Trust trust)
    {
        using var text = new UnescapedString(walker.View, token);

        // WHATWG URL: leading control characters and spaces are dropped, schemes are case-insensitive.
        var trimmed = text.Bytes[LeadingBlanks(text.Bytes)..];
        if (trimmed.IsEmpty)
        {
            return;
        }

        if (trimmed.Length >= 5 && Ascii.EqualsIgnoreCase(trimmed[..5], "data:"u8))
        {
            ReadDataUri(ref walker, token, trimmed[5..], inline, surface, trust);
        }
        else if (bare == Capability.RemoteContent || !EmitDecoded(ref walker, token, trimmed, isBase64: true, surface, trust))
        {
            walker.Use(bare, token);
        }
    }

    private static void ReadDataUri(ref ShapeWalker walker, int token, ReadOnlySpan<byte> uri, Capability inline, Surface surface, Trust trust)
    {
        var comma = uri.IndexOf((byte)',');
        var header = comma < 0 ? "" : Encoding.UTF8.GetString(uri[..Math.Min(comma, 256)]).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        var isBase64 = header.EndsWith(";base64", StringComparison.Ordinal);
        var media = header.Split(';')[0];
        var isText = comma >= 0 && comma <= 256 && (media.Length == 0 || IsTextual(media))
            && EmitDecoded(ref walker, token, uri[(comma + 1)..], isBase64, surface, trust);

        // Text where a picture belongs is read, and still may be drawn: SVG is both.
        if (!isText || inline != Capability.BinaryDocument)
        {
            walker.Use(inline, token);
        }
    }

    private static int LeadingBlanks(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAnyExceptInRange((byte)0, (byte)' ');
        return at < 0 ? text.Length : at;
    }

    private static bool IsTextual(string mediaType)
    {
        var media = mediaType.AsSpan().Trim();
        return media.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || media.Contains("json", StringComparison.OrdinalIgnoreCase)
            || media.Contains("xml", StringComparison.OrdinalIgnoreCase) || media.Contains("yaml", StringComparison.OrdinalIgnoreCase)
            || media.Contains("javascript", StringComparison.OrdinalIgnoreCase);
    }

    private static bool EmitDecoded(ref ShapeWalker walker, int token, ReadOnlySpan<byte> encoded, bool isBase64, Surface surface, Trust trust)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, encoded.Length));
        var written = Decode(encoded, isBase64, buffer);
        var isText = written >= 0 && IsPlainText(buffer.AsSpan(0, written));
        if (isText)
        {
            walker.EmitDecoded(buffer.AsSpan(0, written), token, surface, trust);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return isText;
    }

    /// <summary>The length of the decoded bytes, or -1. Strict: what decoders read in several ways is not read at all.</summary>
    private static int Decode(ReadOnlySpan<byte> encoded, bool isBase64, Span<byte> output)
    {
        var length = encoded.Length;
        encoded.CopyTo(output);
        if (encoded.Contains((byte)'%') && (length = PercentDecode(output[..length])) < 0)
        {
            return -1;
        }

        if (!isBase64)
        {
            return length;
        }

        var isUrlForm = output[..length].ContainsAny((byte)'-', (byte)'_');
        try
        {
            return isUrlForm ? Base64Url.DecodeFromUtf8InPlace(output[..length])
                : Base64.DecodeFromUtf8InPlace(output[..length], out var written) == OperationStatus.Done ? written : -1;
        }
        catch (FormatException)
        {
            return -1;
        }
    }

    private static int PercentDecode(Span<byte> text)
    {
        var written = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                text[written++] = text[at];
                continue;
            }

            if (at + 2 >= text.Length || !Utf8Parser.TryParse(text.Slice(at + 1, 2), out byte value, out var used, 'x') || used != 2)
            {
                return -1;
            }

            text[written++] = value;
            at += 2;
        }

        return written;
    }

    private static bool IsPlainText(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is < (byte)' ' and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') or 0x7F)
            {
                return false;
            }
        }

        return Utf8.IsValid(bytes) && bytes[..Math.Min(bytes.Length, PdfMarkWithin)].IndexOf("%PDF"u8) < 0;
    }
}

/// <summary>The bytes of a string without its escapes; pooled where it has any.</summary>
internal readonly ref struct UnescapedString : IDisposable
{
    private readonly byte[]? _rented;

    public UnescapedString(JsonView view, int token)
    {
        var inner = view.Inner(token);
        if (!view[token].IsEscaped)
        {
            Bytes = inner;
            return;
        }

        _rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, inner.Length));
        Bytes = _rented.AsSpan(0, JsonStrings.Unescape(inner, _rented.AsSpan()));
    }

    /// <summary>The text in UTF-8.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
