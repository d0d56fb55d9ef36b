using System.Text.Json.Serialization;

namespace Gateway.Core.Tenants;

/// <summary>One key as it stands in the key file. Revocation keeps the entry, so that its use afterwards is told from that of a key that never was.</summary>
public sealed record KeyEntry
{
    /// <summary>Public id.</summary>
    public required string Id { get; init; }

    /// <summary>Tenant it authenticates.</summary>
    public required string Tenant { get; init; }

    /// <summary>Application of the tenant.</summary>
    public string? Application { get; init; }

    /// <summary>SHA-256 of the secret, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is refused; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked. Any value means now: clocks of two machines must not decide.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Text for people.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it would be accepted at <paramref name="now"/>, as the word <c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public string StatusAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : ExpiresAt <= now ? "expired" : "active";
}

/// <summary>The whole key file.</summary>
/// <param name="Version">Version of the shape; 1.</param>
/// <param name="Keys">All keys.</param>
internal sealed record KeyDocument([property: JsonRequired] int Version, [property: JsonRequired] IReadOnlyList<KeyEntry> Keys);

/// <summary>
/// Strict: an unknown or repeated member is an error, since a mistyped <c>revokedAt</c> that is passed over would leave a revoked key valid.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(KeyDocument))]
internal sealed partial class KeyJson : JsonSerializerContext;
