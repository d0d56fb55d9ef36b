using System.Collections.Immutable;
using Gateway.Core.Exchanges;

namespace Gateway.Core.Policies.Overrides;

/// <summary>An emergency measure: applies at once, only ever tightens, ends by itself. Immutable, and JSON as it stands.</summary>
public sealed record PolicyOverride
{
    /// <summary>Unique: <c>ov_</c> and a UUIDv7 without dashes.</summary>
    public required string Id { get; init; }

    /// <summary>Which exchanges it applies to.</summary>
    public OverrideScope Scope { get; init; } = new();

    /// <summary>What it does.</summary>
    public required OverrideMeasure Measure { get; init; }

    /// <summary>Why, in the author's words; shown on dashboards and in the audit log, never to clients.</summary>
    public required string Reason { get; init; }

    /// <summary>Who made it.</summary>
    public required string Author { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From this moment on it has no effect.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The incident it belongs to, if any.</summary>
    public string? Incident { get; init; }
}

/// <summary>
/// Which exchanges an override applies to: those that match every list that is given; an empty list is not given. Names match exactly; models also by a
/// trailing <c>*</c>, and both as asked for and as sent. No list at all: everything.
/// </summary>
public sealed record OverrideScope
{
    /// <summary>Tenants.</summary>
    public ImmutableArray<string> Tenants { get; init; } = [];

    /// <summary>Applications of keys.</summary>
    public ImmutableArray<string> Applications { get; init; } = [];

    /// <summary>Ids of keys.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>Hashes of end users, as decision records show them.</summary>
    public ImmutableArray<string> EndUsers { get; init; } = [];

    /// <summary>Models.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>Wire formats, in the words of the telemetry label <c>format</c>.</summary>
    public ImmutableArray<string> Formats { get; init; } = [];
}

/// <summary>What an override does.</summary>
public enum OverrideKind : byte
{
    /// <summary>Stops every exchange in scope: with a scope of one tenant, application, end user, key or model, its kill switch.</summary>
    Block,

    /// <summary>Stops requests that declare a tool, and calls of it.</summary>
    Tool,

    /// <summary>Stops text that matches a pattern.</summary>
    Pattern,

    /// <summary>Stops documents and tool results that come from, or point to, a host.</summary>
    Host,

    /// <summary>Lowers limits; a limit that is lower already stays.</summary>
    Limit,

    /// <summary>Turns monitor into enforce.</summary>
    Enforce,

    /// <summary>Stops requests that carry third-party text: documents, tool results.</summary>
    ThirdParty,
}

/// <summary>The measure of an override; which members count depends on <see cref="Kind"/>, and the others must be absent.</summary>
public sealed record OverrideMeasure
{
    /// <summary>What kind.</summary>
    public required OverrideKind Kind { get; init; }

    /// <summary><see cref="OverrideKind.Tool"/>: the tool's name, exact or with a trailing <c>*</c>.</summary>
    public string? Tool { get; init; }

    /// <summary><see cref="OverrideKind.Tool"/>: only calls whose arguments match this pattern; declarations then pass.</summary>
    public string? Arguments { get; init; }

    /// <summary><see cref="OverrideKind.Tool"/>: a person has to approve each call. Where nobody can be asked the call is stopped.</summary>
    public bool Approval { get; init; }

    /// <summary><see cref="OverrideKind.Pattern"/>: the pattern, in the syntax of content rules, case ignored.</summary>
    public string? Match { get; init; }

    /// <summary><see cref="OverrideKind.Pattern"/>: where it looks; empty: everywhere.</summary>
    public ImmutableArray<Surface> Surfaces { get; init; } = [];

    /// <summary><see cref="OverrideKind.Host"/>: the host name; hosts below it count too.</summary>
    public string? Host { get; init; }

    /// <summary><see cref="OverrideKind.Limit"/>: the limits, those that are given.</summary>
    public OverrideLimits? Limits { get; init; }

    /// <summary><see cref="OverrideKind.Enforce"/>: the id of one content rule; null: the whole policy with all its rules.</summary>
    public string? Rule { get; init; }
}

/// <summary>Limits of an override; null: left as it is. Units as in the policy's section <c>limits</c>.</summary>
public sealed record OverrideLimits
{
    /// <summary>Requests of a tenant per minute.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Requests of each end user per minute.</summary>
    public int? UserRequestsPerMinute { get; init; }

    /// <summary>Exchanges of a tenant at the same time.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Bytes of a request body.</summary>
    public long? BodyBytes { get; init; }

    /// <summary>UTF-16 units of all text of a request.</summary>
    public long? TextLength { get; init; }

    /// <summary>Number of declared tools.</summary>
    public int? Tools { get; init; }

    /// <summary>Output limit, in tokens.</summary>
    public long? OutputTokens { get; init; }
}
