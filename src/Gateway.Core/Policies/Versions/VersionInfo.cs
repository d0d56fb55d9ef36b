namespace Gateway.Core.Policies.Versions;

/// <summary>Through which door a version came.</summary>
public enum ChangeSource : byte
{
    /// <summary>The policies folder.</summary>
    Folder,

    /// <summary>The management API.</summary>
    Api,

    /// <summary>The documents built into the program.</summary>
    BuiltIn,
}

/// <summary>What is known of a version beside its documents. Immutable: a version is never changed, only followed by another.</summary>
/// <param name="Number">Counts from 1, without gaps, in the order of applying.</param>
/// <param name="Hash">The whole SHA-256 of the documents, in lower-case hexadecimal; the same documents have the same hash.</param>
/// <param name="Parent">The version that was active before; null for the first.</param>
/// <param name="Author">Who applied it: the name of a management token, or <c>folder</c>.</param>
/// <param name="Reason">Why, in the author's words.</param>
/// <param name="At">When.</param>
/// <param name="Source">By which door.</param>
public sealed record VersionInfo(long Number, string Hash, long? Parent, string Author, string Reason, DateTimeOffset At, ChangeSource Source);

/// <summary>A version with its documents, as they were applied.</summary>
/// <param name="Info">What is known of it.</param>
/// <param name="Documents">In ordinal order of their names.</param>
public sealed record StoredVersion(VersionInfo Info, IReadOnlyList<PolicyFile> Documents);
