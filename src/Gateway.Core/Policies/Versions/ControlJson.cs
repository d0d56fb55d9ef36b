using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Core.Policies.Versions;

/// <summary>State and versions as JSON, the same in the embedded store, in Redis and in files. Members are only ever added.</summary>
public static class ControlJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The bytes of <paramref name="state"/>; equal states have equal bytes.</summary>
    public static byte[] WriteState(ControlState state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    /// <summary>The state in <paramref name="json"/>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ControlState ReadState(ReadOnlySpan<byte> json) => Read<ControlState>(json);

    /// <summary>The bytes of <paramref name="version"/>.</summary>
    public static byte[] WriteVersion(VersionInfo version) => JsonSerializer.SerializeToUtf8Bytes(version, Options);

    /// <summary>The version in <paramref name="json"/>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static VersionInfo ReadVersion(ReadOnlySpan<byte> json) => Read<VersionInfo>(json);

    /// <summary>The bytes of <paramref name="documents"/>; the content of each stands in base64, since it need not be text.</summary>
    public static byte[] WriteDocuments(IReadOnlyList<PolicyFile> documents) =>
        JsonSerializer.SerializeToUtf8Bytes(documents.Select(document => new Document(document.Name, document.Content.ToArray())).ToArray(), Options);

    /// <summary>The documents in <paramref name="json"/>.</summary>
    /// <exception cref="JsonException">They are none.</exception>
    public static IReadOnlyList<PolicyFile> ReadDocuments(ReadOnlySpan<byte> json) =>
        [.. Read<Document[]>(json).Select(document => new PolicyFile(document.Name, document.Content))];

    /// <summary>SHA-256 of <paramref name="bytes"/>, in lower-case hexadecimal.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The value is null.");

    private sealed record Document(string Name, byte[] Content);
}
