using System.Collections.Immutable;

namespace Gateway.Core.Tenants;

/// <summary>A key just made. <paramref name="Text"/> exists only here: the file holds its hash.</summary>
/// <param name="Entry">What was written.</param>
/// <param name="Text">The whole key, secret included.</param>
public sealed record CreatedKey(KeyEntry Entry, string Text);

/// <summary>Makes, lists and revokes keys in a key file.</summary>
public sealed class KeyAdministration(KeyFile file, TimeProvider time)
{
    /// <summary>Longest note, in characters.</summary>
    public const int MaxNoteLength = 200;

    /// <summary>Whether <paramref name="note"/> is one line of at most <see cref="MaxNoteLength"/> characters.</summary>
    public static bool IsNote(string note) => note.Length <= MaxNoteLength && !note.Any(char.IsControl);

    /// <summary>All keys, oldest first.</summary>
    /// <exception cref="KeyFileException">The file is unreadable or not valid.</exception>
    public IReadOnlyList<KeyEntry> List() => [.. file.Read().OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal)];

    /// <summary>Makes a key.</summary>
    /// <param name="tenant">Follows <see cref="TenantName"/>.</param>
    /// <param name="application">Follows <see cref="TenantName"/>, or null.</param>
    /// <param name="lifetime">How long it is valid; null: for ever.</param>
    /// <param name="note">Text for people, at most <see cref="MaxNoteLength"/> characters, without control characters.</param>
    /// <param name="cancellationToken">Ends the wait for the file's lock.</param>
    /// <exception cref="ArgumentException">A value breaks its rule; the message is fit for the user.</exception>
    /// <exception cref="KeyFileException">The file is unreadable, not valid or not writable.</exception>
    public async Task<CreatedKey> CreateAsync(
        string tenant, string? application, TimeSpan? lifetime, string? note, CancellationToken cancellationToken)
    {
        Require(TenantName.IsValid(tenant), $"The tenant must be {TenantName.Rule}.");
        Require(application is null || TenantName.IsValid(application), $"The application must be {TenantName.Rule}.");
        Require(lifetime is null || lifetime > TimeSpan.Zero, "The lifetime must be positive.");
        Require(note is null || IsNote(note), "The note must be one line of at most 200 characters.");

        var secret = GatewayKey.NewSecret();
        var now = time.GetUtcNow();
        KeyEntry? entry = null;
        await file.UpdateAsync(
            keys =>
            {
                entry = new KeyEntry
                {
                    Id = UnusedId(keys),
                    Tenant = tenant,
                    Application = application,
                    Hash = GatewayKey.HashText(secret),
                    CreatedAt = now,
                    ExpiresAt = now + lifetime,
                    Note = note,
                };
                return keys.Add(entry);
            },
            cancellationToken);
        return new CreatedKey(entry!, GatewayKey.Format(entry!.Id, secret));
    }

    /// <summary>Revokes a key. Null: there is no such key. A key revoked before keeps its first time.</summary>
    /// <exception cref="KeyFileException">The file is unreadable, not valid or not writable.</exception>
    public async Task<KeyEntry?> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        if (file.Read().All(key => key.Id != id))
        {
            return null;
        }

        KeyEntry? revoked = null;
        await file.UpdateAsync(
            keys =>
            {
                if (keys.FirstOrDefault(key => key.Id == id) is not { } known)
                {
                    return keys;
                }

                revoked = known with { RevokedAt = known.RevokedAt ?? time.GetUtcNow() };
                return keys.Replace(known, revoked);
            },
            cancellationToken);
        return revoked;
    }

    private static string UnusedId(ImmutableArray<KeyEntry> keys)
    {
        string id;
        do
        {
            id = GatewayKey.NewId();
        }
        while (keys.Any(key => key.Id == id));
        return id;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
