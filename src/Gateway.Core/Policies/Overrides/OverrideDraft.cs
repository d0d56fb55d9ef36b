using System.Collections.Immutable;

namespace Gateway.Core.Policies.Overrides;

/// <summary>An override as somebody asks for it: without what the gateway adds. Anything may be wrong with it.</summary>
public sealed record OverrideDraft
{
    /// <summary>Which exchanges; null: all.</summary>
    public OverrideScope? Scope { get; init; }

    /// <summary>What it does.</summary>
    public OverrideMeasure? Measure { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>When it ends; null: <see cref="OverrideCompiler.DefaultLifetime"/> from now.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The incident it belongs to, if any.</summary>
    public string? Incident { get; init; }
}

/// <summary>What came of a draft: the override, or every mistake in it.</summary>
/// <param name="Override">The override; null when there are mistakes.</param>
/// <param name="Errors">All mistakes, each beginning with the member it is about, in the form of the JSON.</param>
public sealed record OverrideCompilation(PolicyOverride? Override, ImmutableArray<string> Errors);
