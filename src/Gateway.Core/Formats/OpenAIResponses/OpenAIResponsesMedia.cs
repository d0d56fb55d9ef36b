using Gateway.Core.Exchanges;
using Gateway.Core.Formats.Json;

namespace Gateway.Core.Formats.OpenAIResponses;

/// <summary>Says of a picture or file what the gateway cannot read in it.</summary>
internal static class OpenAIResponsesMedia
{
    private const string DataScheme = "data:";

    /// <summary>What <see cref="Data"/> can mark.</summary>
    public static IReadOnlyList<Capability> DataMarks { get; } = [Capability.BinaryDocument, Capability.Image, Capability.Audio, Capability.Video];

    /// <summary>What <see cref="Address"/> can mark.</summary>
    public static IReadOnlyList<Capability> AddressMarks { get; } = [Capability.RemoteContent, .. DataMarks];

    /// <summary>Handler of an address: anything but a data URI makes the provider fetch it.</summary>
    public static string? Address(ref ShapeWalker walker, int token) => Mark(ref walker, token, Capability.RemoteContent);

    /// <summary>Handler of file contents: a data URI, or base64 alone.</summary>
    public static string? Data(ref ShapeWalker walker, int token) => Mark(ref walker, token, Capability.BinaryDocument);

    private static string? Mark(ref ShapeWalker walker, int token, Capability otherwise)
    {
        var capability = Kind(walker.View.Text(token)!) ?? otherwise;
        walker.Request?.Uses.Add(new CapabilityUse(capability, walker.View[token].Start));
        return null;
    }

    private static Capability? Kind(ReadOnlySpan<char> address)
    {
        address = address.TrimStart();
        if (!address.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var type = address[DataScheme.Length..].TrimStart();
        return type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? Capability.Image
            : type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? Capability.Audio
            : type.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? Capability.Video
            : Capability.BinaryDocument;
    }
}
