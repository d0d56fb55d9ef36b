using System.Collections.Immutable;
using Gateway.Core.Policies.Attachments;

namespace Gateway.Core.Policies.Effective;

/// <summary>What became of a policy.</summary>
public enum PolicyChangeKind : byte
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>Its settings differ.</summary>
    Changed,
}

/// <summary>What differs in one policy. The settings of one that came or went say nothing about what passes: <see cref="PolicyMove"/> does.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Settings">What loosens first.</param>
public sealed record PolicyChange(string Policy, PolicyChangeKind Kind, ImmutableArray<SettingChange> Settings);

/// <summary>Subjects that another policy governs now.</summary>
/// <param name="Subjects">Who: each in the words of <c>appliesTo</c>, for instance <c>tenant: acme</c>; <c>tenant: "*"</c> is everybody whom nothing names.</param>
/// <param name="From">The policy before; null: none, so there was no traffic.</param>
/// <param name="To">The policy after; null: none, so there is no traffic.</param>
/// <param name="Settings">How the settings of the one differ from those of the other; what loosens first.</param>
public sealed record PolicyMove(ImmutableArray<string> Subjects, string? From, string? To, ImmutableArray<SettingChange> Settings)
{
    /// <summary>What the move does: the first effect of any of its settings.</summary>
    public ChangeEffect Effect => From is null ? ChangeEffect.Loosens
        : To is null ? ChangeEffect.Tightens
        : Settings.Select(change => change.Effect).DefaultIfEmpty(ChangeEffect.Neutral).Min();
}

/// <summary>How the policies of two snapshots differ in what they mean; order, comments, spelling and overrides do not count.</summary>
/// <param name="Policies">Those that differ, in ordinal order of their names.</param>
/// <param name="Moves">Who changes the policy.</param>
public sealed record PolicyDiff(ImmutableArray<PolicyChange> Policies, ImmutableArray<PolicyMove> Moves)
{
    /// <summary>Whether the policies mean the same.</summary>
    public bool IsEmpty => Policies.IsEmpty && Moves.IsEmpty;

    /// <summary>How many changes have <paramref name="effect"/>: settings of policies that stay, and moves.</summary>
    public int Count(ChangeEffect effect) =>
        Policies.Where(policy => policy.Kind == PolicyChangeKind.Changed).SelectMany(policy => policy.Settings).Count(change => change.PartOf is null && change.Effect == effect)
        + Moves.Count(move => move.Effect == effect);

    /// <summary>What leads from <paramref name="before"/> to <paramref name="after"/>.</summary>
    /// <exception cref="InvalidOperationException">A snapshot was not made from documents.</exception>
    public static PolicyDiff Between(PolicySnapshot before, PolicySnapshot after)
    {
        var (old, now) = (new PolicySide(before), new PolicySide(after));
        var names = old.Names.Union(now.Names, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new PolicyDiff([.. names.Select(name => Change(name, old, now)).OfType<PolicyChange>()], Moved(old, now));
    }

    private static PolicyChange? Change(string name, PolicySide old, PolicySide now)
    {
        if (old.Has(name) && now.Has(name) && old.IsWrittenAlike(name, now))
        {
            return null;
        }

        var changes = SettingsDiff.Between(old.Settings(name), now.Settings(name));
        var kind = !old.Has(name) ? PolicyChangeKind.Added : !now.Has(name) ? PolicyChangeKind.Removed : PolicyChangeKind.Changed;
        return kind != PolicyChangeKind.Changed ? new PolicyChange(name, kind, [.. changes.Select(change => change with { Effect = ChangeEffect.Neutral })])
            : changes.IsEmpty ? null : new PolicyChange(name, kind, changes);
    }

    // Every attachment of either side stands for the subjects that match it and nothing more special. Where none of these changes its policy, nobody does.
    private static ImmutableArray<PolicyMove> Moved(PolicySide old, PolicySide now) =>
    [
        .. old.Attachments.Concat(now.Attachments).Append(new PolicyAttachment()).Distinct()
            .Select(attachment => (Attachment: attachment, Subject: Subject(attachment)))
            .Select(item => (item.Attachment, From: old.PolicyOf(item.Subject), To: now.PolicyOf(item.Subject)))
            .Where(move => move.From != move.To)
            .GroupBy(move => (move.From, move.To))
            .Select(group => new PolicyMove(
                [.. group.Select(move => move.Attachment.ToString().Trim('{', '}', ' ')).Order(StringComparer.Ordinal)],
                group.Key.From,
                group.Key.To,
                Settings(group.Key.From, group.Key.To, old, now)))
            .OrderBy(move => move.Effect).ThenBy(move => move.Subjects[0], StringComparer.Ordinal),
    ];

    // No document can name these, so they match no more than the attachment says.
    private static PolicySubject Subject(PolicyAttachment attachment) => new(
        attachment.Tenant ?? "\0",
        attachment.Application,
        attachment.KeyId,
        attachment.Format,
        Model: attachment.Model is [.. var prefix, '*'] ? $"{prefix}\0" : attachment.Model);

    // To whom a policy applies is the move itself; nothing of it matters to one who moves.
    private static ImmutableArray<SettingChange> Settings(string? from, string? to, PolicySide old, PolicySide now) => from is null || to is null
        ? []
        : [.. SettingsDiff.Between(old.Settings(from), now.Settings(to))
            .Where(change => !change.Path.StartsWith("tenants[", StringComparison.Ordinal) && !change.Path.StartsWith("appliesTo[", StringComparison.Ordinal))];
}
