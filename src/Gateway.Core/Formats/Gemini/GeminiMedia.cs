using Gateway.Core.Exchanges;

namespace Gateway.Core.Formats.Gemini;

/// <summary>Media types and addresses of content that stands beside text.</summary>
internal static class GeminiMedia
{
    private const string FilesHost = "generativelanguage.googleapis.com";

    /// <summary>Whether content of the type is text that the model reads as it stands.</summary>
    public static bool IsText(ReadOnlySpan<char> mediaType) =>
        Bare(mediaType) is var bare && (bare.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || IsTextApplication(bare));

    /// <summary>What content of the type is to a gateway that cannot read it.</summary>
    public static Capability CapabilityOf(ReadOnlySpan<char> mediaType)
    {
        var bare = Bare(mediaType);
        return bare.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? Capability.Image
            : bare.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? Capability.Audio
            : bare.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? Capability.Video
            : Capability.BinaryDocument;
    }

    /// <summary>What a file's address asks for: a file that the provider keeps, or content that it fetches from elsewhere.</summary>
    public static Capability CapabilityOfAddress(string address)
    {
        if (!Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri))
        {
            return Capability.StoredFile;
        }

        var isOwn = uri.Scheme is "https" or "http" && string.Equals(uri.IdnHost, FilesHost, StringComparison.OrdinalIgnoreCase);
        return isOwn && uri.AbsolutePath.Contains("/files/", StringComparison.OrdinalIgnoreCase) ? Capability.StoredFile : Capability.RemoteContent;
    }

    private static bool IsTextApplication(ReadOnlySpan<char> bare)
    {
        if (!bare.StartsWith("application/", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var word in (ReadOnlySpan<string>)["json", "xml", "yaml", "javascript", "typescript", "x-python", "sql", "toml", "x-www-form-urlencoded"])
        {
            if (bare.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> mediaType)
    {
        var end = mediaType.IndexOf(';');
        return (end < 0 ? mediaType : mediaType[..end]).Trim();
    }
}
