using System.Collections.Immutable;

namespace Gateway.Core.Policies.Effective;

/// <summary>The policy of a subject as it is in force at one moment, with the source of every value.</summary>
public sealed record PolicyExplanation
{
    /// <summary>The policy's name.</summary>
    public required string Policy { get; init; }

    /// <summary>Where its document starts.</summary>
    public required PolicySource Source { get; init; }

    /// <summary>The version of the documents.</summary>
    public required string Version { get; init; }

    /// <summary>The revision of the state.</summary>
    public required long Revision { get; init; }

    /// <summary>The settings in the order of the documents' keys; what overrides add comes last.</summary>
    public required ImmutableArray<PolicySetting> Settings { get; init; }

    /// <summary>What becomes of the model that the subject asks for; null: it names none.</summary>
    public ModelExplanation? Model { get; init; }

    /// <summary>Explains the policy of <paramref name="subject"/> at <paramref name="now"/>; null: no policy governs it, so no traffic is allowed.</summary>
    /// <exception cref="InvalidOperationException">The snapshot was not made from documents.</exception>
    public static PolicyExplanation? Explain(PolicySnapshot snapshot, in PolicySubject subject, DateTimeOffset now)
    {
        if (snapshot.Attached(subject) is not { } policy)
        {
            return null;
        }

        return new PolicyExplanation
        {
            Policy = policy.Name,
            Source = policy.Source,
            Version = snapshot.Version,
            Revision = snapshot.Revision,
            Settings = Amended(EffectiveSettings.Of(snapshot, policy), [.. OverrideAmendments.Of(policy, snapshot.Overrides, subject, now)]),
            Model = subject.Model is { } model ? ModelExplanation.Of((snapshot.For(subject, now) ?? policy).Models, model) : null,
        };
    }

    /// <summary><paramref name="settings"/> with the values of <paramref name="amendments"/>.</summary>
    internal static ImmutableArray<PolicySetting> Amended(ImmutableArray<PolicySetting> settings, ImmutableArray<SettingAmendment> amendments)
    {
        if (amendments.IsEmpty)
        {
            return settings;
        }

        var left = amendments.ToDictionary(amendment => amendment.Path, StringComparer.Ordinal);
        var amended = ImmutableArray.CreateBuilder<PolicySetting>(settings.Length + left.Count);
        foreach (var setting in settings)
        {
            amended.Add(left.Remove(setting.Path, out var amendment)
                ? setting with { Value = amendment.Value, Source = SettingSource.Override(amendment.OverrideId) }
                : setting);
        }

        amended.AddRange(amendments.Where(amendment => left.ContainsKey(amendment.Path))
            .Select(amendment => new PolicySetting(amendment.Path, amendment.Value, SettingSource.Override(amendment.OverrideId))));
        return amended.ToImmutable();
    }
}

/// <summary>What a policy makes of a model's name.</summary>
/// <param name="Asked">As the client names it.</param>
/// <param name="Sent">After aliases.</param>
/// <param name="AllowedBy">The path of the first entry that allows it; null: it is refused.</param>
public sealed record ModelExplanation(string Asked, string Sent, string? AllowedBy)
{
    internal static ModelExplanation Of(ModelRules models, string asked)
    {
        var sent = models.Resolve(asked);
        var entry = models.Allows(sent) ? models.Allow.FirstOrDefault(entry => new ModelRules { Allow = [entry] }.Allows(sent)) : null;
        return new ModelExplanation(asked, sent, entry is null ? null : SettingPath.Root.Key("models").Key("allow").Element(entry).Text);
    }
}
