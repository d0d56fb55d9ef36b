using Gateway.Core.Formats;

namespace Gateway.Core.Policies.Attachments;

/// <summary>What a policy applies to: exchanges that match every member that is given. None given: all exchanges.</summary>
/// <param name="Tenant">The tenant; null: every tenant.</param>
/// <param name="Application">The application of the key.</param>
/// <param name="KeyId">The id of the key, or <c>jwt</c>.</param>
/// <param name="Model">The model, exact or with a trailing <c>*</c>. Nothing matches while the model is not known.</param>
/// <param name="Format">The wire format of the route.</param>
public sealed record PolicyAttachment(string? Tenant = null, string? Application = null, string? KeyId = null, string? Model = null, FormatId? Format = null)
{
    /// <summary>
    /// How specific the attachment is. Key before application before tenant, and only where those are the same does a model condition count, and after
    /// it a format condition: one bit for each, so that attachments of equal rank give exactly the same members.
    /// </summary>
    public int Rank { get; } =
        (KeyId is null ? 0 : 16) + (Application is null ? 0 : 8) + (Tenant is null ? 0 : 4) + (Model is null ? 0 : 2) + (Format is null ? 0 : 1);

    /// <summary>Whether <paramref name="subject"/> matches, if its model is <paramref name="model"/>.</summary>
    public bool Matches(in PolicySubject subject, string? model) =>
        (Tenant is null || string.Equals(Tenant, subject.Tenant, StringComparison.Ordinal))
        && (Application is null || string.Equals(Application, subject.Application, StringComparison.Ordinal))
        && (KeyId is null || string.Equals(KeyId, subject.KeyId, StringComparison.Ordinal))
        && (Format is not { } format || format == subject.Format)
        && (Model is null || (model is not null && MatchesModel(Model, model)));

    /// <inheritdoc/>
    public override string ToString() => Rank == 0
        ? "{ tenant: \"*\" }"
        : $"{{ {string.Join(", ", Members().Where(member => member.Value is not null).Select(member => $"{member.Key}: {member.Value}"))} }}";

    private static bool MatchesModel(string pattern, string model) => pattern.EndsWith('*')
        ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
        : string.Equals(pattern, model, StringComparison.Ordinal);

    private IEnumerable<(string Key, string? Value)> Members() =>
    [
        ("tenant", Tenant),
        ("application", Application),
        ("key", KeyId),
        ("model", Model),
        ("format", Format is { } format ? Telemetry.TelemetryNames.Of(format) : null),
    ];
}
